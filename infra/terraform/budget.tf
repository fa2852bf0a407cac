# A warning before the bill: at half of the budget, and where the month is forecast to exceed it.
resource "azurerm_consumption_budget_resource_group" "uncia" {
  count             = var.monthly_budget > 0 ? 1 : 0
  name              = "budget-${var.name}"
  resource_group_id = azurerm_resource_group.uncia.id
  amount            = var.monthly_budget
  time_grain        = "Monthly"

  time_period {
    start_date = coalesce(var.budget_start, formatdate("YYYY-MM-01'T'00:00:00Z", plantimestamp()))
  }

  notification {
    enabled        = true
    operator       = "GreaterThan"
    threshold      = 50
    threshold_type = "Actual"
    contact_emails = [var.alert_email]
  }

  notification {
    enabled        = true
    operator       = "GreaterThan"
    threshold      = 100
    threshold_type = "Forecasted"
    contact_emails = [var.alert_email]
  }

  lifecycle {
    # The month that it began in stays.
    ignore_changes = [time_period]
  }
}
