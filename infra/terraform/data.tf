# Images, heads, messages and tables: what people own. Versions and soft delete bring back what was deleted by mistake.
resource "azurerm_storage_account" "data" {
  name                            = "unciadata${local.unique}"
  resource_group_name             = azurerm_resource_group.uncia.name
  location                        = azurerm_resource_group.uncia.location
  tags                            = local.tags
  account_kind                    = "StorageV2"
  account_tier                    = "Standard"
  account_replication_type        = var.replication
  access_tier                     = "Hot"
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  default_to_oauth_authentication = true
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  public_network_access_enabled   = !var.private_network

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }

  network_rules {
    bypass         = ["AzureServices"]
    default_action = var.private_network ? "Deny" : "Allow"
  }
}

resource "azurerm_storage_container" "data" {
  for_each              = local.shared.containers
  name                  = each.key
  storage_account_id    = azurerm_storage_account.data.id
  container_access_type = "private"
}

resource "azurerm_storage_queue" "data" {
  for_each           = toset(local.shared.queues)
  name               = each.key
  storage_account_id = azurerm_storage_account.data.id
}

# By azapi: azurerm_storage_table speaks to the tables' own address, for which the deploying person's role is too new.
resource "azapi_resource" "tables" {
  for_each  = toset(local.shared.tables)
  type      = "Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01"
  name      = each.key
  parent_id = "${azurerm_storage_account.data.id}/tableServices/default"
  body      = {}
}

resource "azurerm_storage_management_policy" "data" {
  storage_account_id = azurerm_storage_account.data.id

  rule {
    name    = "originals"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["images/"]
    }

    actions {
      base_blob {
        tier_to_cool_after_days_since_modification_greater_than = var.cool_after_days
      }

      version {
        delete_after_days_since_creation = 90
      }
    }
  }
}
