# Traces, metrics and logs, capped by day, and the page that shows them.
resource "azurerm_log_analytics_workspace" "uncia" {
  name                = "log-${var.name}"
  resource_group_name = azurerm_resource_group.uncia.name
  location            = azurerm_resource_group.uncia.location
  tags                = local.tags
  sku                 = "PerGB2018"
  retention_in_days   = 30
  daily_quota_gb      = 1
}

resource "azurerm_application_insights" "uncia" {
  name                = "appi-${var.name}"
  resource_group_name = azurerm_resource_group.uncia.name
  location            = azurerm_resource_group.uncia.location
  tags                = local.tags
  application_type    = "web"
  workspace_id        = azurerm_log_analytics_workspace.uncia.id
  # Sent with the identity: the connection string is an address then, and no secret.
  local_authentication_disabled = true
}

resource "azurerm_application_insights_workbook" "uncia" {
  name                = uuidv5("url", "${azurerm_resource_group.uncia.id}/workbook")
  resource_group_name = azurerm_resource_group.uncia.name
  location            = azurerm_resource_group.uncia.location
  tags                = local.tags
  display_name        = "Uncia ${var.name}"
  source_id           = lower(azurerm_application_insights.uncia.id)
  data_json           = file("${path.module}/../workbook.json")
}
