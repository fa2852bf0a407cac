#!/bin/sh
# The second stage of a deployment, for azd and Terraform alike: tells Event Grid to send images to the blob trigger.
# It takes AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, UNCIA_APP, UNCIA_TOPIC, UNCIA_URL and Storage__accountName from the
# environment.
set -eu
cd "$(dirname "$0")"
pause=${UNCIA_PAUSE_SECONDS:-30}

# The key of the webhook is made when the host has run once, and the handshake needs the host to be up: a request wakes it.
for try in 1 2 3 4 5 6 7 8 9 10; do
    if curl --silent --fail --max-time 60 "$UNCIA_URL/api/health" >/dev/null &&
        az deployment group create --output none --name images --subscription "$AZURE_SUBSCRIPTION_ID" \
            --resource-group "$AZURE_RESOURCE_GROUP" --template-file bicep/subscription.bicep \
            --parameters topic="$UNCIA_TOPIC" app="$UNCIA_APP" account="$Storage__accountName"; then
        break
    fi
    [ "$try" -lt 10 ] || { echo "Event Grid could not be told of the app: its log says why; run $0 again" >&2; exit 1; }
    echo "the app is not up yet; again in $pause s ($try of 10)" >&2
    sleep "$pause"
done

state=$(az eventgrid system-topic event-subscription show --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource-group "$AZURE_RESOURCE_GROUP" --system-topic-name "$UNCIA_TOPIC" --name images \
    --query provisioningState --output tsv)
[ "$state" = Succeeded ] || { echo "the event subscription is $state, not Succeeded: run $0 again" >&2; exit 1; }
echo "images are announced to $UNCIA_APP"
