"""What executors are sent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from batch.shipping import named, packed


def test_executors_import_our_code_from_the_file_alone(tmp_path: Path) -> None:
    program = "import shared.sequence, batch; print(shared.sequence.__file__, batch.__file__)"
    file = packed(tmp_path)
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(file)}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [f"{file}/shared/sequence.py", f"{file}/batch/__init__.py"]


def test_the_same_code_has_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    one, two = packed(tmp_path), packed(tmp_path / "again")
    assert (one.name, one.read_bytes()) == (two.name, two.read_bytes())


def test_a_file_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    one, two = tmp_path / "backbone.onnx", tmp_path / "other" / "backbone.onnx"
    two.parent.mkdir()
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    assert len({named(file, tmp_path).name for file in (one, two, one)}) == 2
    assert named(one, tmp_path).read_bytes() == b"1"
