#!/bin/sh
# Before azd provisions: the month that the budget begins in. Azure refuses to change it once there is a budget, so it is
# asked for what it has. A first deployment, whose subscription may not even be chosen yet, begins with this month.
set -eu
group="/subscriptions/${AZURE_SUBSCRIPTION_ID:-none}/resourceGroups/rg-$AZURE_ENV_NAME"
budget="$group/providers/Microsoft.Consumption/budgets/budget-$AZURE_ENV_NAME"
start=$(az rest --method get --url "$budget?api-version=2023-11-01" --query properties.timePeriod.startDate --output tsv 2>/dev/null) ||
    start=$(date -u +%Y-%m-01)
azd env set UNCIA_BUDGET_START "$start"
