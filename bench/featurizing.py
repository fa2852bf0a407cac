"""From an image's bytes to its message, on one core, by turns with what else a user could pick."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench import alternating, rivals
from bench.networks import Networks
from bench.outcome import Cell, Outcome
from bench.reach import Reach
from bench.rivals import Rival
from shared.errors import UnciaError

TIMES_NAIVE, OF_FLOOR = 3.0, 0.8
OURS, NAIVE = "Uncia, int8", "naive: whole decode, ONNX Runtime float"
OTHER = "OpenVINO int8, scaled decode"
INT8 = {"ONNX Runtime": OURS, "OpenVINO": OTHER}

type Measured = dict[str, dict[str, float]]  # seconds of each way, by size


def wanted(networks: Networks) -> dict[str, tuple[str, Path, str]]:
    """Each way to a message: which rival, with which network, and how much it decodes."""
    return {
        OURS: ("uncia", networks.int8, "scaled"),
        "Uncia, float": ("uncia", networks.exact, "scaled"),
        NAIVE: ("onnxruntime", networks.exact, "whole"),
        "PyTorch float, whole decode": ("torch", networks.exact, "whole"),
        "OpenVINO float, whole decode": ("openvino", networks.exact, "whole"),
        OTHER: ("openvino", networks.int8, "scaled"),
    }


# What the floor is made of: the decoder alone, and the int8 networks alone.
DECODER = "libjpeg-turbo, scaled decode alone"
ALONE = {"int8 network alone, ONNX Runtime": "onnxruntime", "int8 network alone, OpenVINO": "openvino"}


def measure(networks: Networks, sizes: dict[str, list[Path]], turns: int) -> Outcome:
    """CPU seconds of every way and size. Raises UnciaError where two ways do not say the same of an image."""
    with ExitStack() as stack:
        asked = wanted(networks)
        kinds = [(name, kind, network) for name, (kind, network, _) in asked.items()]
        kinds += [(name, kind, networks.int8) for name, kind in ALONE.items()]
        there, missing = rivals.present(kinds, stack)
        found: Measured = {}
        for size, files in sizes.items():
            check(there, asked, files[0])
            found[size] = {}
            ways = tasks(there, asked, files)
            found[size] = alternating.medians(alternating.by_turns(ways, turns))
        versions = {one.kind: one.version for one in there.values()}
    return told(networks, found, missing, versions)


def tasks(
    there: dict[str, Rival], asked: dict[str, tuple[str, Path, str]], files: list[Path]
) -> dict[str, Callable[[], float]]:
    """What is done by turns: for each way, seconds of one image on average."""
    ways: dict[str, Callable[[], float]]
    ways = {name: partial(_mean, there[name], way, files) for name, (_, _, way) in asked.items() if name in there}
    ways |= {name: partial(_mean, there[name], "network", files) for name in ALONE if name in there}
    return ways | {DECODER: partial(_mean, there[NAIVE], "decode", files)}


def _mean(rival: Rival, way: str, files: list[Path]) -> float:
    return sum(float(rival.does(way, file)["seconds"]) for file in files) / len(files)


def check(there: dict[str, Rival], asked: dict[str, tuple[str, Path, str]], file: Path) -> None:
    """Raises UnciaError where the ways do not say the same of an image's digest and time."""
    said = {name: rival.does(asked[name][2], file) for name, rival in there.items() if name in asked}
    for one in said.values():
        one.pop("seconds")
    if odd := [name for name, one in said.items() if one != said[OURS] or not one["whole"]]:
        raise UnciaError(f"not the same message: {odd[0]} says {said[odd[0]]}, {OURS} {said[OURS]}")


def floor(seconds: dict[str, float]) -> float:
    """The least that an image can take: decoding, and the fastest int8 network that was measured."""
    return seconds[DECODER] + min(seconds[name] for name in ALONE if name in seconds)


def told(networks: Networks, found: Measured, missing: dict[str, str], versions: dict[str, str]) -> Outcome:
    """The measured seconds as a table in milliseconds, and whether they reach what they are to."""
    names = [*wanted(networks), DECODER, *ALONE]
    rows: list[tuple[Cell, ...]] = [
        (name, *(1e3 * each[name] if name in each else "not measured" for each in found.values())) for name in names
    ]
    rows.append(("the floor: the decoder and the fastest int8 network", *(1e3 * floor(one) for one in found.values())))
    rows.append(("naive ÷ Uncia, int8", *(one[NAIVE] / one[OURS] for one in found.values())))
    rows.append(("naive ÷ the floor", *(one[NAIVE] / floor(one) for one in found.values())))
    rows.append(("the floor ÷ Uncia, int8", *(floor(one) / one[OURS] for one in found.values())))
    away = " ".join(f"{name} was not measured: {why}." for name, why in missing.items())
    return Outcome(
        name="featurize",
        columns=("CPU milliseconds an image, one core", *found),
        rows=rows,
        reaches=[*_reaches(found)],
        note=f"Backbone: {networks.name}. {away}".strip(),
        figures={f"version_{kind}": version for kind, version in versions.items()},
    )


def _reaches(found: Measured) -> list[Reach]:
    times = [
        Reach(
            what=f"featurize, {size}: times the naive way",
            limit=TIMES_NAIVE,
            found=one[NAIVE] / one[OURS],
            why=f"the floor itself is {one[NAIVE] / floor(one):.2f} times as fast",
        )
        for size, one in found.items()
    ]
    return times + [
        Reach(what=f"featurize, {size}: of the floor's speed", limit=OF_FLOOR, found=floor(one) / one[OURS])
        for size, one in found.items()
    ]
