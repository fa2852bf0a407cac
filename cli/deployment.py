"""What was deployed from this checkout, as azd or Terraform remember it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli import stack
from cli.stack import ROOT
from shared import settings
from shared.errors import UnciaError

# What infra/bicep/main.bicep and infra/terraform/outputs.tf put out; azd adds the subscription itself.
OUTPUTS = {
    "subscription": "AZURE_SUBSCRIPTION_ID",
    "group": "AZURE_RESOURCE_GROUP",
    "app": "UNCIA_APP",
    "topic": "UNCIA_TOPIC",
    "account": "Storage__accountName",
    "url": "UNCIA_URL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Where a deployed Uncia is."""

    subscription: str
    group: str
    app: str
    topic: str
    account: str  #: the storage account of images and tables
    url: str


def known(root: Path = ROOT) -> Deployment | None:
    """What azd, or else Terraform, deployed from here; None where neither says all of it."""
    azd = _told(["azd", "env", "get-values", "--output", "json"], root)
    terraform = _told(["terraform", "output", "-json"], root / "infra" / "terraform")
    for said in (azd, {name: one["value"] for name, one in terraform.items()}):
        if all(said.get(name) for name in OUTPUTS.values()):
            return Deployment(**{field: str(said[name]) for field, name in OUTPUTS.items()})
    return None


def connection(account: str, here: Deployment | None, data: Path) -> Mapping[str, str]:
    """The storage to examine: the account named, else what is set, else what was deployed from here, or runs here.

    Raises UnciaError where there is none of them.
    """
    if account:
        return {"account": account, "client": ""}
    with suppress(UnciaError):
        return settings.storage()
    if here:
        return {"account": here.account, "client": ""}
    if running := stack.find(data):
        return running.storage
    raise UnciaError("neither azd nor Terraform knows of anything deployed from here: name it by --account and --url")


def _told(command: list[str], folder: Path) -> dict[str, Any]:
    """What a program prints as JSON; nothing where it is not installed or has nothing to tell."""
    if not (program := shutil.which(command[0])):
        return {}
    done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return {}
    return said if done.returncode == 0 and isinstance(said, dict) else {}
