"""Takes messages from one queue and runs them as the Functions host does (azure-sdk-for-net QueueListener.cs)."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from threading import Event, Lock, Thread

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueClient, QueueMessage

from devhost.delivery import Action, Policy, decide, pause
from devhost.inflight import InFlight
from devhost.lease import Lease
from devhost.storage import UNANSWERED, decode, told

logger = logging.getLogger(__name__)
Run = Callable[[QueueMessage, bytes], bool]


class Listener:
    """Runs each message on its own thread; `send` puts given-up ones on the queue `poison`, None leaves them."""

    def __init__(
        self,
        client: QueueClient,
        policy: Policy,
        run: Run,
        send: Callable[[str, str], None],
        *,
        poison: str | None,
        encoding: str = "base64",
    ) -> None:
        self.queue = str(client.queue_name)
        self.running = InFlight()
        self._client = client
        self._policy = policy
        self._run = run
        self._send = send
        self._poison = poison
        self._encoding = encoding
        self._leases: set[Lease] = set()
        self._leases_lock = Lock()
        self._stopping = Event()
        self._woken = Event()

    def start(self) -> None:
        """Begins to receive."""
        Thread(target=self._listen, name=self.queue, daemon=True).start()
        Thread(target=self._renew, name=f"{self.queue} leases", daemon=True).start()

    def wake(self) -> None:
        """Looks at the queue now, as the host does for messages that it sent itself."""
        self._woken.set()

    def stop(self) -> None:
        """Receives nothing more; what runs goes on."""
        self._stopping.set()
        self._woken.set()

    def _listen(self) -> None:
        misses = 0
        while not self._stopping.is_set():
            self._woken.clear()
            batch = self._receive()
            for message in batch:
                self.running.begin()
                Thread(target=self._handle, args=(message,), daemon=True).start()
            if batch:
                misses = 0
                self.running.wait(at_most=self._policy.new_batch_threshold)
            else:
                misses += 1
                self._woken.wait(pause(misses, self._policy.longest_pause, random.uniform(0.8, 1.2)))

    def _receive(self) -> list[QueueMessage]:
        policy = self._policy
        try:
            return list(
                self._client.receive_messages(
                    messages_per_page=policy.batch_size,
                    max_messages=policy.batch_size,
                    visibility_timeout=round(policy.lease),
                )
            )
        except ResourceNotFoundError:
            return []
        except UNANSWERED as error:
            logger.warning("queue %s could not be read: %s", self.queue, told(error))
            return []

    def _handle(self, message: QueueMessage) -> None:
        lease = Lease(self._client, message, self._policy.lease)
        with self._leases_lock:
            self._leases.add(lease)
        try:
            self._deliver(message, lease)
        finally:
            lease.drop()
            with self._leases_lock:
                self._leases.discard(lease)
            self.running.end()

    def _deliver(self, message: QueueMessage, lease: Lease) -> None:
        count, limit = message.dequeue_count or 1, self._policy.max_dequeue_count
        body = decode(message.content, self._encoding)
        action = decide(count, limit) if body is not None else Action.POISON
        if action is Action.RUN and body is not None:
            action = decide(count, limit, self._run(message, body))
        if action is Action.DELETE:
            lease.delete()
        elif action is Action.RETRY:
            lease.release(self._policy.retry_after)
        elif action is Action.POISON:
            self._give_up(message, lease)

    def _give_up(self, message: QueueMessage, lease: Lease) -> None:
        if self._poison is None:
            return
        try:
            self._send(self._poison, message.content)
        except UNANSWERED as error:
            logger.warning("message %s could not be copied to %s: %s", message.id, self._poison, told(error))
            return
        lease.delete()

    def _renew(self) -> None:
        # One thread renews them all at every half lease, so none is ever older than half a lease.
        while True:
            time.sleep(self._policy.lease / 2)
            with self._leases_lock:
                leases = list(self._leases)
            if self._stopping.is_set() and not leases:
                return
            for lease in leases:
                lease.renew()
