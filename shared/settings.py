"""Every setting, read from the environment in this one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone
from pathlib import Path

from shared.deployment import offset_of
from shared.errors import UnciaError
from shared.sequence import Limits

PREFIX = "UNCIA_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set; docs/settings.md lists it for people."""

    sequence_gap: timedelta  #: a longer pause starts a new sequence
    sequence_cap: timedelta  #: a longer sequence is split; zero for no limit
    settle: timedelta  #: how long a day stays quiet before it is finalized
    crop_top: float  #: fraction of the height taken off above, 0 to 0.5
    crop_bottom: float  #: fraction of the height taken off below, 0 to 0.5
    backbone: Path | None  #: None: the backbone that comes with the app
    backbone_threads: int  #: threads of ONNX Runtime for one image
    preview_pixels: int  #: longest side of the preview
    utc_offset: timezone  #: of cameras' clocks where no deployment says another
    alert_url: str = field(repr=False)  #: webhook that is told of animals; nothing: only the queue `alerts` is
    alert_secret: str = field(repr=False)  #: what messages to the webhook are signed with

    @property
    def limits(self) -> Limits:
        """When a sequence ends."""
        return Limits(self.sequence_gap, self.sequence_cap)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """The settings in force; raises UnciaError that names the variable at fault."""
        return cls(
            sequence_gap=timedelta(seconds=_number(env, "SEQUENCE_GAP_SECONDS", 60, 0, 86_400)),
            sequence_cap=timedelta(seconds=_number(env, "SEQUENCE_CAP_SECONDS", 900, 0, 86_400)),
            # 7 days is the longest a queue keeps a message invisible.
            settle=timedelta(seconds=_number(env, "SETTLE_SECONDS", 30, 0, 7 * 86_400)),
            crop_top=_number(env, "CROP_TOP", 0, 0, 0.5),
            crop_bottom=_number(env, "CROP_BOTTOM", 0, 0, 0.5),
            backbone=Path(path) if (path := env.get(PREFIX + "BACKBONE")) else None,
            backbone_threads=int(_number(env, "BACKBONE_THREADS", 1, 1, 64)),
            preview_pixels=int(_number(env, "PREVIEW_PIXELS", 320, 32, 320)),
            utc_offset=utc_offset(env) or UTC,
            alert_url=_text(env, "ALERT_URL"),
            alert_secret=_text(env, "ALERT_SECRET"),
        )


def utc_offset(env: Mapping[str, str] = os.environ) -> timezone | None:
    """The offset that somebody set, if anybody did; raises UnciaError."""
    said = env.get(PREFIX + "UTC_OFFSET", "").strip()
    try:
        return offset_of(said) if said else None
    except UnciaError as error:
        raise UnciaError(f"{PREFIX}UTC_OFFSET: {error}") from error


def storage(env: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """The parts of the connection `Storage`: a connection string, or an account and its identity."""
    if connection := env.get("Storage"):
        return {"connection": connection}
    account, client = env.get("Storage__accountName"), env.get("Storage__clientId", "")
    if not account:
        raise UnciaError(
            "no storage: run `uncia up` in this folder, or set Storage (a connection string) or Storage__accountName"
        )
    return {"account": account, "client": client}


def local(env: Mapping[str, str] = os.environ) -> bool:
    """Whether the app runs on one machine, for whoever sits there."""
    # Core Tools and our own host both set the first; on Azure anyone can, to have more logs, and the platform sets the
    # second, which nobody can: else everybody would be let in there, under any name.
    return env.get("AZURE_FUNCTIONS_ENVIRONMENT") == "Development" and not env.get("WEBSITE_SITE_NAME")


def guarded(env: Mapping[str, str] = os.environ) -> bool:
    """Whether the platform's sign-in stands before the app; the platform itself sets the variable."""
    return env.get("WEBSITE_AUTH_ENABLED", "").lower() == "true"


def blob_source(env: Mapping[str, str] = os.environ) -> str:
    """How uploads are noticed: Event Grid, or by listing under a local host, where there is no Event Grid."""
    return "LogsAndContainerScan" if local(env) else "EventGrid"


def trace_file(env: Mapping[str, str] = os.environ) -> Path | None:
    """Where the local host is to write what the steps tell of themselves, if anywhere."""
    return Path(path) if (path := env.get(PREFIX + "TRACE")) else None


def environment() -> dict[str, str]:
    """A copy of the environment, for a child process."""
    return dict(os.environ)


def _number(env: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    said = env.get(PREFIX + name, "")
    if not said.strip():
        return default
    try:
        value = float(said)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise UnciaError(f"{PREFIX}{name} is {said!r}: it must be a number from {low:g} to {high:g}")
    return value


def _text(env: Mapping[str, str], name: str) -> str:
    return env.get(PREFIX + name, "").strip()
