#!/bin/sh
# Publishes a package and waits until the app has it, for Terraform: azd does so by itself.
# It takes UNCIA_SCM and AZURE_SUBSCRIPTION_ID from the environment. `az functionapp deployment source config-zip` posts to
# the same address, but then asks a page behind the sign-in without end (Azure/azure-cli #30870).
set -eu
pause=${UNCIA_PAUSE_SECONDS:-15}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

ask() {
    token=$(az account get-access-token --subscription "$AZURE_SUBSCRIPTION_ID" --query accessToken --output tsv)
    # On standard input, since everybody on the machine sees the arguments of a command.
    printf 'Authorization: Bearer %s\n' "$token" |
        curl --silent --show-error --header @- --output "$answer" --write-out '%{http_code}' "$@" || true
}

# A role that was given a moment ago does not hold yet, and the package is refused: ten minutes at most.
try=1
while :; do
    code=$(ask --max-time 600 --header 'Content-Type: application/zip' --data-binary "@$1" "$UNCIA_SCM/api/publish?RemoteBuild=true")
    case $code in 200 | 202) break ;; esac
    [ "$try" -lt 40 ] || { echo "the package was refused with $code: $(head -c 300 "$answer")" >&2; exit 1; }
    echo "the package is not taken yet ($code); again in $pause s ($try of 40)" >&2
    try=$((try + 1))
    sleep "$pause"
done

id=$(tr -d '"[:space:]' <"$answer")
try=1
while :; do
    ask --max-time 60 "$UNCIA_SCM/api/deployments/$id" >/dev/null
    status=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["status"])' <"$answer" 2>/dev/null || true)
    case $status in
        4) break ;;
        3 | 5 | 6 | -1) echo "the build failed with status $status: $UNCIA_SCM/api/deployments/$id/log says why" >&2; exit 1 ;;
    esac
    [ "$try" -lt 80 ] || { echo "the build did not end within 20 minutes: $UNCIA_SCM/api/deployments/$id" >&2; exit 1; }
    try=$((try + 1))
    sleep "$pause"
done
echo "the app has its code"
