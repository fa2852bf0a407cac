# The plan and the app, by azapi: azurerm's Flex resource still sets a storage key, and knows no rolling update.
# What runs at once on an instance follows from its memory: ../uncia.json.
locals {
  size = local.shared.sizes[var.instance_memory]
  app  = "func-${var.name}-${local.unique}"
  settings = merge(local.shared.settings, {
    AzureWebJobsStorage__accountName                                 = azurerm_storage_account.host.name
    AzureWebJobsStorage__credential                                  = "managedidentity"
    AzureWebJobsStorage__clientId                                    = azurerm_user_assigned_identity.app.client_id
    Storage__accountName                                             = azurerm_storage_account.data.name
    Storage__credential                                              = "managedidentity"
    Storage__clientId                                                = azurerm_user_assigned_identity.app.client_id
    APPLICATIONINSIGHTS_CONNECTION_STRING                            = azurerm_application_insights.uncia.connection_string
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING                        = "ClientId=${azurerm_user_assigned_identity.app.client_id};Authorization=AAD"
    PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY                      = "true"
    PYTHON_APPLICATIONINSIGHTS_LOGGER_NAME                           = "uncia"
    OTEL_TRACES_SAMPLER                                              = "microsoft.rate_limited"
    OTEL_TRACES_SAMPLER_ARG                                          = "0.5"
    OTEL_PYTHON_DISABLED_INSTRUMENTATIONS                            = "azure_sdk,requests,urllib,urllib3"
    PYTHON_THREADPOOL_THREAD_COUNT                                   = tostring(local.size.messages_at_once)
    UNCIA_BACKBONE_THREADS                                           = tostring(local.size.threads)
    UNCIA_ALERT_URL                                                  = var.alert_url
    UNCIA_ALERT_SECRET                                               = var.alert_secret
    UNCIA_UTC_OFFSET                                                 = var.utc_offset
    AzureFunctionsJobHost__extensions__queues__batchSize             = tostring(local.size.messages_at_once)
    AzureFunctionsJobHost__extensions__blobs__maxDegreeOfParallelism = tostring(local.size.images_at_once)
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID                           = azurerm_user_assigned_identity.app.client_id
  })
}

resource "azapi_resource" "plan" {
  type      = "Microsoft.Web/serverfarms@2024-11-01"
  name      = "plan-${local.app}"
  parent_id = azurerm_resource_group.uncia.id
  location  = azurerm_resource_group.uncia.location
  tags      = local.tags

  body = {
    kind = "functionapp"
    sku = {
      name = "FC1"
      tier = "FlexConsumption"
    }
    properties = {
      reserved = true
    }
  }
}

resource "azapi_resource" "app" {
  type                   = "Microsoft.Web/sites@2024-11-01"
  name                   = local.app
  parent_id              = azurerm_resource_group.uncia.id
  location               = azurerm_resource_group.uncia.location
  tags                   = merge(local.tags, { "azd-service-name" = "uncia" })
  response_export_values = ["properties.defaultHostName"]
  # The published types do not know siteUpdateStrategy; Azure does, from this version on.
  schema_validation_enabled = false
  depends_on = [
    azurerm_role_assignment.roles,
    # The host reaches its storage as soon as it starts.
    azurerm_private_endpoint.storage, azurerm_private_dns_zone_virtual_network_link.storage,
  ]

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.app.id]
  }

  body = {
    kind = "functionapp,linux"
    properties = {
      serverFarmId           = azapi_resource.plan.id
      httpsOnly              = true
      clientAffinityEnabled  = false
      virtualNetworkSubnetId = var.private_network ? azurerm_subnet.app[0].id : null
      functionAppConfig = {
        deployment = {
          storage = {
            type  = "blobContainer"
            value = "${azurerm_storage_account.host.primary_blob_endpoint}${azurerm_storage_container.package.name}"
            authentication = {
              type                           = "UserAssignedIdentity"
              userAssignedIdentityResourceId = azurerm_user_assigned_identity.app.id
            }
          }
        }
        runtime = {
          name    = "python"
          version = "3.13"
        }
        scaleAndConcurrency = {
          instanceMemoryMB     = tonumber(var.instance_memory)
          maximumInstanceCount = var.maximum_instances
          triggers = {
            http = {
              perInstanceConcurrency = 8
            }
          }
        }
        # Deployments let running executions end; the default kills them, and their messages wait out ten minutes.
        siteUpdateStrategy = {
          type = "RollingUpdate"
        }
      }
      siteConfig = {
        appSettings      = [for name, value in local.settings : { name = name, value = value }]
        minTlsVersion    = "1.2"
        scmMinTlsVersion = "1.2"
        ftpsState        = "Disabled"
        http20Enabled    = true
      }
    }
  }
}

# These exist as soon as the app does: they are changed, not made.
resource "azapi_update_resource" "ftp" {
  type      = "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01"
  name      = "ftp"
  parent_id = azapi_resource.app.id
  body      = { properties = { allow = false } }
}

resource "azapi_update_resource" "scm" {
  type      = "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01"
  name      = "scm"
  parent_id = azapi_resource.app.id
  body      = { properties = { allow = false } }
}

# Before every web function. Event Grid shows the key of the blob trigger's webhook instead, and health is for monitors.
resource "azapi_update_resource" "sign_in" {
  type      = "Microsoft.Web/sites/config@2024-11-01"
  name      = "authsettingsV2"
  parent_id = azapi_resource.app.id

  body = {
    properties = {
      platform = {
        enabled = true
      }
      globalValidation = {
        requireAuthentication       = true
        unauthenticatedClientAction = var.sign_in_client_id == "" ? "Return401" : "RedirectToLoginPage"
        excludedPaths               = ["/api/health", "/runtime/webhooks/blobs"]
      }
      identityProviders = {
        azureActiveDirectory = {
          enabled = var.sign_in_client_id != ""
          registration = {
            clientId                = var.sign_in_client_id
            clientSecretSettingName = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
            openIdIssuer            = "https://login.microsoftonline.com/${data.azurerm_client_config.person.tenant_id}/v2.0"
          }
        }
      }
      login = {
        tokenStore = {
          enabled = false
        }
      }
    }
  }
}
