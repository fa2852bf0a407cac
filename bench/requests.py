"""Requests to storage, told apart by what they ask for and of what, as a bill and a limit count them."""

from __future__ import annotations

import re
from collections import Counter
from threading import Lock
from urllib.parse import parse_qs, unquote, urlsplit

from bench.chaos.message import Message

# The local host stands in for Event Grid: it lists the images, and keeps receipts of what it has announced.
LISTED, RECEIPTS = "images", "azure-webjobs-hosts"
TRIGGER = "azure-webjobs-blobtrigger"
_NO_MESSAGE = b"<QueueMessage>"
_KEYS = re.compile(r"\(PartitionKey=.*\)$")


class Counted:
    """How often each kind of request was answered; `heard` may be called from any thread."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._lock = Lock()

    def heard(self, service: str, request: Message, answer: Message) -> None:
        """Counts a request that storage answered."""
        one = kind(service, request, answer)
        with self._lock:
            self._kinds[one] += 1

    def so_far(self) -> Counter[str]:
        """What was counted until now."""
        with self._lock:
            return self._kinds.copy()


def kind(service: str, request: Message, answer: Message) -> str:
    """What a request is, and of what: `put message frames`; what is there only because it is no Azure: `local …`."""
    method = request.start[0].decode("latin-1")
    address = urlsplit(request.start[1].decode("latin-1"))
    asked = parse_qs(address.query, keep_blank_values=True)
    _account, _, path = unquote(address.path).lstrip("/").partition("/")
    match service:
        case "Queue":
            return _queue(method, path, asked, answer)
        case "Table":
            return _table(method, path)
        case _:
            return _blob(method, path, asked)


def apart(kind: str) -> bool:
    """Whether a request is not the pipeline's: the upload itself, a look in vain, what only the local stack asks."""
    return kind.startswith(("local", "empty")) or kind == "write blob images"


def by_bill(kinds: Counter[str]) -> dict[str, int]:
    """The pipeline's requests by what they are billed as."""
    bills = Counter({"queue": 0, "table": 0, "blob": 0})
    for kind, number in kinds.items():
        if not apart(kind):
            bills["queue" if " message" in kind else "blob" if " blob" in kind else "table"] += number
    return dict(bills)


def by_step(kinds: Counter[str], images: int) -> dict[str, float]:
    """The requests that each step waits for, for one message of its own.

    Aggregate writes the frame, and reads the day where it sends and notes a message to finalize, which it remembers;
    the rest of what is asked of tables is finalize's. The host takes and deletes messages beside them.
    """
    asks = kinds["put message sequences"]
    frames = kinds["read row frames"] + kinds["insert row frames"] + kinds["write row frames"]
    aggregate = frames + 3 * asks
    finalize = by_bill(kinds)["table"] - frames - 2 * asks + kinds["read blob models"]
    featurize = kinds["read blob images"] + kinds["look at blob images"] + kinds["put message frames"]
    done = kinds["delete message sequences"]
    return {"featurize": featurize / images, "aggregate": aggregate / images, "finalize": finalize / max(1, done)}


def _queue(method: str, path: str, asked: dict[str, list[str]], answer: Message) -> str:
    queue, _, rest = path.partition("/")
    name = "images" if queue.startswith(TRIGGER) else queue
    if not rest:  # how many messages wait: the bench asks, through the host; or a queue that is made
        return f"local look at {name}"
    match method:
        case "POST":
            return f"put message {name}"
        case "GET" if "peekonly" in asked:
            return f"peek message {name}"
        case "GET":
            return f"get messages {name}" if _NO_MESSAGE in answer.body else f"empty look {name}"
        case "DELETE":
            return f"delete message {name}"
    return f"update message {name}"


def _table(method: str, path: str) -> str:
    if path == "$batch":
        return "transaction labels"  # the only table that is written so: see shared/store.py
    if path.lower().startswith("tables"):
        return "local make table"
    table = _KEYS.sub("", path).removesuffix("()")
    one = bool(_KEYS.search(path))
    match method:
        case "GET":
            return f"{'read row' if one else 'query'} {table}"
        case "POST":
            return f"insert row {table}"
        case "DELETE":
            return f"delete row {table}"
    return f"write row {table}"


def _blob(method: str, path: str, asked: dict[str, list[str]]) -> str:
    container, _, blob = path.partition("/")
    if container == RECEIPTS or not blob:
        return f"local {'list' if 'comp' in asked else 'receipt'} {container}"
    match method:
        case "PUT":
            return f"write blob {container}"
        case "HEAD":
            return f"look at blob {container}"
    return f"read blob {container}"
