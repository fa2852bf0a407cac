# Optional: storage without a public address. The app reaches it through private endpoints in a network of its own.
locals {
  services = var.private_network ? ["blob", "queue", "table"] : []
  accounts = { host = azurerm_storage_account.host.id, data = azurerm_storage_account.data.id }
  endpoints = {
    for pair in setproduct(keys(local.accounts), local.services) : "${pair[0]}-${pair[1]}" => {
      account = local.accounts[pair[0]]
      service = pair[1]
    }
  }
}

resource "azurerm_virtual_network" "uncia" {
  count               = var.private_network ? 1 : 0
  name                = "vnet-${var.name}"
  resource_group_name = azurerm_resource_group.uncia.name
  location            = azurerm_resource_group.uncia.location
  tags                = local.tags
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "app" {
  count                = var.private_network ? 1 : 0
  name                 = "app"
  resource_group_name  = azurerm_resource_group.uncia.name
  virtual_network_name = azurerm_virtual_network.uncia[0].name
  address_prefixes     = ["10.0.0.0/24"]

  delegation {
    name = "app"

    service_delegation {
      name    = "Microsoft.App/environments"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_subnet" "storage" {
  count                = var.private_network ? 1 : 0
  name                 = "storage"
  resource_group_name  = azurerm_resource_group.uncia.name
  virtual_network_name = azurerm_virtual_network.uncia[0].name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_private_dns_zone" "storage" {
  for_each            = toset(local.services)
  name                = "privatelink.${each.key}.core.windows.net"
  resource_group_name = azurerm_resource_group.uncia.name
  tags                = local.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "storage" {
  for_each              = toset(local.services)
  name                  = "app"
  resource_group_name   = azurerm_resource_group.uncia.name
  private_dns_zone_name = azurerm_private_dns_zone.storage[each.key].name
  virtual_network_id    = azurerm_virtual_network.uncia[0].id
  registration_enabled  = false
  tags                  = local.tags
}

resource "azurerm_private_endpoint" "storage" {
  for_each            = local.endpoints
  name                = "pe-${each.key}"
  resource_group_name = azurerm_resource_group.uncia.name
  location            = azurerm_resource_group.uncia.location
  tags                = local.tags
  subnet_id           = azurerm_subnet.storage[0].id

  private_service_connection {
    name                           = each.value.service
    private_connection_resource_id = each.value.account
    subresource_names              = [each.value.service]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.storage[each.value.service].id]
  }
}
