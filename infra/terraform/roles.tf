# Who may do what, and why: ../uncia.json has the list with its reasons.
locals {
  scopes = {
    host     = azurerm_storage_account.host.id
    data     = azurerm_storage_account.data.id
    insights = azurerm_application_insights.uncia.id
  }
  who = {
    app    = azurerm_user_assigned_identity.app.principal_id
    topic  = azurerm_eventgrid_system_topic.images.identity[0].principal_id
    person = data.azurerm_client_config.person.object_id
  }
}

resource "azurerm_role_assignment" "roles" {
  for_each           = { for role in local.shared.roles : role.name => role }
  scope              = local.scopes[each.value.account]
  role_definition_id = "/subscriptions/${data.azurerm_client_config.person.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/${each.value.id}"
  principal_id       = local.who[each.value.who]
  principal_type     = each.value.who == "person" ? null : "ServicePrincipal"
  description        = each.value.reason
}
