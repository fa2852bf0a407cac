# Uncia in a resource group of its own: `terraform apply`. What both infrastructures share is in ../uncia.json.
terraform {
  required_version = ">= 1.9"
  required_providers {
    azapi = {
      source  = "Azure/azapi"
      version = "~> 2.4"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.61"
    }
  }
}

provider "azurerm" {
  features {
    storage {
      # Accounts, containers and queues are made through Azure's management alone: a private network keeps this machine out.
      data_plane_available = false
    }
  }
  # What the optional network is delegated to; in an empty subscription nobody has asked for it yet.
  resource_providers_to_register = ["Microsoft.App"]
  # Shared keys are off: whatever is asked of storage is asked with the caller's own login.
  storage_use_azuread = true
}

data "azurerm_client_config" "person" {}

locals {
  shared = jsondecode(file("${path.module}/../uncia.json"))
  tags   = { "azd-env-name" = var.name }
  # Names of storage accounts are known to the whole world: 24 small letters and digits.
  unique = substr(sha256("${data.azurerm_client_config.person.subscription_id}${var.name}"), 0, 8)
}

resource "azurerm_resource_group" "uncia" {
  name     = "rg-${var.name}"
  location = var.location
  tags     = local.tags
}
