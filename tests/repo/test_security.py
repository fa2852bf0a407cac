"""What the page on security promises of the code as a whole."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [
    Path(name)
    for name in subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if not name.startswith("tests/")
]
# Each reads an object, or code, out of bytes.
LOADERS = {
    "pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "torch", "jsonpickle", "yaml",
    "pandas", "code", "codeop", "imp",
}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__"}
# PyTorch is measured here: its network is drawn, so it may be imported, and nothing be read by it.
MEASURED = {Path("bench/rival.py"), Path("bench/resnet50_torch.py")}
# Spark gives frames as pandas has them. What pandas reads and evaluates is in TEXTS, and found by its name.
SPARK = {Path(name) for name in (
    "batch/featurize.py", "batch/label.py", "batch/load.py", "batch/table.py", "batch/train.py",
    "bench/camera_group.py", "cli/sparktraining.py",
)}  # fmt: skip
TEXTS = {"read_pickle", "read_hdf", "to_pickle", "eval", "query"}
# Files of numpy can hold pickled objects; where one is read at all, it is said that it must not.
NUMPY = {"load", "memmap", "fromregex", "genfromtxt"}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """What is called, as it is written, with the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def unpickles(text: str) -> list[str]:
    """What a program does that could run what it reads."""
    tree, found = ast.parse(text), list[str]()
    for node in ast.walk(tree):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name.split(".")[0] in LOADERS]
    for name, call in calls(tree):
        pickled = any(one.arg == "allow_pickle" and ast.unparse(one.value) != "False" for one in call.keywords)
        loads = name in {f"{module}.{one}" for module in ("np", "numpy") for one in NUMPY}
        texts = "." in name and name.rpartition(".")[2] in TEXTS and bool(call.args or call.keywords)
        if name in CALLS or pickled or loads or texts or name in ("torch.load", "torch.jit.load", "pytorch.load"):
            found.append(name)
    return found


@pytest.mark.parametrize("file", CODE, ids=str)
def test_nothing_is_unpickled_and_no_text_becomes_code(file: Path) -> None:
    allowed = {"torch"} if file in MEASURED else {"pandas"} if file in SPARK else set()
    assert not {*unpickles((ROOT / file).read_text("utf-8"))} - allowed


@pytest.mark.parametrize(
    "text",
    ["import pickle", "from joblib import load", "import torch.nn", "import yaml", "eval('1')", "exec(x)", "np.load(f)",
     "numpy.load(f, allow_pickle=True)", "anything(allow_pickle=yes)", "from shelve import open", "torch.jit.load(f)",
     "import pandas", "pd.read_pickle(f)", "rows.query(text)", "batch.eval(text)"],
)  # fmt: skip
def test_a_program_that_does_is_found(text: str) -> None:
    assert unpickles(text)


def http_functions() -> dict[str, ast.FunctionDef]:
    """The HTTP functions of the app, by their routes."""
    found: dict[str, ast.FunctionDef] = {}
    for node in ast.parse((ROOT / "function_app.py").read_text("utf-8")).body:
        for call in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "app.route":
                (route,) = [one.value for one in call.keywords if one.arg == "route"]
                found[ast.literal_eval(route)] = node  # type: ignore[assignment]
    return found


def test_every_http_function_but_health_answers_through_the_one_gate() -> None:
    functions = http_functions()
    assert len(functions) > 5
    last = {route: ast.unparse(function.body[-1]) for route, function in functions.items()}
    assert [route for route, line in last.items() if not line.startswith("return web.answer(request, ")] == ["health"]


def test_what_writes_says_so_and_what_is_dear_has_a_rate() -> None:
    gates = {
        route: next(call for name, call in calls(made) if name == "web.answer")
        for route, made in http_functions().items()
        if route != "health"
    }
    said = {route: {str(one.arg): ast.unparse(one.value) for one in gate.keywords} for route, gate in gates.items()}
    assert [route for route, words in said.items() if words.get("writes") == "True"] == ["decisions"]
    rates = {route: words["rate"] for route, words in said.items() if "rate" in words}
    assert rates == {route: f"clients.rate('{route}')" for route in ("wall", "happened", "image", "export")}


def test_every_test_that_a_document_names_exists() -> None:
    tests: dict[str, set[str]] = {}
    named = 0
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text("utf-8")):
            text = (ROOT / file).read_text("utf-8") if (ROOT / file).is_file() else ""
            tests.setdefault(file, set(re.findall(r"^def (test_\w+)\(", text, re.MULTILINE)))
            assert test in tests[file], f"{page.name} names {file}::{test}"
            named += 1
    assert named > 30


def test_every_check_that_bandit_leaves_out_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    left_out = tomllib.loads(text)["tool"]["bandit"]["skips"]
    assert len(left_out) == len(re.findall(r'^    "B\d{3}", # .{20,}$', text, re.MULTILINE)) > 0
    assert "bandit --quiet --configfile pyproject.toml --recursive $(CODE)" in (ROOT / "Makefile").read_text("utf-8")


def test_bandit_looks_at_all_code_that_is_not_a_test() -> None:
    (looked_at,) = re.findall(r"^CODE := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {str(file) if len(file.parts) == 1 else file.parts[0] for file in CODE} == set(looked_at.split())
