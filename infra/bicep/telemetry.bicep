// Traces, metrics and logs, capped by day, and the page that shows them.
param name string
param location string
param tags object

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
    workspaceCapping: {
      dailyQuotaGb: 1
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Sent with the identity: the connection string is an address then, and no secret.
    DisableLocalAuth: true
  }
}

resource page 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Uncia ${name}'
    category: 'workbook'
    sourceId: toLower(insights.id)
    serializedData: loadTextContent('../workbook.json')
  }
}

output id string = insights.id
output name string = insights.name
output connection string = insights.properties.ConnectionString
