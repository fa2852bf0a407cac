"""`uncia invite`: a pass with which images can be sent, and nothing else be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli import screen, stack, storage
from cli.uploading import CONTAINER
from cli.work import Data
from shared.errors import UnciaError

# A user delegation key is good for seven days at most (Get User Delegation Key), and a pass for no longer than its key.
MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Pass:
    """What its holder needs: both are secrets, for as long as they are good."""

    connection: str = field(repr=False)  #: for the setting `Storage`
    address: str = field(repr=False)  #: of the container, for other programs
    until: datetime  #: UTC


def invite(
    days: Annotated[float, typer.Option(min=0.01, max=MOST_DAYS, help="How long the pass is good.")] = MOST_DAYS,
    address: Annotated[
        bool, typer.Option("--address", help="The address for other programs, instead of a connection string.")
    ] = False,
    data: Data = stack.HOME,
) -> None:
    """Print a pass for cameras and field assistants: new images can be sent with it, and nothing read or changed.

    Example: uncia invite --days 2

    Who has it runs:  Storage="…" uncia upload SDCARD --camera "Ridge 1"
    """
    made = issued(storage.found(data), timedelta(days=days), datetime.now(UTC))
    typer.echo(made.address if address else made.connection)
    screen.note(f"good until {made.until:%Y-%m-%d %H:%M} UTC; whoever has it may send images, under any camera's name")


def issued(connection: Mapping[str, str], time: timedelta, now: datetime) -> Pass:
    """A pass that is good for so long; `now` is UTC. Raises UnciaError for who has a pass and no more.

    Signed with the account's key where there is one, else with a key of the person's own, which Azure gives for it.
    """
    from azure.storage.blob import ContainerSasPermissions, generate_container_sas

    from shared import connect

    service, until = connect.blobs(connection), now + time
    key = getattr(service.credential, "account_key", None)
    if not key and connection.get("connection"):
        raise UnciaError("this connection is a pass itself, with which no other can be made")
    signature = generate_container_sas(
        str(service.account_name),
        CONTAINER,
        account_key=key,
        user_delegation_key=None if key else service.get_user_delegation_key(now, until),
        permission=ContainerSasPermissions(create=True),
        expiry=until,
        protocol="https" if service.url.startswith("https:") else None,
    )
    own = service.url.rstrip("/")
    return Pass(f"BlobEndpoint={own};SharedAccessSignature={signature}", f"{own}/{CONTAINER}?{signature}", until)
