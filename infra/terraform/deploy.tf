# The code, and then the subscription that tells the code of images: what `azd up` does by itself.
locals {
  root = "${path.module}/../.."
  # Whatever goes into the package, so that a change of it deploys again.
  sources = toset(concat(
    ["function_app.py", "host.json", "requirements.txt", "models/backbone.onnx"],
    [for folder in ["functions", "shared", "training"] : "${folder}/**/*.py"],
    ["web/*"],
  ))
  digest = sha256(join("", [
    for file in sort(flatten([for pattern in local.sources : tolist(fileset(local.root, pattern))])) :
    filesha256("${local.root}/${file}")
  ]))
}

resource "terraform_data" "deploy" {
  triggers_replace = [local.digest, azapi_resource.app.id]
  depends_on       = [azapi_update_resource.sign_in, azurerm_role_assignment.roles]

  provisioner "local-exec" {
    command     = "../package.sh \"$PWD/package.zip\" && ../publish.sh package.zip && ../subscribe.sh"
    working_dir = path.module
    environment = {
      AZURE_SUBSCRIPTION_ID = data.azurerm_client_config.person.subscription_id
      AZURE_RESOURCE_GROUP  = azurerm_resource_group.uncia.name
      UNCIA_APP             = azapi_resource.app.name
      UNCIA_TOPIC           = azurerm_eventgrid_system_topic.images.name
      UNCIA_URL             = "https://${azapi_resource.app.output.properties.defaultHostName}"
      UNCIA_SCM             = "https://${replace(azapi_resource.app.output.properties.defaultHostName, "/^([^.]+)/", "$1.scm")}"
      Storage__accountName  = azurerm_storage_account.data.name
    }
  }
}
