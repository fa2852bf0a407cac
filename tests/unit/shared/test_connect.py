"""Clients are for the account that the connection names."""

from __future__ import annotations

import base64

import pytest

from shared import connect

KEY = base64.b64encode(b"key").decode()
STRING = {
    "connection": f"DefaultEndpointsProtocol=https;AccountName=one;AccountKey={KEY};EndpointSuffix=core.windows.net"
}
IDENTITIES = [{"account": "one", "client": ""}, {"account": "one", "client": "00000000-0000-0000-0000-000000000000"}]


@pytest.mark.parametrize("storage", [STRING, *IDENTITIES])
def test_every_service_of_the_account_is_reached(storage: dict[str, str]) -> None:
    assert connect.tables(storage).url.rstrip("/") == "https://one.table.core.windows.net"
    assert connect.blobs(storage).url.rstrip("/") == "https://one.blob.core.windows.net"
    assert connect.queue(storage, "frames").url == "https://one.queue.core.windows.net/frames"


@pytest.mark.parametrize("storage", [STRING, *IDENTITIES])
def test_messages_are_base64_as_the_trigger_expects_them(storage: dict[str, str]) -> None:
    policy = connect.queue(storage, "frames")._message_encode_policy
    assert policy.encode("барс") == base64.b64encode("барс".encode()).decode()


@pytest.mark.parametrize(("storage", "kind"), [(IDENTITIES[0], "Default"), (IDENTITIES[1], "ManagedIdentity")])
def test_an_identity_that_is_named_is_the_one_used(storage: dict[str, str], kind: str) -> None:
    assert type(connect.credential(storage)).__name__.startswith(kind)


def test_all_clients_sign_in_once() -> None:
    assert connect.credential({"account": "one"}) is connect.credential({"account": "two"})
