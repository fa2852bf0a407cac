"""A message to a webhook: signed, and given up on after ten seconds, whatever the other side does."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from shared import __version__
from shared.errors import NotTaken, UnciaError

# In all: name, connection, and an answer that comes drop by drop. The host tries again after thirty.
SECONDS = 10.0
_LONGEST_LINE = 4_096
_HERE = ("localhost", "127.0.0.1", "::1")
# HTTP/1.1, RFC 9112: a status line begins with the version and three digits.
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})\b")


def signature(secret: str, body: bytes, at: datetime) -> str:
    """The header by which a receiver knows the sender: seconds since 1970, and HMAC-SHA256 of `{seconds}.{body}`."""
    seconds = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where messages are posted to; `secret` may be empty, and they are not signed then."""

    url: str = field(repr=False)  # those of chat programs are secrets themselves
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raises UnciaError for an address that nothing can be sent to without others reading it."""
        at = _split(self.url)
        if at is None or not re.fullmatch(r"[!-~]+", self.url) or not at.hostname or at.username is not None:
            raise UnciaError("UNCIA_ALERT_URL is no address of a webhook: it must look like https://example.org/path")
        if at.scheme != "https" and not (at.scheme == "http" and at.hostname in _HERE):
            raise UnciaError("UNCIA_ALERT_URL must begin with https://: what is sent says where animals are")

    def post(self, message: str, alert_id: str, now: datetime) -> None:
        """Sends JSON; raises NotTaken where the answer is not 2xx, or none comes in time. Follows no redirection."""
        body = message.encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"uncia/{__version__}",
            "Uncia-Id": alert_id,
            **({"Uncia-Signature": signature(self.secret, body, now)} if self.secret else {}),
        }
        try:
            status = asyncio.run(_status(urlsplit(self.url), headers, body))
        except TimeoutError as error:
            raise NotTaken(f"the webhook did not answer within {SECONDS:g} s") from error
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            raise NotTaken(f"the webhook could not be reached: {type(error).__name__}") from error
        if not 200 <= status < 300:
            raise NotTaken(f"the webhook answered {status}" if status else "the webhook answered what is no HTTP")


def _split(url: str) -> SplitResult | None:
    try:
        at = urlsplit(url)
        return at if at.port != 0 else None
    except ValueError:
        return None


async def _status(at: SplitResult, headers: Mapping[str, str], body: bytes) -> int:
    """The status that a POST is answered with; nothing else of the answer is read. 0 for what is no HTTP."""
    secure = at.scheme == "https"
    host, port = str(at.hostname), at.port or (443 if secure else 80)
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection(
            host, port, ssl=ssl.create_default_context() if secure else None, limit=_LONGEST_LINE
        )
        try:
            writer.write(_request(at, headers, body))
            await writer.drain()
            found = _STATUS.match(await reader.readline())
        finally:
            writer.transport.abort()
    return int(found[1]) if found else 0


def _request(at: SplitResult, headers: Mapping[str, str], body: bytes) -> bytes:
    path = f"{at.path or '/'}{'?' if at.query else ''}{at.query}"
    said = {"Host": at.netloc, **headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"POST {path} HTTP/1.1", *(f"{key}: {value}" for key, value in said.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body
