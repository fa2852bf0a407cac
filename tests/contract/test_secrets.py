"""What opens storage is in nothing that a command writes, whatever goes wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli import invite

UNCIA = Path(sys.executable).with_name("uncia")
KEY = "c2VjcmV0LWtleS1vZi1ub2JvZHk="


def run(connection: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command with this connection, and none of the person's own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("UNCIA_", "Storage", "AZURE_"))}
    env |= {"Storage": connection, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(
        [UNCIA, *command], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def secrets(connection: str) -> list[str]:
    """The parts of a connection string that open something."""
    return re.findall(r"(?:AccountKey=|sig=)([^;&]+)", connection)


def connections(account: Mapping[str, str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Connections that do not do for what is asked, with the command that asks."""
    made = invite.issued(account, timedelta(hours=1), datetime.now(UTC)).connection
    wrong_key = re.sub("AccountKey=[^;]+", f"AccountKey={KEY}", account["connection"])
    return {
        "a pass that may not list tables": (made, ("labels",)),
        "a pass that may not read heads": (made, ("heads",)),
        "a pass whose end is lost": (made[:-6], ("upload", "card")),
        "a pass that makes no pass": (made, ("invite",)),
        "a key of another account": (wrong_key, ("labels",)),
        "a key that is no base64": (wrong_key.replace(KEY, "not base64 at all!"), ("labels",)),
        "an address that is none": (f"BlobEndpoint=nonsense;AccountKey={KEY}", ("upload", "card")),
        "nothing but a key": (f"AccountKey={KEY}", ("labels",)),
    }


CASES = [*connections({"connection": f"BlobEndpoint=https://a.example;AccountName=a;AccountKey={KEY}"})]


@pytest.mark.parametrize("case", CASES)
def test_a_command_that_fails_shows_no_secret(account: dict[str, str], tmp_path: Path, case: str) -> None:
    connection, command = connections(account)[case]
    (tmp_path / "card" / "a").mkdir(parents=True)
    (tmp_path / "card" / "a" / "1.jpg").write_bytes(b"image")
    done = run(connection, tmp_path, *command)
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1].startswith("uncia: ")
    assert "Traceback" not in done.stderr
    assert [secret for secret in secrets(connection) if secret in done.stdout + done.stderr] == []
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(secret.encode() in content for content in written for secret in secrets(connection))


def test_a_pass_is_printed_where_it_is_asked_for_and_nowhere_else(account: dict[str, str], tmp_path: Path) -> None:
    done = run(account["connection"], tmp_path, "invite", "--days", "0.5")
    assert (done.returncode, len(secrets(done.stdout))) == (0, 1)
    assert not any(secret in done.stderr for secret in (*secrets(done.stdout), *secrets(account["connection"])))
    assert "&sp=c&" in done.stdout
    assert run(done.stdout.strip(), tmp_path, "invite").stdout == ""
