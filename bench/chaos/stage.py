"""What a run stands on: Azurite behind a proxy whose ports stay, a head, and the way to upload through both."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from azure.storage.blob import ContainerClient

from bench import small
from bench.chaos.faults import Faults
from bench.chaos.proxy import Proxy
from bench.chaos.truth import Truth, worked_out
from cli import storage
from devhost.azurite import SERVICES, Azurite
from devhost.blob_watch import HOSTS
from devhost.host import CONTAINERS
from devhost.storage import UNANSWERED
from shared import connect
from shared.backbone import Backbone
from shared.featurizer import Featurizer, Upload
from shared.head import Head
from shared.store import Store

SENDERS = 4
RETRY_SECONDS = 0.5


class Stage:
    """Storage that can be taken away and given back; `settings` lead through the proxy, `direct` past it."""

    def __init__(self, folder: Path, azurite: Azurite, proxy: Proxy) -> None:
        self.restarts = 0
        self.proxy = proxy
        self.over = Event()  #: to be set when nobody is to go on any more
        self._azurite = azurite
        network = folder / "backbone.onnx"
        network.write_bytes(small.backbone())
        self._featurizer = Featurizer(Backbone.load(network, threads=1))
        self._head = small.head(self._featurizer)
        through = through_proxy(azurite.connection_string, proxy)
        self.settings = {"Storage": through, "UNCIA_BACKBONE": str(network), "UNCIA_SETTLE_SECONDS": "2"}
        for container in (*CONTAINERS, HOSTS):
            connect.blobs(self.direct).create_container(container)
        storage.heads(self.direct).publish(self._head)

    @property
    def direct(self) -> dict[str, str]:
        """The connection past the proxy, until Azurite is started again."""
        return {"connection": self._azurite.connection_string}

    def tables(self) -> Store:
        """The tables, past the proxy."""
        return storage.store(self.direct)

    def truth(self, uploads: Sequence[Upload]) -> Truth:
        """What the tables are to hold when these were uploaded."""
        return worked_out(uploads, self._featurizer, Head(self._head), datetime.now(UTC).replace(tzinfo=None))

    def take_away(self, services: Sequence[str], seconds: float) -> None:
        """Lets services be away for so long; with all of them Azurite itself stops, and keeps what it acknowledged."""
        self.proxy.cut_off(*services)
        whole = set(services) == set(SERVICES)
        if whole:
            self._azurite.stop()
        self.over.wait(seconds)
        if whole:
            self._azurite.start()
            self.proxy.aim(ports_of(self._azurite.connection_string))
            self.restarts += 1
        self.proxy.cut_off()

    def send(self, uploads: Sequence[Upload], seconds: float) -> None:
        """Uploads all, several at once and spread over so many seconds, as often as it takes; late ones at once."""
        container = storage.images({"connection": self.settings["Storage"]})
        began, each = time.monotonic(), seconds / max(1, len(uploads))

        def one(number: int) -> None:
            self.over.wait(max(0.0, began + number * each - time.monotonic()))
            while not self.over.is_set() and not _sent(uploads[number], container):
                self.over.wait(RETRY_SECONDS)

        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(one, range(len(uploads))))


def _sent(upload: Upload, container: ContainerClient) -> bool:
    try:
        container.upload_blob(upload.path, upload.data, overwrite=True, metadata=dict(upload.metadata))
    except UNANSWERED:
        return False
    return True


@contextmanager
def stage(folder: Path, faults: Faults, *, hang: float, seed: int) -> Iterator[Stage]:
    """A stage over an empty folder, taken down at the end."""
    azurite = Azurite(folder / "storage")
    with ExitStack() as last:
        (folder / "storage").mkdir()
        azurite.start()
        last.callback(azurite.stop)
        proxy = Proxy(ports_of(azurite.connection_string), faults, hang=hang, seed=seed)
        proxy.start()
        last.callback(proxy.stop)
        yield Stage(folder, azurite, proxy)


def through_proxy(connection: str, proxy: Proxy) -> str:
    """A connection string with the proxy's ports in place of storage's."""
    for service, port in proxy.ports.items():
        connection = re.sub(rf"({service}Endpoint=http://[^:]+:)\d+", rf"\g<1>{port}", connection)
    return connection


def ports_of(connection: str) -> dict[str, int]:
    """Where storage listens, by service."""
    return {service: int(port) for service, port in re.findall(r"(\w+)Endpoint=http://[^:]+:(\d+)", connection)}


def chances(seed: int, number: int) -> list[random.Random]:
    """Independent chances from one seed, one for each thing that is drawn: threads do not disturb each other's."""
    return [random.Random(f"{seed} {one}") for one in range(number)]
