"""What storage answers to somebody's login, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    ResourceNotFoundError,
    ServiceRequestError,
    ServiceResponseError,
)

from cli.doctor import Finding, finding_of
from shared.errors import UnciaError


@dataclass(frozen=True, slots=True)
class Service:
    """One of a storage account's services, and the role that a person needs there."""

    name: str
    role: str


BLOBS = Service("blob", "Storage Blob Data Contributor")
QUEUE = Service("queue", "Storage Queue Data Contributor")
TABLE = Service("table", "Storage Table Data Contributor")


def tried(what: str, service: Service, account: str, check: Callable[[], str]) -> Finding:
    """What a check says; an error of this service is told with what to do about it."""
    return finding_of(what, partial(_explaining, service, account, check))


def _explaining(service: Service, account: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except AzureError as error:
        if sentence := explained(error, service, account):
            raise UnciaError(sentence) from error
        raise


def explained(error: AzureError, service: Service, account: str) -> str:
    """What an error means and what to do about it; nothing where its own first line says more."""
    match getattr(error, "error_code", ""):
        case "AuthorizationPermissionMismatch":
            return (
                f"your login lacks the role {service.role} on storage account {account}: its owner gives it with "
                f'`az role assignment create --role "{service.role}" --assignee YOUR-LOGIN --scope '
                f"$(az storage account show --name {account} --query id --output tsv)`, and waits ten minutes"
            )
        case "AuthorizationFailure" | "IpAuthorizationError" | "NetworkAclsValidationFailure":
            return f"the network rules of storage account {account} keep this machine out: let its address in, or move"
        case "KeyBasedAuthenticationNotPermitted":
            return f"storage account {account} takes no keys: unset Storage, and give --account {account}"
    if isinstance(error, ResourceNotFoundError):
        return f"missing on storage account {account}: deploy again (`azd up`), which creates it"
    if isinstance(error, ServiceRequestError | ServiceResponseError):
        return f"the {service.name} service of storage account {account} does not answer: is that its name?"
    if isinstance(error, ClientAuthenticationError):
        return f"storage account {account} does not take your login: sign in to its tenant, `az login --tenant TENANT`"
    return ""
