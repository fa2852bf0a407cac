// Who may do what, and why: ../uncia.json has the list with its reasons.
param host string
param data string
param insights string
param app string
param topic string
param person string
param personType string

var shared = loadJsonContent('../uncia.json')
var onHost = filter(shared.roles, role => role.account == 'host')
var onData = filter(shared.roles, role => role.account == 'data' && (role.who != 'person' || !empty(person)))
var onInsights = filter(shared.roles, role => role.account == 'insights')
var who = {
  app: app
  topic: topic
  person: person
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: host
}

resource dataAccount 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: data
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insights
}

resource hostRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in onHost: {
  name: guid(hostAccount.id, role.name, who[role.who])
  scope: hostAccount
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    principalId: who[role.who]
    principalType: role.who == 'person' ? personType : 'ServicePrincipal'
    description: role.reason
  }
}]

resource dataRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in onData: {
  name: guid(dataAccount.id, role.name, who[role.who])
  scope: dataAccount
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    principalId: who[role.who]
    principalType: role.who == 'person' ? personType : 'ServicePrincipal'
    description: role.reason
  }
}]

resource insightsRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in onInsights: {
  name: guid(component.id, role.name, who[role.who])
  scope: component
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    principalId: who[role.who]
    principalType: role.who == 'person' ? personType : 'ServicePrincipal'
    description: role.reason
  }
}]
