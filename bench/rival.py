"""A process on one core that makes messages when it is told to: `python -m bench.rival KIND NETWORK.onnx`.

It runs in the environment of its kind. The first line that it prints says what it is; then each line that it reads is
a task (JSON), and each line that it prints is the CPU seconds that the task took, and what came out.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Network = tuple[str, int, Callable[[Any], Any]]  # its version, the size of its pictures, and what gives features

WHEN = datetime(2026, 3, 1)  # noqa: DTZ001 - UTC without saying so, as steps take it
NAME = "Camera 01/IMG_00001.JPG"


def onnxruntime(file: str) -> Network:
    """ONNX Runtime as its documentation begins, on one thread."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    return ort.__version__, taken.shape[2], lambda tensor: session.run(["features"], {taken.name: tensor})[0]


def openvino(file: str) -> Network:
    """OpenVINO on one thread, for one image at a time, as exact as the file is."""
    import openvino as ov

    said = {
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
    }
    core = ov.Core()
    model = core.read_model(file)
    size = model.input(0).get_partial_shape()[2].get_length()
    model.reshape([1, 3, size, size])
    request = core.compile_model(model, "CPU", said).create_infer_request()
    features = model.output("features").get_index()
    return ov.__version__.split("-")[0], size, lambda tensor: request.infer([tensor], share_inputs=True)[features]


def torch(file: str) -> Network:
    """PyTorch, with a network of the same shape: its time does not hang on its weights."""
    import torch as pytorch

    from bench import resnet50_torch

    network = resnet50_torch.network()

    def features(tensor: Any) -> Any:
        with pytorch.inference_mode():
            return network(pytorch.from_numpy(tensor).to(memory_format=pytorch.channels_last)).numpy()

    return str(pytorch.__version__), resnet50_torch.SIZE, features


KINDS = {"onnxruntime": onnxruntime, "openvino": openvino, "torch": torch}


def straightforward(kind: str, file: str) -> tuple[str, dict[str, Callable[[bytes], Any]]]:
    """What can be asked of the step written straightforwardly: a message, the decoding alone, the network alone."""
    import numpy as np

    from bench import step

    version, size, network = KINDS[kind](file)
    fixed = np.random.default_rng(0).normal(size=(1, 3, size, size)).astype(np.float32)
    return version, {
        "whole": lambda data: step.message(data, network, size, scaled=False),
        "scaled": lambda data: step.message(data, network, size, scaled=True),
        "decode": lambda data: step.decoded(data, scaled=True) and "",
        "network": lambda _: network(fixed) is None or "",
    }


def uncia(file: str) -> tuple[str, dict[str, Callable[[bytes], Any]]]:
    """The same of Uncia's own step, with a head that scores each frame."""
    from bench import archive
    from shared import __version__
    from shared.backbone import Backbone
    from shared.featurizer import Featurizer, Upload
    from shared.head import Head

    featurizer = Featurizer(Backbone.load(Path(file), 1))
    head = Head(archive.head(featurizer.recipe, featurizer.backbone.n_features))
    return __version__, {"scaled": lambda data: featurizer.frame(Upload(NAME, data, {}), head, WHEN).encode()}


def told(message: str) -> dict[str, Any]:
    """What a message says, without the bytes: it is the same of all ways, or they did not do the same."""
    if not message:
        return {}
    said = json.loads(message)
    said = said.get("frame", said)
    whole = all(base64.b64decode(said[name]) for name in ("features", "preview"))
    at = str(said["captured_at"]).replace("-", ":").replace("T", " ")  # EXIF's way
    return {"digest": said["digest"], "captured_at": at, "whole": whole}


def main(kind: str, file: str) -> None:
    """Answers tasks until there are no more."""
    warnings.filterwarnings("ignore")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    version, ways = uncia(file) if kind == "uncia" else straightforward(kind, file)
    print(json.dumps({"version": version}), flush=True)  # noqa: T201 - the answer
    for line in sys.stdin:
        task = json.loads(line)
        data = Path(task["file"]).read_bytes()
        began = time.process_time()
        message = ways[task["way"]](data)
        seconds = time.process_time() - began
        print(json.dumps({"seconds": seconds} | told(message)), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
