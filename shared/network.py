"""Opening an ONNX file from a stranger: its session, and what Uncia wrote into it."""

from __future__ import annotations

from typing import Any

import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as states

from shared import harmless
from shared.described import UNREADABLE, NotOurs, told

NOWHERE = "/dev/null/no files"  # below what is no folder, nothing can be

# Everything ONNX Runtime raises for a network that it cannot open or cannot run.
UNUSABLE = (
    states.InvalidProtobuf, states.InvalidGraph, states.InvalidArgument, states.NotImplemented, states.Fail,
    states.RuntimeException, states.EPFail, states.NoSuchFile, ValueError, RuntimeError,
)  # fmt: skip


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
