"""What is true of the repository as a whole."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from shared.settings import PREFIX

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
TEXTS = [name for name in TRACKED if name and Path(ROOT, name).is_file()]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_no_committed_file_names_the_host_of_a_package_registry() -> None:
    # Written in halves, or this file would be the one that names them.
    hosts = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npm", "deb" + r"\.debian")))
    assert [name for name in TEXTS if hosts.search((ROOT / name).read_text("utf-8", "replace"))] == []


def test_every_setting_is_in_the_documentation_and_none_besides() -> None:
    code = set(re.findall(r'env, "([A-Z_]+)"|PREFIX \+ "([A-Z_]+)"', read("shared/settings.py")))
    settings = {PREFIX + (first or second) for first, second in code}
    assert settings == set(re.findall(r"`(UNCIA_[A-Z_]+)`", read("docs/settings.md")))


def test_every_value_in_host_json_is_the_one_that_the_documentation_gives_a_reason_for() -> None:
    host = json.loads(read("host.json"))
    assert host.pop("version") == "2.0"
    bundle = {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
    assert host.pop("extensionBundle") == bundle
    extensions = host.pop("extensions")
    assert set(extensions) == {"queues", "blobs"}
    rows = dict(re.findall(r"^\| `(\w+)` (\S+(?: (?:s|min))?) \|", read("docs/flow.md"), re.MULTILINE))
    assert host | extensions["queues"] | extensions["blobs"] == {name: as_in_json(said) for name, said in rows.items()}


def as_in_json(said: str) -> str | int:
    number, _, unit = said.partition(" ")
    if unit:
        return f"00:00:{int(number):02}" if unit == "s" else f"00:{int(number):02}:00"
    return int(number) if number.isdigit() else number


@pytest.mark.parametrize("package", ["azure-functions-runtime", "onnxruntime", "pillow", "azure-data-tables"])
def test_what_is_deployed_is_pinned_to_the_same_version_as_what_is_tested(package: str) -> None:
    pins = [
        re.findall(rf"^{package}==(\S+)", read(name), re.M) for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert len(pins[0]) == 1
    assert pins[0] == pins[1]


def test_every_requirement_has_its_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-batch.txt"):
        pinned = re.split(r"^(?=[a-z])", read(name), flags=re.M)[1:]
        assert [one.split()[0] for one in pinned if "--hash=sha256:" not in one] == []


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for name in (name for name in TEXTS if name.endswith(".md")):
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", read(name))
        assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == [], name


def test_every_test_that_a_document_names_is_there() -> None:
    named = {
        reference
        for name in TEXTS
        if name.endswith(".md")
        for reference in re.findall(r"tests/[\w/]+\.py(?:::\w+)?", read(name))
    }
    missing = [
        one
        for one in sorted(named)
        for file, _, test in [one.partition("::")]
        if file not in TEXTS or not re.search(rf"^(?:async )?def {test}\b" if test else "", read(file), re.M)
    ]
    assert named
    assert missing == []
