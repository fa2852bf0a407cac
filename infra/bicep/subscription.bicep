// The second stage: Event Grid tells the blob trigger of each image. Its webhook's key exists only once the code runs.
param topic string
param app string
param account string

var shared = loadJsonContent('../uncia.json')

resource systemTopic 'Microsoft.EventGrid/systemTopics@2022-06-15' existing = {
  name: topic
}

resource site 'Microsoft.Web/sites@2024-11-01' existing = {
  name: app
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: account
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = {
  parent: systemTopic
  name: 'images'
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        #disable-next-line use-secure-value-for-secure-inputs
        endpointUrl: 'https://${site.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.featurize&code=${listKeys('${site.id}/host/default', '2023-12-01').systemKeys.blobs_extension}'
        maxEventsPerBatch: 1
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/images/blobs/'
      enableAdvancedFilteringOnArrays: true
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.api'
          values: shared.operations
        }
        {
          operatorType: 'StringEndsWith'
          key: 'subject'
          values: shared.suffixes
        }
      ]
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: storage.id
          blobContainerName: 'dead-letters'
        }
      }
    }
  }
}
