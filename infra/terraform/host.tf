# The host's own storage: leases, keys, the package. Apart from the data, so that nobody's role there reaches it.
resource "azurerm_storage_account" "host" {
  name                            = "unciahost${local.unique}"
  resource_group_name             = azurerm_resource_group.uncia.name
  location                        = azurerm_resource_group.uncia.location
  tags                            = local.tags
  account_kind                    = "StorageV2"
  account_tier                    = "Standard"
  account_replication_type        = "LRS"
  access_tier                     = "Hot"
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  default_to_oauth_authentication = true
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  public_network_access_enabled   = !var.private_network

  blob_properties {
    delete_retention_policy {
      days = 7
    }
  }

  network_rules {
    bypass         = ["AzureServices"]
    default_action = var.private_network ? "Deny" : "Allow"
  }
}

resource "azurerm_storage_container" "package" {
  name                  = "package"
  storage_account_id    = azurerm_storage_account.host.id
  container_access_type = "private"
}
