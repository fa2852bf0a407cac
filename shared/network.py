"""Opening an ONNX file from a stranger: its session, and what Uncia wrote into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as states

from shared import harmless

METADATA_KEY = "uncia"
UNREADABLE = "it is not an ONNX network that ONNX Runtime can read"
# Letters of the metadata. As objects they take 25 times as much: 30 MB of empty ones took 750 MB. The names of ten
# thousand cameras, which a head keeps, are some 0.2 MB.
MOST_TOLD = 2_000_000
NOWHERE = "/dev/null/no files"  # below what is no folder, nothing can be

# Everything ONNX Runtime raises for a network that it cannot open or cannot run.
UNUSABLE = (
    states.InvalidProtobuf, states.InvalidGraph, states.InvalidArgument, states.NotImplemented, states.Fail,
    states.RuntimeException, states.EPFail, states.NoSuchFile, ValueError, RuntimeError,
)  # fmt: skip


class NotOurs(ValueError):
    """The file is no ONNX network, or carries none of Uncia's metadata; the text says which."""


def read(path: Path, most: int) -> bytes:
    """The bytes of a file; raises NotOurs, before it reads, where there are more, and OSError."""
    if (size := path.stat().st_size) > most:
        raise NotOurs(f"it has {size:,} bytes, and at most {most:,} are opened")
    return path.read_bytes()


def told(content: bytes, kind: str) -> dict[str, Any]:
    """What Uncia wrote into a network of this kind, without making a network of it; raises NotOurs."""
    try:
        text = harmless.metadata(content, METADATA_KEY)
    except ValueError as error:
        raise NotOurs(UNREADABLE) from error
    if len(text) > MOST_TOLD:
        raise NotOurs(f"its metadata has {len(text):,} letters, and at most {MOST_TOLD:,} are read")
    try:
        found: dict[str, Any] = json.loads(text)
        said = found["kind"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise NotOurs("it is ONNX, but was not made by Uncia") from None
    if said != kind:
        raise NotOurs(f"it is a {said}, not a {kind}")
    return found


def open_network(content: bytes, kind: str, threads: int) -> tuple[ort.InferenceSession, dict[str, Any]]:
    """A session (safe between threads) and the metadata; raises NotOurs, also where weights lie in other files.

    A head comes from whoever may publish one, and may do nothing but what heads do. A backbone comes with the code.
    """
    metadata = told(content, kind)
    if kind == "head":
        _check_head(content)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Read from bytes, ONNX Runtime looks for external data in the working directory: here is none to be found.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", NOWHERE)
    options.log_severity_level = 4  # a refused file is our own sentence, not ONNX Runtime's log
    try:
        session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except UNUSABLE as error:
        raise NotOurs(UNREADABLE) from error
    return session, metadata


def _check_head(content: bytes) -> None:
    try:
        found = harmless.excess(content)
    except ValueError as error:
        raise NotOurs(UNREADABLE) from error
    if found:
        raise NotOurs(found)
