"""A mistake is one sentence on stderr and a non-zero exit code, never a traceback."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from azure.core.exceptions import AzureError

from cli import backbone, deployments, main, verdicts
from shared import __version__

from .conftest import Answer

UNCIA = Path(sys.executable).with_name("uncia")
TRAIN = ["--images", "card", "--out", "head.onnx"]
MISTAKES = [
    (["run", "nowhere"], "there is no folder nowhere"),
    (["run", "tiny.onnx"], "tiny.onnx is not a folder"),
    (["run", "empty"], "no images below empty"),
    (["run", "words"], "no images below words"),
    (["run", "card", "--head", "nowhere.onnx"], "the head nowhere.onnx cannot be read: no such file or directory"),
    (["run", "card", "--head", "card"], "the head card cannot be read: is a directory"),
    (["run", "card", "--head", "card/a/1.jpg"], "card/a/1.jpg: this is no head: it is not an ONNX network"),
    (["run", "card", "--head", "tiny.onnx"], "tiny.onnx: this is no head: it is a backbone, not a head"),
    (["run", "card", "--times", "nowhere.csv"], "nowhere.csv cannot be read: no such file or directory"),
    (["run", "card", "--times", "no column.csv"], "no column.csv has no column `captured_at`"),
    (["run", "card", "--times", "no time.csv"], "no time.csv, row 3: captured_at is 'yesterday'"),
    (["run", "card", "--times", "no file.csv"], "no file.csv names images that are not below card: a/9.jpg"),
    (["run", "card", "--out", "nowhere/labels.json"], "there is no folder nowhere"),
    (["run", "card", "--out", "card"], "card is a folder"),
    (["train", "--out", "h.onnx"], "name a manifest or a folder, or say --from-verdicts"),
    (["train", "no file.csv", "--out", "h.onnx"], "say with --images which folder the paths in no file.csv are below"),
    (["train", "no file.csv", "--from-verdicts", "--out", "h.onnx"], "--from-verdicts takes no manifest"),
    (["train", "--from-verdicts", "--out", "nowhere/h.onnx"], "there is no folder nowhere"),
    (["train", "--from-verdicts", "--out", "h.onnx", "--classes", "x"], "--classes: 'x' is not of the form"),
    (["train", "--from-verdicts", "--out", "h.onnx"], "no storage: run `uncia up`"),
    (["retrain"], "no storage: run `uncia up`"),
    (["heads"], "no storage: run `uncia up`"),
    (["next"], "no storage: run `uncia up`"),
    (["reconcile"], "no storage: run `uncia up`"),
    (["reconcile", "--recipe", "--json"], "--recipe goes alone"),
    (["verdicts", "list"], "no storage: run `uncia up`"),
    (["verdicts", "import", "nowhere.csv", "--by", "Ana"], "nowhere.csv cannot be read: no such file or directory"),
    (["verdicts", "import", "no species.csv", "--by", "Ana"], "no species.csv has no column `species`"),
    (["verdicts", "import", "one class.csv", "--by", ""], "the name of who said it is ''"),
    (["train", "no file.csv", "--images", "card", "--out", "nowhere/h.onnx"], "there is no folder nowhere"),
    (["train", "no file.csv", "--images", "nowhere", "--out", "h.onnx"], "there is no folder nowhere"),
    (["train", "one class.csv", *TRAIN, "--classes", "dog=wolf"], "a head needs at least two classes, here"),
    (["backbone", "untrained", "--out", "card"], "card is a folder"),
    (["train", "nowhere.csv", *TRAIN], "there is no file or folder nowhere.csv"),
    (["train", "no species.csv", *TRAIN], "no species.csv has no column `species`; its columns are: path, camera"),
    (["train", "no time.csv", *TRAIN], "no time.csv, row 3: captured_at is 'yesterday'"),
    (["train", "no file.csv", *TRAIN], "no file.csv, row 3: there is no image card/a/9.jpg"),
    (["train", "no camera.csv", *TRAIN], "no camera.csv, row 2: camera is empty"),
    (["train", "one class.csv", *TRAIN], "a head needs at least two classes"),
    (["train", "one class.csv", *TRAIN, "--classes", "cat"], "--classes: 'cat' is not of the form"),
    (["train", "one class.csv", *TRAIN, "--images", "card"], "give --images once, or once for each"),
    (["sequences", "nowhere.csv"], "nowhere.csv cannot be read: no such file or directory"),
    (["sequences", "no column.csv"], "no column.csv has no column `camera`; its columns are: path, when"),
    (["sequences", "no time.csv"], "no time.csv, row 3: captured_at is 'yesterday'"),
    (["sequences", "no cells.csv"], "no cells.csv, row 2: it has 1 cells, the header has 2"),
    (["sequences", "two clocks.csv"], "two clocks.csv, row 3: this time has an offset"),
    (["sequences", "nothing.csv"], "nothing.csv is empty"),
    (["sequences", "card/a/1.jpg"], "card/a/1.jpg is not UTF-8 text"),
    (["labels"], "no storage: run `uncia up`"),
    (["upload", "card"], "no storage: run `uncia up`"),
    (["publish", "card/a/1.jpg"], "card/a/1.jpg: this is no head"),
    (["publish", "nowhere.onnx"], "the head nowhere.onnx cannot be read: no such file or directory"),
    (["publish", "3f2a91"], "no storage: run `uncia up`"),
    (["deployments", "list"], "no storage: run `uncia up`"),
    (["deployments", "import", "nowhere.csv"], "nowhere.csv cannot be read"),
    (["deployments", "import", "card"], "card/deployments.csv cannot be read"),
    (["deployments", "import", "no column.csv"], "no column.csv has no column `deploymentID`, `latitude`, "),
    (["deployments", "import", "x.csv", "--utc-offset", "+5"], "'+5' is no UTC offset"),
    (["deployments", "template", "nothing.csv"], "nothing.csv exists already"),
    (["deployments", "clock", "a", "--undo", "--true", "2017"], "give both --shown and --true, or --undo"),
    (["deployments", "clock", "a", "--shown", "2017"], "give both --shown and --true, or --undo"),
    (["relabel"], "no storage: run `uncia up`"),
    (["reconcile", "--recipe"], "no storage: run `uncia up`"),
    (["demo", "--out", "card"], "card holds something else"),
    (["backbone", "build", "nowhere.onnx"], "nowhere.onnx cannot be read"),
    (["backbone", "build", "card/a/1.jpg", "--out", "new.onnx"], "this is not an ONNX file"),
    (["backbone", "build", "tiny.onnx", "--mean", "1,2"], "--mean takes three numbers"),
]  # fmt: skip
SETTINGS = [
    ("UNCIA_CROP_TOP", "abc", "UNCIA_CROP_TOP is 'abc': it must be a number from 0 to 0.5"),
    ("UNCIA_SEQUENCE_GAP_SECONDS", "-1", "UNCIA_SEQUENCE_GAP_SECONDS is '-1'"),
    ("UNCIA_BACKBONE", "nowhere.onnx", "the backbone nowhere.onnx cannot be read"),
    ("UNCIA_BACKBONE", "card/a/1.jpg", "card/a/1.jpg is no backbone"),
]
COMMANDS = [("", each) for each in main.app.registered_commands]
COMMANDS += [("backbone ", each) for each in backbone.app.registered_commands]
COMMANDS += [("verdicts ", each) for each in verdicts.app.registered_commands]
COMMANDS += [("deployments ", each) for each in deployments.app.registered_commands]


@pytest.mark.parametrize(("arguments", "sentence"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_one_sentence_on_stderr(
    desk: Path, uncia: Callable[..., Answer], arguments: list[str], sentence: str
) -> None:
    answer = uncia(*arguments)
    assert answer.err.strip().startswith(f"uncia: {sentence}")
    assert answer.err.strip().count("\n") == 0
    assert (answer.code, answer.out) == (1, "")


@pytest.mark.parametrize(("name", "value", "sentence"), SETTINGS)
def test_a_wrong_setting_is_named(
    desk: Path, uncia: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    answer = uncia("run", "card")
    assert answer.err.startswith(f"uncia: {sentence}")
    assert answer.code == 1


@pytest.mark.parametrize("arguments", [["run", "nowhere"], ["labels"], ["sequences", "no time.csv"], ["frobnicate"]])
def test_the_installed_command_fails_without_a_traceback(desk: Path, arguments: list[str]) -> None:
    done = subprocess.run([UNCIA, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_left_behind_by_a_mistake(desk: Path, uncia: Callable[..., Answer]) -> None:
    before = sorted(desk.rglob("*"))
    uncia("train", "one class.csv", *TRAIN)
    uncia("run", "card", "--head", "tiny.onnx", "--data", "kept")
    assert sorted(desk.rglob("*")) == before


def test_the_version_is_shown(uncia: Callable[..., Answer]) -> None:
    assert uncia("--version") == (0, f"{__version__}\n", "")


@pytest.mark.parametrize(("group", "command"), COMMANDS)
def test_every_command_is_shown_in_an_example(group: str, command: object) -> None:
    name = f"uncia {group}{command.name or command.callback.__name__}"
    assert name in (command.callback.__doc__ or "") + main.EXAMPLES


def test_ctrl_c_leaves_with_130(desk: Path, uncia: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.pictures.below", interrupt)
    assert uncia("run", "card").code == 130


def test_of_what_storage_answers_only_the_first_line_is_told(
    uncia: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(data: Path) -> None:
        raise AzureError("AuthenticationFailed\nRequestId: 1\nTime: 2")

    monkeypatch.setattr("cli.storage.found", refuse)
    assert uncia("labels") == (1, "", "uncia: storage answered with an error: AuthenticationFailed\n")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.ENOSPC, "No space left on device", "a/b"), "the disk is full: a/b"),
        (PermissionError(errno.EACCES, "Permission denied", "a/b"), "permission denied: a/b"),
        (OSError("odd"), "odd"),
    ],
)
def test_a_disk_that_refuses_is_told_in_a_few_words(error: OSError, sentence: str) -> None:
    assert main.disk(error) == sentence


def test_a_connection_string_that_is_none_is_told_so(
    desk: Path, uncia: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("Storage", "nonsense")
    assert uncia("labels").err.startswith("uncia: Storage is no connection string")
