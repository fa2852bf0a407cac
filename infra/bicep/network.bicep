// Optional: storage without a public address. The app reaches it through private endpoints in a network of its own.
param name string
param location string
param tags object
param accounts array

var services = ['blob', 'queue', 'table']

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: 'vnet-${name}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.0.0.0/16']
    }
  }
}

resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' = {
  parent: network
  name: 'app'
  properties: {
    addressPrefix: '10.0.0.0/24'
    delegations: [
      {
        name: 'app'
        properties: {
          serviceName: 'Microsoft.App/environments'
        }
      }
    ]
  }
}

resource storageSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' = {
  parent: network
  name: 'storage'
  properties: {
    addressPrefix: '10.0.1.0/24'
  }
  // Azure changes one subnet of a network at a time.
  dependsOn: [appSubnet]
}

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [for service in services: {
  name: 'privatelink.${service}.${environment().suffixes.storage}'
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [for (service, place) in services: {
  parent: zones[place]
  name: 'app'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-01-01' = [for place in range(0, 6): {
  name: 'pe-${last(split(accounts[place / 3], '/'))}-${services[place % 3]}'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: storageSubnet.id
    }
    privateLinkServiceConnections: [
      {
        name: services[place % 3]
        properties: {
          privateLinkServiceId: accounts[place / 3]
          groupIds: [services[place % 3]]
        }
      }
    ]
  }
}]

resource addresses 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = [for place in range(0, 6): {
  parent: endpoints[place]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: services[place % 3]
        properties: {
          privateDnsZoneId: zones[place % 3].id
        }
      }
    ]
  }
}]

output subnet string = appSubnet.id
