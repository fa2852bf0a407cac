"""What the steps expect of the tables, asked of the real ones (Azurite) and of those in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from azure.core.exceptions import AzureError
from azure.data.tables import TableServiceClient

from shared import answer, connect
from shared.brief import Brief
from shared.day import Day, Settled
from shared.decision import Decision
from shared.errors import LimitExceeded
from shared.frame import Frame, merged
from shared.keys import escape
from shared.label import Changes, Label, Stored, labels
from shared.sequence import Limits
from shared.store import Store
from shared.verdict import Lesson, Verdict
from tests.memory import MemoryStore
from tests.unit.shared.making import NOON, FakeHead, corrupt, deployment, frame, note_due, say, seen, settle

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ALL = ("0", "~")
NAMES = [
    "Snow Leopard 1", "a/b", "a\\b", "a#b", "a?b", "50%", "a=2Fb", "O'Brien \"north\"", "Снежный барс", "雪豹 🐆",
    "e" * 300, "/" * 300, "tab\there", "🐆" * 300,
]  # fmt: skip
STALE = "W/\"datetime'2001-01-01T00%3A00%3A00.0000000Z'\""


@pytest.fixture(scope="session")
def service(account: dict[str, str]) -> Iterator[TableServiceClient]:
    with connect.tables(account) as tables:
        yield tables


@pytest.fixture(scope="session")
def real(service: TableServiceClient) -> Store:
    return Store(service)


@pytest.fixture(params=["memory", "azurite"])
def store(request: pytest.FixtureRequest) -> Any:
    return MemoryStore() if request.param == "memory" else request.getfixturevalue("real")


@pytest.fixture
def camera() -> str:
    return f"camera {uuid4()}"


def whole(camera: str) -> Frame:
    features, preview = bytes(range(256)) * 16, b"\xff\xd8" * 9_000
    said = {"path": f"{camera}/ä 'x'.JPG", "etag": '"0x8D"', "size": 3_000_000, "width": 2048, "height": 1536}
    time = {"time_source": "exif:DateTimeOriginal", "time_said": "2026:01:31 12:00:00\x01", "backbone": "tiny-1"}
    return replace(seen(0.25, camera=camera), features=features, preview=preview, **said, **time)


def label(camera: str, at: float = 0, score: float = 0.9, count: int = 1) -> Label:
    limits = Limits(cap=timedelta(), most=count)
    (only,) = labels([seen(at + i, score, camera=camera) for i in range(count)], limits, FakeHead())
    return only


def create(*made: Label) -> Changes:
    return Changes(made, (), ())


def stored(store: Any, camera: str) -> list[Label]:
    return [one.label for one in store.read_labels(camera, *ALL)]


def verdict(one: Frame, said: str = "leopard") -> Verdict:
    return Verdict(camera=one.camera, row_key=one.row_key, said=said, by="Ana", at=NOW)


def judged(store: Any, camera: str) -> list[Lesson]:
    return [one for one in store.verdicts() if one.verdict.camera == camera]


def test_labels_are_read_on_from_any_one_of_them(store: Any, camera: str) -> None:
    names = [f"{camera} {name}" for name in ("#", "a", "b")]
    made = [label(name, at) for name in names for at in (0, 100)]
    for one in made:
        store.apply(Changes((one,), (), ()), NOW)
    keys = sorted((escape(one.camera), one.sequence_id) for one in made)
    own = {(escape(one.camera), one.sequence_id): one for one in made}
    for place, key in enumerate(keys):
        after = [one for one in store.labels_after(own[key].camera, key[1]) if one.camera.startswith(camera)]
        assert after == [own[other] for other in keys[place + 1 :]]
    assert [*store.labels_after(names[1], only=True)] == [own[key] for key in keys if key[0] == escape(names[1])]


def test_a_frame_comes_back_whole_with_features_and_preview(store: Any, camera: str) -> None:
    assert store.write_frame(whole(camera), "")
    assert store.read_frame(camera, whole(camera).row_key)[0] == whole(camera)


@pytest.mark.parametrize("made", [corrupt, lambda **said: frame(None, suspect=True, **said)])
def test_a_frame_of_which_little_is_known_comes_back_too(store: Any, camera: str, made: Any) -> None:
    one = made(camera=camera)
    store.write_frame(one, "")
    assert store.read_frame(camera, one.row_key)[0] == one


def test_a_frame_that_is_not_there_has_no_etag(store: Any, camera: str) -> None:
    assert store.read_frame(camera, "nothing") == (None, "")


@pytest.mark.parametrize("name", NAMES)
def test_a_camera_may_have_any_name(store: Any, name: str) -> None:
    name = name + uuid4().hex
    one, made = seen(camera=name), label(name)
    store.write_frame(one, "")
    note_due(store, name, one.day, NOW)
    store.apply(create(made), NOW)
    assert store.read_frame(name, one.row_key)[0] == one
    assert store.read_frames(name, one.day)[0].camera == store.read_day(name, one.day).camera == name
    assert [*store.all_labels(name)] == stored(store, name) == [made]


def test_which_uploads_a_frame_answers_is_read_with_its_key_alone(store: Any, camera: str) -> None:
    frames = [merged(None, whole(camera)), seen(None, camera=camera, path="b", etag="2")]
    for one in frames:
        store.write_frame(one, "")
    assert [*store.answers(camera)] == [
        (frames[0].row_key, answer.of(whole(camera).path, "0x8D", 3_000_000)),
        (frames[1].row_key, answer.old("b", "2", 0)),
    ]
    assert store.read_frame(camera, frames[0].row_key)[0].answers == frames[0].answers
    assert [one.answers for one in store.read_frames(camera, frames[0].day)] == [b""]


def test_a_frame_may_answer_as_many_uploads_as_a_property_holds(store: Any, camera: str) -> None:
    names = (f"{camera}/{number}" for number in range(answer.MOST + 1))
    full = answer.united(b"".join(answer.of(name, "1", 7) for name in names), b"", 7)
    one = replace(whole(camera), answers=full)
    assert store.write_frame(one, "")
    assert [*store.answers(camera)] == [(one.row_key, full)]


def test_a_frame_is_created_once(store: Any, camera: str) -> None:
    one = seen(camera=camera)
    assert store.write_frame(one, "")
    assert not store.write_frame(replace(one, path="other"), "")
    assert store.read_frame(camera, one.row_key)[0] == one


def test_a_frame_that_changed_meanwhile_is_not_overwritten(store: Any, camera: str) -> None:
    one = seen(camera=camera)
    store.write_frame(one, "")
    _, etag = store.read_frame(camera, one.row_key)
    assert store.write_frame(replace(one, path="first"), etag)
    assert not store.write_frame(replace(one, path="second"), etag)
    assert store.read_frame(camera, one.row_key)[0].path == "first"


def test_a_frame_that_is_gone_is_not_updated(store: Any, camera: str) -> None:
    assert not store.write_frame(seen(camera=camera), STALE)


def test_a_verdict_survives_that_the_frame_is_written_again(store: Any, camera: str) -> None:
    one = seen(camera=camera)
    store.write_frame(one, "")
    assert say(store, [verdict(one)]) == 1
    assert store.write_frame(replace(one, path="new"), store.read_frame(camera, one.row_key)[1])
    assert [(said.verdict, said.path) for said in judged(store, camera)] == [(verdict(one), "new")]


def test_a_verdict_leaves_the_frame_as_it_was(store: Any, camera: str) -> None:
    store.write_frame(whole(camera), "")
    say(store, [verdict(whole(camera))])
    assert store.read_frame(camera, whole(camera).row_key)[0] == replace(whole(camera), verdict=verdict(whole(camera)))


def test_a_verdict_comes_back_with_its_frames_features(store: Any, camera: str) -> None:
    frames = [seen(0, 0.25, camera=camera), seen(None, camera=camera), seen(90_000, camera=camera)]
    frames.append(corrupt(7, camera=camera))
    for one in frames:
        store.write_frame(one, "")
    assert say(store, [verdict(one, "Löwe 'x'") for one in frames if one.day != "20260201"]) == 3
    found = [one for one in store.lessons() if one.verdict.camera == camera]
    assert [one.verdict.row_key for one in found] == sorted(one.row_key for one in frames if one.day != "20260201")
    (first,) = [one for one in found if one.verdict.row_key == frames[0].row_key]
    said = {"path": frames[0].path, "captured_at": NOON, "recipe": frames[0].recipe, "backbone": frames[0].backbone}
    assert first == Lesson(verdict=verdict(frames[0], "Löwe 'x'"), features=frames[0].features, **said)
    assert [replace(one, features=b"") for one in found] == judged(store, camera)


def test_frames_that_are_not_there_get_no_verdict_and_keep_none_from_the_others(store: Any, camera: str) -> None:
    one, missing = seen(camera=camera), seen(5, camera=camera)
    store.write_frame(one, "")
    assert say(store, [verdict(missing), verdict(one)]) == 1
    assert store.read_frame(camera, missing.row_key) == (None, "")
    assert [said.verdict for said in judged(store, camera)] == [verdict(one)]


def test_the_last_verdict_on_a_frame_counts(store: Any, camera: str) -> None:
    one = seen(camera=camera)
    store.write_frame(one, "")
    assert say(store, [verdict(one, "ibex"), verdict(one, "leopard")]) == 1
    assert say(store, [verdict(one, "blank")]) == 1
    assert [said.verdict.said for said in judged(store, camera)] == ["blank"]


def test_250_verdicts_on_two_cameras_are_written_at_once(store: Any, camera: str) -> None:
    frames = [seen(at, camera=f"{camera}/{at % 2}") for at in range(250)]
    for one in frames:
        store.write_frame(one, "")
    assert say(store, [verdict(one) for one in frames]) == 250
    assert sum(len(judged(store, f"{camera}/{number}")) for number in range(2)) == 250


def test_a_cameras_sequences_and_paths_are_listed_in_order(store: Any, camera: str) -> None:
    made, frames = [label(camera, at) for at in (100, 0)], [seen(at, camera=camera) for at in (0, 100)]
    store.apply(create(*made), NOW)
    for one in frames:
        store.write_frame(one, "")
    paths = [(camera, one.row_key, one.path) for one in frames]
    assert store.sequence_ids(camera) == [one.row_key for one in frames]
    assert [*store.frame_paths(camera)] == [one for one in store.frame_paths() if one[0] == camera] == paths
    assert (store.sequence_ids(camera + " 2"), [*store.frame_paths(camera + " 2")]) == ([], [])


def test_a_merge_replaces_scores_by_none(store: Any, camera: str) -> None:
    one = seen(camera=camera)
    store.write_frame(one, "")
    bare = replace(one, scores=None, head="", preview=b"", features=b"")
    store.write_frame(bare, store.read_frame(camera, one.row_key)[1])
    assert store.read_frame(camera, one.row_key)[0] == bare


def test_a_days_frames_come_in_order_without_features(store: Any, camera: str) -> None:
    midnight = datetime(2026, 1, 31)
    times = [midnight - timedelta(microseconds=1), midnight, NOON, midnight + timedelta(days=1, microseconds=-1)]
    frames = [seen(at, camera=camera, preview=b"x") for at in [*times, midnight + timedelta(days=1)]]
    for one in reversed(frames):
        store.write_frame(one, "")
    light = [replace(one, features=b"", preview=b"") for one in frames]
    assert store.read_frames(camera, "20260131") == light[1:4]


def test_undated_frames_are_a_day_of_their_own(store: Any, camera: str) -> None:
    undated = sorted((seen(None, camera=camera, seed=seed) for seed in "abc"), key=lambda one: one.digest)
    for one in (*undated, seen(camera=camera)):
        store.write_frame(one, "")
    assert [one.digest for one in store.read_frames(camera, "undated")] == [one.digest for one in undated]


def test_features_are_read_by_range_with_both_ends(store: Any, camera: str) -> None:
    frames = [seen(at, at / 10, camera=camera) for at in range(4)]
    for one in frames:
        store.write_frame(one, "")
    wanted = {one.row_key: one.features for one in frames[1:3]}
    assert store.read_features(camera, frames[1].row_key, frames[2].row_key) == wanted


def test_corrupt_frames_have_no_features_and_do_no_harm(store: Any, camera: str) -> None:
    one = corrupt(camera=camera)
    store.write_frame(one, "")
    assert store.read_features(camera, *ALL) == {one.row_key: b""}


def test_another_cameras_rows_are_not_read(store: Any, camera: str) -> None:
    store.write_frame(seen(camera=camera + " 2"), "")
    store.apply(create(label(camera + " 2")), NOW)
    assert (store.read_frames(camera, "20260131"), stored(store, camera), [*store.all_labels(camera)]) == ([], [], [])


def test_every_frame_is_listed_by_its_keys(store: Any, camera: str) -> None:
    one = seen(camera=camera)
    store.write_frame(one, "")
    assert (escape(camera), one.row_key) in set(store.frame_keys())


def test_a_day_is_due_and_not_settled(store: Any, camera: str) -> None:
    note_due(store, camera, "20260131", NOW)
    day = store.read_day(camera, "20260131")
    assert (day.due, day.settled, bool(day.etag)) == (NOW, False, True)


def test_a_day_that_somebody_else_opened_first_is_not_opened(store: Any, camera: str) -> None:
    new = Day(camera=camera, day="20260131", due=NOW)
    assert store.open_day(new)
    assert not store.open_day(new)
    row = store.read_day(camera, "20260131")
    assert store.open_day(replace(row, due=LATER))
    assert not store.open_day(row)
    assert store.read_day(camera, "20260131").due == LATER
    assert not store.open_day(Day(camera=camera, day="undated", due=NOW, etag=row.etag))


def test_a_day_of_which_no_frame_came_has_no_row(store: Any, camera: str) -> None:
    assert store.read_day(camera, "20260131") is None


def test_a_settled_day_keeps_its_due_and_counts_until_it_is_due_again(store: Any, camera: str) -> None:
    note_due(store, camera, "20260131", NOW)
    assert store.tell(store.read_day(camera, "20260131"), [], 3, Settled("head 1", 3, 1, LATER))
    day = store.read_day(camera, "20260131")
    assert (day.due, day.settled, day.head) == (NOW, True, "head 1")
    note_due(store, camera, "20260131", LATER)
    day = store.read_day(camera, "20260131")
    assert (day.settled, day.head) == (False, "head 1")
    assert store._days.get_entity(escape(camera), "20260131")["n_frames"] == 3


def test_a_day_whose_row_changed_is_not_settled(store: Any, camera: str) -> None:
    note_due(store, camera, "20260131", NOW)
    day = store.read_day(camera, "20260131")
    note_due(store, camera, "20260131", LATER)
    assert not store.tell(day, [], 3, Settled("head 1", 3, 1, LATER))
    assert store.read_day(camera, "20260131").due == LATER


def test_unsettled_days_are_found_among_all(store: Any, camera: str) -> None:
    for day in ("20260131", "20260201", "undated"):
        note_due(store, camera, day, NOW)
    settle(store, camera, "20260201")
    found = [[one.day for one in store.read_days(unsettled=only) if one.camera == camera] for only in (True, False)]
    assert [sorted(days) for days in found] == [["20260131", "undated"], ["20260131", "20260201", "undated"]]


def test_days_never_settled_under_a_head_or_later_under_another_are_found(store: Any, camera: str) -> None:
    for day, head in {"20260131": "head 1", "20260201": "head 2", "20260202": "head 2", "20260203": ""}.items():
        note_due(store, camera, day, NOW)
        settle(store, camera, day, head)
    note_due(store, camera, "20260202", LATER)
    note_due(store, camera, "undated", NOW)
    found = {one.day: one.head for one in store.days_not_under("head 2") if one.camera == camera}
    assert found == {"20260131": "head 1", "20260203": "", "undated": ""}


def test_labels_are_created_updated_and_deleted(store: Any, camera: str) -> None:
    store.apply(create(label(camera, 0), label(camera, 100), label(camera, 200)), NOW)
    first, second, third = store.read_labels(camera, *ALL)
    fresh, better = label(camera, 300), replace(second.label, label="blank", probability=None, scores={})
    store.apply(Changes((fresh,), (Stored(better, second.etag),), (third,)), LATER)
    assert stored(store, camera) == [first.label, better, fresh]


def test_a_label_comes_back_as_it_was(store: Any, camera: str) -> None:
    frames = [seen(None, camera=camera), corrupt(0.5, camera=camera), seen(1, 1.0, camera=camera)]
    made = labels(frames, Limits(), FakeHead())
    store.apply(create(*made), NOW)
    assert stored(store, camera) == made


def test_a_label_comes_back_with_what_earlier_heads_said(store: Any, camera: str) -> None:
    made = replace(label(camera), earlier={"head 0": ("blank", 0.7), "head -1": ("corrupt", None)})
    store.apply(create(made), NOW)
    assert [one.earlier for one in store.all_labels(camera)] == [made.earlier]
    assert [one.label.earlier for one in store.read_labels(camera, *ALL)] == [made.earlier]


def test_labels_are_read_by_range_with_both_ends(store: Any, camera: str) -> None:
    made = [label(camera, at) for at in (0, 100, 200, 300)]
    store.apply(create(*made), NOW)
    found = store.read_labels(camera, made[1].sequence_id, made[2].sequence_id)
    assert [one.label for one in found] == made[1:3]


def test_an_update_leaves_nothing_of_a_longer_sequence(store: Any, camera: str) -> None:
    store.apply(create(label(camera, count=3_000)), NOW)
    (long,) = store.read_labels(camera, *ALL)
    short = label(camera)
    store.apply(Changes((), (Stored(short, long.etag),), ()), NOW)
    assert stored(store, camera) == [short]


def test_a_label_that_no_row_can_hold_is_refused_and_the_others_are_written(store: Any, camera: str) -> None:
    store.apply(create(label(camera, 0, 0.2), label(camera, 100), label(camera, 200)), NOW)
    first, second, third = store.read_labels(camera, *ALL)
    long, better, new = replace(label(camera, 0), head="x" * 40_000), label(camera, 100, 0.3), label(camera, 300)
    with pytest.raises(LimitExceeded, match="head has 80,000 bytes"):
        store.apply(Changes((new,), (Stored(long, first.etag), Stored(better, second.etag)), (third,)), LATER)
    assert stored(store, camera) == [first.label, better, new]


@pytest.mark.parametrize("kind", ["create", "update", "delete"])
def test_a_label_that_another_wrote_meanwhile_stays_theirs(store: Any, camera: str, kind: str) -> None:
    store.apply(create(label(camera)), NOW)
    (old,) = store.read_labels(camera, *ALL)
    theirs, ours = replace(old.label, label="theirs"), Stored(replace(old.label, label="ours"), old.etag)
    store.apply(Changes((), (Stored(theirs, old.etag),), ()), NOW)
    what: dict[str, Any] = {"create": (), "update": (), "delete": ()}
    store.apply(Changes(**what | {kind: (ours.label if kind == "create" else ours,)}), LATER)
    assert stored(store, camera) == [theirs]


@pytest.mark.parametrize("kind", ["update", "delete"])
def test_a_label_that_another_deleted_meanwhile_stays_deleted(store: Any, camera: str, kind: str) -> None:
    store.apply(create(label(camera)), NOW)
    (old,) = store.read_labels(camera, *ALL)
    store.apply(Changes((), (), (old,)), NOW)
    what: dict[str, Any] = {"create": (), "update": (), "delete": ()}
    store.apply(Changes(**what | {kind: (old,)}), LATER)
    assert stored(store, camera) == []


def test_a_second_look_writes_what_a_conflict_kept_back(store: Any, camera: str) -> None:
    made = [label(camera, at) for at in (0, 100)]
    store.apply(create(made[0]), NOW)
    store.apply(create(*made), NOW)
    store.apply(create(*(one for one in made if one not in stored(store, camera))), NOW)
    assert stored(store, camera) == made


def test_250_labels_are_written_at_once(store: Any, camera: str) -> None:
    made = [label(camera, 100 * at) for at in range(250)]
    store.apply(create(*made), NOW)
    assert stored(store, camera) == made


def test_a_sequence_of_3000_frames_is_one_label(store: Any, camera: str) -> None:
    long = label(camera, count=3_000)
    store.apply(create(long), NOW)
    assert stored(store, camera) == [long]
    assert long.n_frames == len(long.frames) == 3_000


def test_labels_of_more_bytes_than_one_transaction_takes_are_written(store: Any, camera: str) -> None:
    paths = [os.urandom(400_000).hex() for _ in range(6)]
    one = label(camera)
    shots = [(replace(one.frames[0], path=path),) for path in paths]
    made = [replace(one, sequence_id=f"{at}", frames=frames) for at, frames in enumerate(shots)]
    store.apply(create(*made), NOW)
    assert stored(store, camera) == made


def test_a_row_above_one_mebibyte_is_refused_by_name(store: Any, camera: str) -> None:
    one = label(camera)
    large = replace(one, frames=(replace(one.frames[0], path=os.urandom(1_100_000).hex()),))
    with pytest.raises(LimitExceeded, match=rf"{camera}.*{one.sequence_id}.*1,048,576"):
        store.apply(create(large), NOW)


def test_a_property_above_64_kibibytes_is_refused_by_name(store: Any, camera: str) -> None:
    one = frame(camera=camera, preview=b"x" * 65_537)
    with pytest.raises(LimitExceeded, match=rf"{camera}.*{one.row_key}.*preview has 65,537"):
        store.write_frame(one, "")


def test_a_property_of_exactly_64_kibibytes_is_kept(store: Any, camera: str) -> None:
    one = frame(camera=camera, preview=b"x" * 65_536, reason="y" * 32_768)
    store.write_frame(one, "")
    assert store.read_frame(camera, one.row_key)[0] == one


def test_a_frame_that_is_deleted_is_gone_and_its_neighbour_stays(store: Any, camera: str) -> None:
    one, two = seen(0, camera=camera), seen(1, camera=camera)
    for each in (one, two):
        store.write_frame(each, "")
    for _ in range(2):
        store.delete_frame(camera, one.row_key)
    assert [key for _, key, _ in store.frame_paths(camera)] == [two.row_key]


def test_a_camera_is_forgotten_and_no_other(store: Any, camera: str) -> None:
    for name in (camera, f"{camera} 2"):
        for number in range(101):
            store.write_frame(seen(number, camera=name), "")
        note_due(store, name, "20260131", NOW)
        say(store, [Verdict(camera=name, row_key=seen(0, camera=name).row_key, said="x", by="y", at=NOW)])
        store.apply(create(label(name)), NOW)
    assert store.forget(camera) == 101 + 4
    assert store.forget(camera) == 0
    assert [*store.frame_paths(camera), *store.read_labels(camera, *ALL)] == []
    assert store.read_day(camera, "20260131") is None
    assert store.forget(f"{camera} 2") == 101 + 4


def test_a_camera_whose_images_are_forgotten_still_stood_where_it_stood(store: Any, camera: str) -> None:
    store.write_deployments([deployment(id=camera, camera=camera)])
    assert store.forget(camera) == 0
    assert len(store.read_deployments(camera)) == 1


def test_a_deployment_comes_back_as_it_was(store: Any, camera: str) -> None:
    columns = {"locationName": "Löwe 'x'", "deploymentTags": "a|b\nc"}
    clock = {"correction": timedelta(days=1908, microseconds=1), "clock_note": "why", "clock_at": NOON}
    plain, slow = (
        deployment(id=camera + end, camera=camera, columns=columns, **more) for end, more in (("1", {}), ("2", clock))
    )
    assert store.write_deployments([slow, plain]) == 2
    assert [*store.read_deployments(camera)] == [plain, slow]
    assert [*store.read_deployments(camera)][1].start.utcoffset() == timedelta(hours=5, minutes=45)
    assert [one for one in store.read_deployments() if one.camera == camera] == [plain, slow]


@pytest.mark.parametrize("name", NAMES)
def test_a_deployment_may_have_any_name_and_camera(store: Any, name: str) -> None:
    camera, longest = name + uuid4().hex, name * 40
    several = [deployment(id=longest + end + camera, camera=camera) for end in ("a", "b")]
    store.write_deployments(several)
    assert [*store.read_deployments(camera)] == several
    store.delete_deployment(several[0])
    store.delete_deployment(several[0])
    assert [*store.read_deployments(camera)] == several[1:]


def test_a_deployment_that_comes_again_replaces_the_earlier_one_whatever_changed(store: Any, camera: str) -> None:
    first = deployment(id=camera, camera=camera, correction=timedelta(1), columns={"habitat": "scree"})
    other = deployment(id=f"{camera} 2", camera=camera)
    store.write_deployments([first, other])
    moved = deployment(id=camera, camera=f"{camera} b")
    for changed in (
        deployment(id=camera, camera=camera), deployment("2026-01-02T00:00:00Z", id=camera, camera=camera), moved
    ):  # fmt: skip
        assert store.write_deployments([first, changed]) == 1
        found = [one for one in store.read_deployments() if camera in one.deployment_id]
        assert sorted(found, key=lambda one: one.deployment_id) == [changed, other]


def test_nothing_is_written_where_one_deployment_is_too_large(store: Any, camera: str) -> None:
    large = deployment(id=f"{camera} 2", camera=camera, columns={"habitat": "x" * 32_768})
    with pytest.raises(LimitExceeded, match=rf"{camera}.*columns has"):
        store.write_deployments([deployment(id=camera, camera=camera), large])
    assert not store.read_deployments(camera)


def test_both_stores_do_the_same_things() -> None:
    public = [{name for name in vars(kind) if not name.startswith("_")} for kind in (Store, MemoryStore)]
    assert public[0] == public[1]


def test_a_table_that_is_gone_is_no_conflict(service: TableServiceClient, real: Store, camera: str) -> None:
    service.delete_table("frames")
    try:
        with pytest.raises(AzureError):
            real.write_frame(seen(camera=camera), "")
    finally:
        Store(service)


def test_frames_of_other_recipes_are_found_by_what_they_are_called(store: Any, camera: str) -> None:
    ours, other = seen(0, camera=camera), seen(1, camera=camera, recipe="o'ther~0.0~0.1", size=9, preview=b"x")
    for one in (ours, other, corrupt(2, camera=camera)):
        store.write_frame(one, "")
    (found,) = [one for one in store.frames_of_other_recipes(ours.recipe) if one.camera == camera]
    assert found == replace(other, features=b"", preview=b"", scores=None, head="")
    assert found not in [*store.frames_of_other_recipes(other.recipe)]


def decision(*on: Frame, said: str = "cat", at: datetime = NOW) -> Decision:
    keys = tuple(one.row_key for one in on)
    return Decision(camera=on[0].camera, sequence_id=keys[0], frames=keys, said=said, by="Ana", at=at)


def etags(store: Any, *on: Frame) -> dict[str, str]:
    found = store.read_verdicts(on[0].camera, {one.row_key for one in on})
    return {row_key: etag for row_key, (_, etag) in found.items()}


def test_a_decision_is_on_all_its_frames_and_kept_for_good(store: Any, camera: str) -> None:
    frames = [seen(at, camera=camera) for at in range(250)]
    for one in frames:
        store.write_frame(one, "")
    assert store.decide([made := decision(*frames)], etags(store, *frames))
    assert store.decide([withdrawn := decision(frames[0], said="", at=LATER)], etags(store, frames[0]))
    found = store.read_verdicts(camera, {one.row_key for one in frames[:2]})
    assert [(said and said.said, said and said.of_sequence) for said, _ in found.values()] == [
        (None, None),
        ("cat", True),
    ]
    assert store.read_frames(camera, "20260131")[1].verdict == found[frames[1].row_key][0]
    assert [*store.decisions(camera)] == [made, withdrawn]
    assert len(judged(store, camera)) == 249


def test_a_decision_on_a_frame_that_changed_meanwhile_is_not_made(store: Any, camera: str) -> None:
    one = seen(camera=camera)
    store.write_frame(one, "")
    old = etags(store, one)
    say(store, [verdict(one)])
    assert not store.decide([decision(one)], old)
    assert [said.verdict for said in judged(store, camera)] == [verdict(one)]


def test_many_decisions_about_a_camera_are_made_at_once(store: Any, camera: str) -> None:
    frames = [seen(at, camera=camera) for at in range(250)]
    for one in frames:
        store.write_frame(one, "")
    made = [decision(one, said=f"species {number}") for number, one in enumerate(frames)]
    assert store.decide(made, etags(store, *frames))
    assert sorted(one.said for one in store.decisions(camera)) == sorted(one.said for one in made)
    assert [said.verdict.said for said in judged(store, camera)] == [one.said for one in made]


def test_one_label_can_be_read_by_its_id(store: Any, camera: str) -> None:
    store.apply(create(label(camera), label(camera, 500)), NOW)
    assert [store.read_label(camera, label(camera, 500).sequence_id)] == store.read_labels(camera, *ALL)[1:]
    assert store.read_label(camera, "nothing") is None


def test_a_day_tells_of_its_sequences_in_brief(store: Any, camera: str) -> None:
    briefs = [Brief.of(label(camera, at)) for at in (0, 500)]
    note_due(store, camera, "20260131", NOW)
    before = store.read_day(camera, "20260131")
    assert store.tell(before, briefs, 5)
    assert [*store.briefs(camera)] == briefs
    assert (before.seen, store.read_day(camera, "20260131").seen) == (0, 5)
    assert [*store.briefs(camera, "20260201")] == [*store.briefs(camera, last="20260130")] == []
    assert [one for one in store.briefs(last="20260131") if one.camera == camera] == briefs
    assert not store.tell(before, [])
    assert [*store.briefs(camera)] == briefs


def test_a_day_that_is_gone_tells_nothing(store: Any, camera: str) -> None:
    note_due(store, camera, "20260131", NOW)
    day = store.read_day(camera, "20260131")
    store.forget(camera)
    assert not store.tell(day, [])
    assert [*store.briefs(camera)] == []


def same(day: Day) -> list[Brief]:
    """What two who read the same frames tell of a day."""
    return [Brief.of(label(day.camera))]


def due(store: Any, camera: str) -> Day:
    """A day that is due, as it was read."""
    note_due(store, camera, "20260131", NOW)
    found: Day = store.read_day(camera, "20260131")
    return found


@pytest.mark.parametrize("settled", [None, Settled("", 1, 0, NOW)])
def test_a_day_that_says_the_same_already_is_told(store: Any, camera: str, settled: Settled | None) -> None:
    day = due(store, camera)
    assert store.tell(day, same(day), 1, settled)
    assert store.tell(day, same(day), 1, settled)
    assert store.read_day(camera, "20260131").settled == (settled is not None)


def test_a_day_that_somebody_else_settled_is_not_settled_again(store: Any, camera: str) -> None:
    day = due(store, camera)
    assert store.tell(day, same(day), 1, Settled("", 1, 0, NOW))
    assert not store.tell(day, same(day), 1, Settled("", 1, 0, LATER))


def test_a_day_that_says_something_else_is_not_told(store: Any, camera: str) -> None:
    day = due(store, camera)
    store.tell(day, same(day), 1)
    assert not store.tell(day, [], 0)


def test_a_day_that_was_asked_for_or_settled_meanwhile_is_not_told_though_it_says_the_same(
    store: Any, camera: str
) -> None:
    day = due(store, camera)
    store.tell(day, same(day), 1, Settled("", 1, 0, NOW))
    assert not store.tell(day, same(day), 1)
    note_due(store, camera, "20260131", LATER)
    assert not store.tell(day, same(day), 1)
