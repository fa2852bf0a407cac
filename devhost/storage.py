"""The host's own connection to blobs and queues."""

from __future__ import annotations

import base64
import binascii
from threading import Lock

import requests
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import BlobServiceClient, ContainerClient
from azure.storage.blob import LinearRetry as BlobRetry
from azure.storage.queue import LinearRetry as QueueRetry
from azure.storage.queue import QueueClient, QueueServiceClient
from urllib3.exceptions import HTTPError

# More than the 32 + 16 messages that one listener can hold by default, so that no connection is thrown away.
CONNECTIONS = 64
# No answer, or one that cannot be read. What is cut off within its headers passes for whole, because http.client takes
# the end of the connection for theirs; parsing what came of it, the SDK raises whatever that comes to.
UNANSWERED = (AzureError, HTTPError, OSError, LookupError, TypeError, ValueError, AttributeError, SyntaxError)


class Storage:
    """Blob containers and queues of one account; safe to use from many threads."""

    def __init__(self, connection_string: str) -> None:
        # The SDK waits 15 s before its first retry, which is long for a server on the same machine.
        self.blobs = BlobServiceClient.from_connection_string(
            connection_string, transport=_transport(), retry_policy=BlobRetry(backoff=1)
        )
        self._service = QueueServiceClient.from_connection_string(
            connection_string, transport=_transport(), retry_policy=QueueRetry(backoff=1)
        )
        self._queues: dict[str, QueueClient] = {}
        self._lock = Lock()

    def container(self, name: str) -> ContainerClient:
        """The container of this name, which need not exist."""
        return self.blobs.get_container_client(name)

    def create_container(self, name: str) -> None:
        """Makes the container unless it is there."""
        try:
            self.container(name).create_container()
        except ResourceExistsError:
            return

    def queue(self, name: str) -> QueueClient:
        """The queue of this name, which need not exist; its messages are neither encoded nor decoded."""
        with self._lock:
            if name not in self._queues:
                self._queues[name] = self._service.get_queue_client(name)
            return self._queues[name]

    def create_queue(self, name: str) -> None:
        """Makes the queue unless it is there."""
        try:
            self.queue(name).create_queue()
        except ResourceExistsError:
            return

    def send(self, queue: str, body: str) -> None:
        """Puts a message, as it stands, on a queue, which is made if it is missing."""
        try:
            self.queue(queue).send_message(body)
        except ResourceNotFoundError:
            self.create_queue(queue)
            self.queue(queue).send_message(body)

    def waiting(self, queue: str) -> int:
        """How many messages a queue holds, invisible ones included."""
        try:
            return self.queue(queue).get_queue_properties().approximate_message_count or 0
        except ResourceNotFoundError:
            return 0


def encode(body: bytes, encoding: str) -> str:
    """A message body as host.json's messageEncoding wants it on the queue."""
    return base64.b64encode(body).decode() if encoding == "base64" else body.decode()


def decode(content: str, encoding: str) -> bytes | None:
    """The bytes behind a queue message, or None when it is not encoded as host.json says."""
    if encoding != "base64":
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return None


def told(error: Exception) -> str:
    """What an error says, in one line."""
    return str(error).partition("\n")[0] or repr(error)


def _transport() -> RequestsTransport:
    session = requests.Session()
    session.trust_env = False  # no proxy of the user's stands between us and this machine
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=CONNECTIONS))
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=CONNECTIONS))
    return RequestsTransport(session=session, session_owner=False)
