# When somebody should look: ../uncia.json has the questions that are asked of the telemetry.
resource "azurerm_monitor_action_group" "people" {
  name                = "ag-${var.name}"
  resource_group_name = azurerm_resource_group.uncia.name
  short_name          = "uncia"
  tags                = local.tags

  email_receiver {
    name                    = "people"
    email_address           = var.alert_email
    use_common_alert_schema = true
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "rules" {
  for_each                  = local.shared.alerts
  name                      = "${each.key}-${var.name}"
  resource_group_name       = azurerm_resource_group.uncia.name
  location                  = azurerm_resource_group.uncia.location
  tags                      = local.tags
  display_name              = each.key
  description               = each.value.says
  severity                  = each.value.severity
  enabled                   = true
  scopes                    = [azurerm_application_insights.uncia.id]
  evaluation_frequency      = each.value.every
  window_duration           = each.value.window
  query_time_range_override = each.value.range
  auto_mitigation_enabled   = true

  criteria {
    query                   = each.value.query
    time_aggregation_method = "Maximum"
    metric_measure_column   = "value"
    operator                = "GreaterThan"
    threshold               = each.value.above

    failing_periods {
      number_of_evaluation_periods             = 1
      minimum_failing_periods_to_trigger_alert = 1
    }
  }

  action {
    action_groups = [azurerm_monitor_action_group.people.id]
  }
}

# Events that the app was never told of, which its own telemetry cannot count.
resource "azurerm_monitor_metric_alert" "undelivered" {
  name                = "undelivered-${var.name}"
  resource_group_name = azurerm_resource_group.uncia.name
  tags                = local.tags
  description         = "Event Grid could not deliver events: see the container dead-letters."
  severity            = 2
  enabled             = true
  scopes              = [azurerm_eventgrid_system_topic.images.id]
  frequency           = "PT15M"
  window_size         = "PT15M"
  auto_mitigate       = true

  target_resource_type     = "Microsoft.EventGrid/systemTopics"
  target_resource_location = azurerm_resource_group.uncia.location

  criteria {
    metric_namespace = "Microsoft.EventGrid/systemTopics"
    metric_name      = "DeadLetteredCount"
    aggregation      = "Total"
    operator         = "GreaterThan"
    threshold        = 0
  }

  action {
    action_group_id = azurerm_monitor_action_group.people.id
  }
}
