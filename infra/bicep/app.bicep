// The plan and the app. What runs at once on an instance follows from its memory: ../uncia.json.
param name string
param location string
param tags object
param identity string
param clientId string
param host string
param data string
param package string
param insights string
param instanceMemory string
param maximumInstances int
param signInClientId string
param alertUrl string
@secure()
param alertSecret string
param utcOffset string
param subnet string

var shared = loadJsonContent('../uncia.json')
var size = shared.sizes[instanceMemory]
var settings = union(shared.settings, {
  AzureWebJobsStorage__accountName: host
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  Storage__accountName: data
  Storage__credential: 'managedidentity'
  Storage__clientId: clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY: 'true'
  PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME: 'uncia'
  OTEL_TRACES_SAMPLER: 'microsoft.rate_limited'
  OTEL_TRACES_SAMPLER_ARG: '0.5'
  OTEL_PYTHON_DISABLED_INSTRUMENTATIONS: 'azure_sdk,requests,urllib,urllib3'
  PYTHON_THREADPOOL_THREAD_COUNT: string(size.messages_at_once)
  UNCIA_BACKBONE_THREADS: string(size.threads)
  UNCIA_ALERT_URL: alertUrl
  UNCIA_ALERT_SECRET: alertSecret
  UNCIA_UTC_OFFSET: utcOffset
  AzureFunctionsJobHost__extensions__queues__batchSize: string(size.messages_at_once)
  AzureFunctionsJobHost__extensions__blobs__maxDegreeOfParallelism: string(size.images_at_once)
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: clientId
})

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, {
    'azd-service-name': 'uncia'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    virtualNetworkSubnetId: empty(subnet) ? null : subnet
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: package
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: int(instanceMemory)
        maximumInstanceCount: maximumInstances
        triggers: {
          http: {
            perInstanceConcurrency: 8
          }
        }
      }
      // Deployments let running executions end; the default kills them, and their messages wait out ten minutes.
      // Azure knows it from this version on, the published types do not.
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: 'RollingUpdate'
      }
    }
    siteConfig: {
      appSettings: [for setting in items(settings): {
        name: setting.key
        value: setting.value
      }]
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }
}

resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  #disable-next-line BCP187 // Azure asks for it, the published types do not know it
  location: location
  properties: {
    allow: false
  }
}

resource noScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  #disable-next-line BCP187
  location: location
  properties: {
    allow: false
  }
}

// Before every web function. Event Grid shows the key of the blob trigger's webhook instead, and health is for monitors.
resource signIn 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: empty(signInClientId) ? 'Return401' : 'RedirectToLoginPage'
      excludedPaths: ['/api/health', '/runtime/webhooks/blobs']
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: !empty(signInClientId)
        registration: {
          clientId: signInClientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
