// Uncia in a resource group of its own: `azd up`. What both infrastructures share is in ../uncia.json.
targetScope = 'subscription'

@minLength(2)
@maxLength(20)
@description('Name of this Uncia; in the names of everything.')
param environmentName string

@description('Azure region.')
param location string

@description('Whoever deploys: may upload, publish and read with their own login. azd fills it in.')
param principalId string = ''

@allowed(['User', 'ServicePrincipal'])
@description('What deploys: a person, or a workflow. azd fills it in.')
param principalType string = 'User'

@allowed(['512', '2048', '4096'])
@description('Memory of an instance in MB; what runs at once on it follows from ../uncia.json.')
param instanceMemory string = '2048'

@minValue(1)
@maxValue(1000)
@description('Most instances of one function at a time: what a flood of images may cost.')
param maximumInstances int = 40

@minLength(6)
@description('Where alerts and the budget\'s warnings go.')
param alertEmail string

@description('Webhook that is told of animals at once; none: only the queue alerts is.')
param alertUrl string = ''

@secure()
@description('What messages to the webhook are signed with.')
param alertSecret string = ''

@description('How far the cameras\' clocks are ahead of UTC, as +05:45.')
param utcOffset string = '+00:00'

@minValue(0)
@description('Warned of at half, and at all of it, in the currency of the bill, by month; 0 for no budget.')
param monthlyBudget int = 50

@description('First day of the month that the budget begins in; ../budget.sh finds it, since it cannot be changed later.')
param budgetStart string

@allowed(['LRS', 'ZRS', 'GRS', 'GZRS'])
@description('Copies of the images: ZRS keeps them in three zones, LRS is for regions without zones.')
param replication string = 'ZRS'

@description('Days after which originals move to the cool tier; frames and labels need them no more.')
param coolAfterDays int = 30

@description('Entra ID application for people to sign in with; without one the app answers nobody but the health check.')
param signInClientId string = ''

@description('Storage reachable from the app\'s own network only. Uploads then need a way into that network.')
param privateNetwork bool = false

var tags = {
  'azd-env-name': environmentName
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module stack 'stack.bicep' = {
  name: 'uncia'
  scope: group
  params: {
    name: environmentName
    location: location
    tags: tags
    principalId: principalId
    principalType: principalType
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    alertEmail: alertEmail
    alertUrl: alertUrl
    alertSecret: alertSecret
    utcOffset: utcOffset
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
    replication: replication
    coolAfterDays: coolAfterDays
    signInClientId: signInClientId
    privateNetwork: privateNetwork
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output UNCIA_APP string = stack.outputs.app
output UNCIA_TOPIC string = stack.outputs.topic
output UNCIA_URL string = stack.outputs.url
output Storage__accountName string = stack.outputs.account
