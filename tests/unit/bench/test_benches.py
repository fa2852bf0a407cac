"""The arithmetic of the benches."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path

import pytest

from bench import alternating, featurizing, grouping, machine, megadetector, memory, pipeline, rival, starting, step
from bench.networks import Networks
from bench.small import backbone, photograph
from bench.starting import Start
from shared.backbone import Backbone
from shared.featurizer import Featurizer, Upload

AT, COLOUR = datetime(2026, 2, 1, 10), (200, 40, 40)
NETWORKS = Networks("small", Path("float.onnx"), Path("int8.onnx"))
PLAIN = {
    featurizing.OURS: 0.030, "Uncia, float": 0.070, featurizing.NAIVE: 0.105, featurizing.OTHER: 0.032,
    featurizing.DECODER: 0.010, "int8 network alone, ONNX Runtime": 0.018, "int8 network alone, OpenVINO": 0.015,
}  # fmt: skip


def test_ways_take_turns_and_the_first_round_is_not_kept() -> None:
    order: list[str] = []
    ways = {name: lambda name=name: float(order.append(name) or len(order)) for name in "ab"}  # type: ignore[misc]
    assert alternating.by_turns(ways, 2) == {"a": [3.0, 5.0], "b": [4.0, 6.0]}
    assert order == ["a", "b"] * 3


def test_medians_pass_one_slow_round_by() -> None:
    assert alternating.medians({"a": [1.0, 9.0, 2.0]}) == {"a": 2.0}


def test_the_floor_is_the_decoder_and_the_fastest_int8_network() -> None:
    assert featurizing.floor(PLAIN) == pytest.approx(0.025)
    without = {name: seconds for name, seconds in PLAIN.items() if "OpenVINO" not in name}
    assert featurizing.floor(without) == pytest.approx(0.028)


def test_featurize_reaches_what_its_seconds_say_and_names_what_is_missing() -> None:
    told = featurizing.told(NETWORKS, {"1 MB": PLAIN}, {"PyTorch float, whole decode": "no python3.11"}, {})
    assert [(one.found, one.verdict) for one in told.reaches] == [
        (pytest.approx(3.5), "met"),
        (pytest.approx(0.833, abs=1e-3), "met"),
    ]
    assert ("PyTorch float, whole decode", "not measured") in told.rows
    assert told.note == "Backbone: small. PyTorch float, whole decode was not measured: no python3.11."


def test_the_straightforward_step_says_what_ours_says() -> None:
    data = photograph(COLOUR, AT, 1)
    ours = Backbone(backbone(), 1)
    plain = step.message(
        data, lambda tensor: ours._session.run(["features"], {ours._input: tensor})[0], 32, scaled=True
    )
    frame = Featurizer(ours).frame(Upload("a/b.jpg", data, {}), None, rival.WHEN).encode()
    assert rival.told(plain) == rival.told(frame)
    assert rival.told(plain)["captured_at"] == f"{AT:%Y:%m:%d %H:%M:%S}"


def test_nothing_is_told_where_only_time_was_asked_for() -> None:
    assert rival.told("") == {}


def test_a_group_that_imports_the_network_stack_is_named() -> None:
    light, heavy = Start(1.0, 0.5, 0.3, frozenset()), Start(1.2, 0.6, 0.3, frozenset({"onnxruntime"}))
    found = {"featurize, int8": [heavy] * 3, "featurize, float": [heavy], "sweep": [light], "finalize": [heavy]}
    start, groups = starting.told(found).reaches
    assert (start.found, start.verdict) == (1.2, "met")
    assert (groups.found, groups.verdict, groups.why) == (1, "missed", "finalize")


def test_memory_is_flat_where_the_end_is_near_the_warm_worker() -> None:
    peaks = [100.0] * 50 + [200.0] * 150
    told = memory.told({("int8, 1 at once", 1): peaks, ("int8, 2 at once", 2): [600.0] * 200}, 200)
    assert [one.verdict for one in told.reaches] == ["met", "met"]
    assert told.note.endswith("1 in an instance of 512 MB, 2 in an instance of 2,048 MB.")
    grown = memory.told({("int8, 1 at once", 1): [100.0] * 100 + [200.0] * 100}, 200)
    assert [one.verdict for one in grown.reaches] == ["met", "missed"]


def test_no_concurrency_fits_where_one_is_too_much() -> None:
    assert memory.fitting({1: 600.0, 2: 700.0}, 512) == 0


def test_growth_of_n_log_n_is_one() -> None:
    assert grouping.growth((1_000, math.log(1_000)), (8_000, 8 * math.log(8_000))) == pytest.approx(1)
    assert grouping.growth((1_000, 1.0), (2_000, 4.0)) == pytest.approx(2 * math.log(1_000) / math.log(2_000))


def test_both_ways_make_the_same_sequences_of_bursts() -> None:
    frames = grouping.bursts(4_003)
    images = [{"location": one.camera, "datetime": one.captured_at} for one in frames]
    ours = grouping.grouped(frames)
    assert megadetector.create_sequences(images) == sum(map(len, ours.values())) == 801
    assert images[7]["seq_id"] == "location_camera 0_sequence_index_00001"
    assert (images[7]["frame_num"], images[7]["seq_num_frames"]) == (2, 5)


def test_an_image_without_time_is_a_sequence_of_its_own() -> None:
    images = [{"location": "a", "datetime": at} for at in (AT, None, AT, None)]
    assert megadetector.create_sequences(images) == 3


@pytest.mark.parametrize(("said", "seconds"), [("00:01:05", 65), ("1-02:00:00", 93_600), ("1:02.50", 62.5)])
def test_processor_time_is_read_as_ps_writes_it(said: str, seconds: float) -> None:
    assert pipeline.seconds(said) == seconds


def test_shares_are_of_all_processor_time() -> None:
    (row,) = pipeline.told({"int8": pipeline.Passed(100, 20.0, 6.0, 3.0, 1.0)}, 2).rows
    assert row == ("int8", 100, 20.0, 5.0, 0.1, "60%", "30%", "10%")


def test_the_processor_is_named_with_what_networks_use() -> None:
    text = "model name\t: Some CPU\ncpu family\t: 6\nmodel\t\t: 85\nflags\t\t: fpu avx2 avx512f avx512_vnni\n"
    assert machine.named(text) == "Some CPU, family 6 model 85, AVX2, AVX-512, VNNI"
    assert machine.named("") == ""


def test_versions_can_be_written_down() -> None:
    assert json.loads(json.dumps(machine.lines()))["onnxruntime"]
