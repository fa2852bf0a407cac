# What Event Grid hears of the images. The subscription needs the app's code first: ../subscribe.sh, after deployment.
resource "azurerm_eventgrid_system_topic" "images" {
  name                   = "evgt-${var.name}"
  resource_group_name    = azurerm_resource_group.uncia.name
  location               = azurerm_resource_group.uncia.location
  tags                   = local.tags
  source_arm_resource_id = azurerm_storage_account.data.id
  topic_type             = "Microsoft.Storage.StorageAccounts"

  identity {
    type = "SystemAssigned"
  }
}
