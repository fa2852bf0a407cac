// Everything in the resource group, a file for each concern.
param name string
param location string
param tags object
param principalId string
param principalType string
param instanceMemory string
param maximumInstances int
param alertEmail string
param alertUrl string
@secure()
param alertSecret string
param utcOffset string
param monthlyBudget int
param budgetStart string
param replication string
param coolAfterDays int
param signInClientId string
param privateNetwork bool

// Names of storage accounts are known to the whole world: 24 small letters and digits.
var unique = take(uniqueString(resourceGroup().id, name), 8)

module identity 'identity.bicep' = {
  name: 'identity'
  params: {
    name: 'id-${name}'
    location: location
    tags: tags
  }
}

module host 'host.bicep' = {
  name: 'host'
  params: {
    account: 'unciahost${unique}'
    location: location
    tags: tags
    privateNetwork: privateNetwork
  }
}

module data 'data.bicep' = {
  name: 'data'
  params: {
    account: 'unciadata${unique}'
    location: location
    tags: tags
    replication: replication
    coolAfterDays: coolAfterDays
    privateNetwork: privateNetwork
  }
}

module telemetry 'telemetry.bicep' = {
  name: 'telemetry'
  params: {
    name: name
    location: location
    tags: tags
  }
}

module network 'network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    name: name
    location: location
    tags: tags
    accounts: [host.outputs.id, data.outputs.id]
  }
}

module events 'events.bicep' = {
  name: 'events'
  params: {
    name: 'evgt-${name}'
    location: location
    tags: tags
    account: data.outputs.id
  }
}

module roles 'roles.bicep' = {
  name: 'roles'
  params: {
    host: host.outputs.account
    data: data.outputs.account
    insights: telemetry.outputs.name
    app: identity.outputs.principalId
    topic: events.outputs.principalId
    person: principalId
    personType: principalType
  }
}

module app 'app.bicep' = {
  name: 'app'
  params: {
    name: 'func-${name}-${unique}'
    location: location
    tags: tags
    identity: identity.outputs.id
    clientId: identity.outputs.clientId
    host: host.outputs.account
    data: data.outputs.account
    package: host.outputs.package
    insights: telemetry.outputs.connection
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    signInClientId: signInClientId
    alertUrl: alertUrl
    alertSecret: alertSecret
    utcOffset: utcOffset
    subnet: privateNetwork ? network.outputs.subnet : ''
  }
  dependsOn: [roles]
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    name: name
    location: location
    tags: tags
    insights: telemetry.outputs.id
    topic: events.outputs.id
    email: alertEmail
  }
}

module budget 'budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  params: {
    name: name
    amount: monthlyBudget
    start: budgetStart
    email: alertEmail
  }
}

output app string = app.outputs.name
output topic string = events.outputs.name
output url string = app.outputs.url
output account string = data.outputs.account
