"""Opening an ONNX file from a stranger: its session, and what Uncia wrote into it."""

from __future__ import annotations

import json
from typing import Any

import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as states

METADATA_KEY = "uncia"
NOWHERE = "/dev/null/no files"  # below what is no folder, nothing can be

# Everything ONNX Runtime raises for a network that it cannot open or cannot run.
UNUSABLE = (
    states.InvalidProtobuf, states.InvalidGraph, states.InvalidArgument, states.NotImplemented, states.Fail,
    states.RuntimeException, states.EPFail, states.NoSuchFile, ValueError, RuntimeError,
)  # fmt: skip


class NotOurs(ValueError):
    """The file is no ONNX network, or carries none of Uncia's metadata; the text says which."""


def open_network(content: bytes, kind: str, threads: int) -> tuple[ort.InferenceSession, dict[str, Any]]:
    """A session (safe between threads) and the metadata; raises NotOurs, also where weights lie in other files."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Read from bytes, ONNX Runtime looks for external data in the working directory: here is none to be found.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", NOWHERE)
    options.log_severity_level = 4  # a refused file is our own sentence, not ONNX Runtime's log
    try:
        session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except UNUSABLE as error:
        raise NotOurs("it is not an ONNX network that ONNX Runtime can read") from error
    try:
        metadata = json.loads(session.get_modelmeta().custom_metadata_map[METADATA_KEY])
        said = metadata["kind"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise NotOurs("it is ONNX, but was not made by Uncia") from None
    if said != kind:
        raise NotOurs(f"it is a {said}, not a {kind}")
    return session, metadata
