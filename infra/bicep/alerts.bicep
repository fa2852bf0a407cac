// When somebody should look: ../uncia.json has the questions that are asked of the telemetry.
param name string
param location string
param tags object
param insights string
param topic string
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
    autoMitigate: true
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

// Events that the app was never told of, which its own telemetry cannot count.
resource undelivered 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'undelivered-${name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid could not deliver events: see the container dead-letters.'
    severity: 2
    enabled: true
    scopes: [topic]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    autoMitigate: true
    targetResourceType: 'Microsoft.EventGrid/systemTopics'
    targetResourceRegion: location
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'Metric1'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [
      {
        actionGroupId: receivers.id
      }
    ]
  }
}
