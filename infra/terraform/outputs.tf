output "AZURE_SUBSCRIPTION_ID" {
  value = data.azurerm_client_config.person.subscription_id
}

output "AZURE_RESOURCE_GROUP" {
  value = azurerm_resource_group.uncia.name
}

output "UNCIA_APP" {
  value = azapi_resource.app.name
}

output "UNCIA_TOPIC" {
  value = azurerm_eventgrid_system_topic.images.name
}

output "UNCIA_URL" {
  value = "https://${azapi_resource.app.output.properties.defaultHostName}"
}

output "Storage__accountName" {
  value = azurerm_storage_account.data.name
}
