"""What Azure itself says of resources: read with the caller's login, never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse

ADDRESS = "https://management.azure.com"

# A resource's path, the version of its API, and what else is asked for.
type Read = Callable[[str, str, Mapping[str, str]], dict[str, Any]]


def reader(credential: TokenCredential, transport: RequestsTransport | None = None) -> Read:
    """A function that reads one resource, or one list of them; it raises HttpResponseError where Azure refuses.

    azure-core signs in and tries again. Azure's libraries for web, events and roles would only bring types for the few
    fields that are looked at.
    """
    signed = BearerTokenCredentialPolicy(credential, f"{ADDRESS}/.default")
    policies = [RetryPolicy(retry_total=3), signed]
    client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(
        ADDRESS, policies=policies, transport=transport or RequestsTransport()
    )

    def read(path: str, version: str, query: Mapping[str, str]) -> dict[str, Any]:
        answer = client.send_request(HttpRequest("GET", ADDRESS + path, params={"api-version": version, **query}))
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    return read
