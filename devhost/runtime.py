"""The app in function_app.py, indexed and run by azure-functions-runtime, the library of Microsoft's own worker."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import re
import sys
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime import handle_event, native_invocation, start_threadpool_executor
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.bindings.meta import load_binding_registry

from shared.errors import UnciaError

__all__ = ["App", "Datum", "Function", "Result"]

Inputs = list[tuple[str, Datum]]
# A warm-up has nothing to warm on one machine: it is accepted and never runs.
TRIGGERS = ("blobTrigger", "queueTrigger", "timerTrigger", "httpTrigger", "warmupTrigger")
OUTPUTS = ("queue", "http")
# The most that the worker accepts, so that a message already taken does not wait for a thread.
DEFAULTS = {"AZURE_FUNCTIONS_ENVIRONMENT": "Development", "PYTHON_THREADPOOL_THREAD_COUNT": "32"}


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """One function of the app and what it is bound to."""

    name: str
    id: str
    trigger: dict[str, Any]
    outputs: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """How one invocation ended."""

    ok: bool
    returned: Datum | None
    outputs: Inputs
    error: str
    traceback: str


class _Record(SimpleNamespace):
    """Stands in for the messages that the worker would send to its host."""


class _Direction(_Record):
    undefined, out, inout = 0, 1, 2


# What importing and indexing someone's code raises; the library's own FunctionLoadError is a RuntimeError.
UNLOADABLE = (
    ImportError, SyntaxError, NameError, AttributeError, TypeError, LookupError, ValueError, OSError, RuntimeError,
    AssertionError, ArithmeticError,
)  # fmt: skip


class App:
    """The functions of one project; a process can hold one app only, as a worker does."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self.functions = tuple(functions)

    @classmethod
    def load(cls, root: Path, settings: Mapping[str, str]) -> App:
        """Imports root/function_app.py under these settings; raises UnciaError when there is nothing to run."""
        # The one place that touches the environment: app settings reach a function app in no other way.
        os.environ.update({**DEFAULTS, **settings})
        # The library logs what it also returns, with every traceback; the host reports failures itself.
        logging.getLogger("azure.functions").setLevel(logging.CRITICAL)
        file = root / "function_app.py"
        if not file.exists():
            raise UnciaError(f"{file} is missing: is {root} the folder of the app?")
        sys.path.insert(0, str(root))
        handle_event.protos = SimpleNamespace(
            BindingInfo=_Direction, RpcFunctionMetadata=_Record, RpcRetryOptions=_Record
        )
        load_binding_registry()
        try:
            importlib.import_module(file.stem)
            indexed = handle_event.index_functions(str(file), str(root))
        except UNLOADABLE as error:
            raise UnciaError(f"{file} cannot be loaded: {type(error).__name__}: {error}") from error
        if not indexed:
            raise UnciaError(f"{file} has no functions")
        start_threadpool_executor()
        return cls(_function(entry) for entry in indexed)

    def invoke(self, function: Function, inputs: Inputs, metadata: dict[str, Datum]) -> Result:
        """Runs the function once and says how it ended; it does not raise what the function raises."""
        call = (str(uuid.uuid4()), function.id, inputs, metadata)
        handled, *answer = native_invocation.run_invocation_sync(*call)
        if not handled:
            answer = asyncio.run(native_invocation.invocation_request_native(*call))
        ok, returned, outputs, error, traceback = answer
        return Result(ok, returned, outputs, error or "", traceback or "")


def _function(entry: Any) -> Function:
    bindings = [_resolved(json.loads(text), entry.name) for text in entry.raw_bindings]
    triggers = [binding for binding in bindings if str(binding["type"]).endswith("Trigger")]
    outputs = [binding for binding in bindings if binding not in triggers]
    for binding in bindings:
        if "queueName" in binding:
            binding["queueName"] = binding["queueName"].lower()
        if binding["type"] not in (TRIGGERS if binding in triggers else OUTPUTS):
            raise UnciaError(
                f"function {entry.name} has a binding of type {binding['type']}, which this development host does not"
                " run: use Azure Functions Core Tools"
            )
    return Function(entry.name, entry.function_id, triggers[0], outputs)


def _resolved(binding: dict[str, Any], function: str) -> dict[str, Any]:
    """The binding with every %NAME% replaced by that app setting."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise UnciaError(f"function {function} needs the setting {match[1]}")
        return os.environ[match[1]]

    return {key: re.sub(r"%(\w+)%", value, said) if isinstance(said, str) else said for key, said in binding.items()}
