# Who the app is. Its own resource, so that its roles are there before the app is.
resource "azurerm_user_assigned_identity" "app" {
  name                = "id-${var.name}"
  resource_group_name = azurerm_resource_group.uncia.name
  location            = azurerm_resource_group.uncia.location
  tags                = local.tags
}
