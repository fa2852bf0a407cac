"""Timer functions on their NCRONTAB schedules, in UTC (azure-webjobs-sdk-extensions TimerListener.cs)."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from threading import Event, Thread

from azure.core.exceptions import ResourceNotFoundError
from croniter import croniter

from devhost.blob_watch import HOST_ID, HOSTS
from devhost.invocation import Invoker
from devhost.queues import as_json
from devhost.runtime import Function
from devhost.storage import UNANSWERED, Storage, told
from shared.errors import UnciaError

logger = logging.getLogger(__name__)
# A machine that sleeps stops the clock behind Event.wait; short waits notice the true time again.
LONGEST_WAIT = 30.0


class Timer:
    """Runs one function when its schedule says, and at start when a run was missed while nobody was there."""

    def __init__(self, storage: Storage, invoker: Invoker, function: Function) -> None:
        self._schedule = str(function.trigger["schedule"])
        try:
            next_run(self._schedule, datetime.now(UTC))
        except ValueError as error:
            raise UnciaError(f"the schedule of {function.name} is not NCRONTAB: {error}") from error
        self._status = storage.container(HOSTS).get_blob_client(f"timers/{HOST_ID}/{function.name}/status")
        self._invoker = invoker
        self._function = function
        self._last = datetime.min.replace(tzinfo=UTC)
        self._stopping = Event()

    def start(self) -> None:
        """Begins to keep time."""
        Thread(target=self._keep, name=self._function.name, daemon=True).start()

    def stop(self) -> None:
        """Starts no further run."""
        self._stopping.set()

    def _keep(self) -> None:
        due = self._missed()
        past_due = due is not None and due < datetime.now(UTC)
        if past_due or self._function.trigger.get("runOnStartup"):
            self._fire(due or datetime.now(UTC), past_due=past_due)
        while not self._stopping.is_set():
            due = next_run(self._schedule, datetime.now(UTC))
            self._write(due)
            while (left := (due - datetime.now(UTC)).total_seconds()) > 0:
                if self._stopping.wait(min(left, LONGEST_WAIT)):
                    return
            self._fire(due, past_due=False)

    def _fire(self, due: datetime, *, past_due: bool) -> None:
        told = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": self._told(due), "IsPastDue": past_due}
        self._invoker.run(self._function, as_json(told), {}, f"its schedule {self._schedule}")
        self._last = datetime.now(UTC)

    def _missed(self) -> datetime | None:
        if self._function.trigger.get("useMonitor") is False:
            return None
        try:
            status = json.loads(self._status.download_blob().readall())
            self._last = datetime.fromisoformat(status["Last"])
            return datetime.fromisoformat(status["Next"])
        except ResourceNotFoundError:
            return None
        except UNANSWERED as error:
            logger.warning("the status of timer %s could not be read: %s", self._function.name, told(error))
            return None

    def _write(self, due: datetime) -> None:
        try:
            self._status.upload_blob(json.dumps(self._told(due)), overwrite=True)
        except UNANSWERED as error:
            logger.warning("the status of timer %s could not be kept: %s", self._function.name, told(error))

    def _told(self, due: datetime) -> dict[str, str]:
        return {"Last": self._last.isoformat(), "Next": due.isoformat(), "LastUpdated": self._last.isoformat()}


def next_run(schedule: str, after: datetime) -> datetime:
    """The first moment after `after` that an NCRONTAB expression of five or six fields names; raises ValueError."""
    # NCRONTAB wants day of month and day of week both to match, unlike cron, where either will do.
    times = croniter(schedule, after, ret_type=datetime, day_or=False, second_at_beginning=True)
    found: datetime = times.get_next()
    return found
