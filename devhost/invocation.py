"""Runs a function and sends what it puts out; a failure is one line in the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace

from devhost.inflight import InFlight
from devhost.runtime import App, Datum, Function, Result
from devhost.storage import UNANSWERED

logger = logging.getLogger(__name__)
Send = Callable[[str, bytes], None]


class Invoker:
    """Calls functions of one app; `send` puts a message on a queue."""

    def __init__(self, app: App, send: Send) -> None:
        self.running = InFlight()
        self._app = app
        self._send = send

    def run(self, function: Function, data: Datum, metadata: dict[str, Datum], about: str) -> Result:
        """Runs it on one trigger value; it has failed, too, when its outputs cannot be sent."""
        self.running.begin()
        try:
            result = self._app.invoke(function, [(function.trigger["name"], data)], metadata)
            if result.ok:
                result = self._put_out(function, result)
        finally:
            self.running.end()
        if not result.ok:
            logger.warning("%s failed on %s: %s", function.name, about, result.error)
            logger.info("%s", result.traceback)
        return result

    def _put_out(self, function: Function, result: Result) -> Result:
        queues = {output["name"]: output["queueName"] for output in function.outputs if output["type"] == "queue"}
        values = dict(result.outputs)
        if result.returned is not None and "$return" in queues:
            values["$return"] = result.returned
        try:
            for name, datum in values.items():
                for body in bodies(datum):
                    self._send(queues[name], body)
        except UNANSWERED as error:  # not sent, or no message can be made of it
            return replace(result, ok=False, error=repr(error))
        return result


def bodies(datum: Datum) -> list[bytes]:
    """The queue messages in an output value: a list is several."""
    if datum.type in ("bytes", "string"):
        return [datum.value if datum.type == "bytes" else datum.value.encode()]
    # Out[str] carries a list as it is, Out[List[str]] as JSON.
    value = json.loads(datum.value) if datum.type == "json" else datum.value
    items = value if isinstance(value, list) else [value]
    return [(item if isinstance(item, str) else json.dumps(item)).encode() for item in items]
