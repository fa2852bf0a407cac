// When somebody should look: ../uncia.json has the questions that are asked of the telemetry.
param name string
param location string
param tags object
param insights string
param email string

var shared = loadJsonContent('../uncia.json')

resource receivers 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'uncia'
    enabled: true
    emailReceivers: [
      {
        name: 'people'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [for alert in items(shared.alerts): {
  name: '${alert.key}-${name}'
  location: location
  tags: tags
  properties: {
    displayName: alert.key
    description: alert.value.says
    severity: alert.value.severity
    enabled: true
    scopes: [insights]
    evaluationFrequency: alert.value.every
    windowSize: alert.value.window
    overrideQueryTimeRange: alert.value.range
    criteria: {
      allOf: [
        {
          query: alert.value.query
          timeAggregation: 'Maximum'
          metricMeasureColumn: 'value'
          operator: 'GreaterThan'
          threshold: alert.value.above
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [receivers.id]
    }
  }
}]
