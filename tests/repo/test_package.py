"""What is deployed: all that the functions need, little besides, and within what an instance has room for."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions, packages_distributions
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from shared.settings import environment

ROOT = Path(__file__).parents[2]
IGNORED = GitIgnoreSpec.from_lines(ROOT.joinpath(".funcignore").read_text("utf-8").splitlines())
CACHE = "__pycache__"
OUR_PYTHON = environment() | {"PATH": f"{Path(sys.executable).parent}:{environment()['PATH']}"}
OURS = ("functions", "shared", "training")
MB = 1_000_000
# An instance of a Flex Consumption app has 0.8 GB of temporary storage, into which all of it is unpacked.
ROOM, BACKBONE, CODE = 800 * MB, 100 * MB, MB


def tree() -> Iterator[str]:
    """Every file of the project, as git sees it: committed, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return (name for name in said.split("\0") if name and ROOT.joinpath(name).is_file())


PACKAGE = sorted(name for name in tree() if not IGNORED.match_file(name))


def source(module: str) -> str:
    """The file of one of our modules; nothing for anybody else's."""
    path = module.replace(".", "/")
    return next((name for name in (f"{path}.py", f"{path}/__init__.py") if ROOT.joinpath(name).is_file()), "")


def imported(module: str) -> Iterator[str]:
    """What a module imports, at once or later."""
    for node in ast.walk(ast.parse(ROOT.joinpath(source(module)).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (name for alias in node.names if source(name := f"{node.module}.{alias.name}"))


def needed() -> tuple[set[str], set[str]]:
    """Our modules that the app may ever import, and the outermost names of all others."""
    own, others, left = set[str](), set[str](), ["function_app"]
    while left:
        module = left.pop()
        if not source(module):
            others.add(module.partition(".")[0])
        elif module not in own:
            own.add(module)
            left += [*imported(module), *filter(None, [module.rpartition(".")[0]])]
    return own, others - set(sys.stdlib_module_names)


MODULES, LIBRARIES = needed()


def test_every_module_that_a_function_may_import_is_in_the_package() -> None:
    assert {"functions.retrain", "training.lessons", "shared.store"} <= MODULES
    assert [name for name in sorted(MODULES) if source(name) not in PACKAGE] == []


def test_what_is_in_the_package_is_the_functions_and_nothing_else() -> None:
    top = {name.partition("/")[0] for name in PACKAGE}
    assert top - {"web"} == {*OURS, "function_app.py", "host.json", "requirements.txt", "LICENSE"}
    assert {Path(name).suffix for name in PACKAGE if name.startswith(OURS)} == {".py"}


def test_the_pages_are_in_the_package_as_they_are() -> None:
    assert [name for name in tree() if name.startswith("web/")] == [name for name in PACKAGE if name.startswith("web/")]
    assert not IGNORED.match_file("web/review.html")


@pytest.mark.parametrize("folder", ["tests", "batch", "cli", "devhost", "infra", "docs", "bench", ".github", ".git"])
def test_what_only_developers_need_stays_out(folder: str) -> None:
    assert IGNORED.match_file(f"{folder}/any/file.py")


def test_what_git_does_not_keep_is_not_deployed_either_but_for_the_backbone() -> None:
    patterns = ROOT.joinpath(".gitignore").read_text("utf-8").split()
    made = [pattern.strip("/").replace("*", "some") + "/file" for pattern in patterns]
    assert [name for name in made if not IGNORED.match_file(name)] == [f"{CACHE}/file"]
    assert not IGNORED.match_file("models/backbone.onnx")
    assert IGNORED.match_file("models/leopard.onnx")


def plain(name: str) -> str:
    """A library's name as indexes compare it."""
    return re.sub("[-_.]+", "-", name).lower()


DEPLOYED = set(map(plain, re.findall(r"^([\w.-]+)==", ROOT.joinpath("requirements.txt").read_text("utf-8"), re.M)))


def test_every_library_that_a_function_may_import_is_in_the_requirements() -> None:
    sellers = {name: set(map(plain, sold)) for name, sold in packages_distributions().items()}
    assert {"azure", "onnxruntime", "sklearn"} <= LIBRARIES
    assert [name for name in sorted(LIBRARIES) if not sellers.get(name, set()) & DEPLOYED] == []


def test_the_package_is_small_and_with_all_it_needs_fits_an_instance() -> None:
    code = sum(ROOT.joinpath(name).stat().st_size for name in PACKAGE)
    files = [file for one in distributions() if plain(one.name) in DEPLOYED for file in one.files or []]
    libraries = sum(Path(str(file.locate())).stat().st_size for file in files if Path(str(file.locate())).is_file())
    assert code < CODE
    assert 200 * MB < libraries < ROOM - BACKBONE - code


PROGRAM = """
import importlib, pathlib, sys
import function_app
print(sorted(function.get_function_name() for function in function_app.app.get_functions()))
for name in {names!r}:
    file = importlib.import_module(name).__file__
    assert pathlib.Path(file).is_relative_to(pathlib.Path.cwd()), (name, file)
"""


def test_the_app_starts_from_the_packaged_files_alone(tmp_path: Path) -> None:
    for name in PACKAGE:
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    program = PROGRAM.format(names=sorted(MODULES))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=tmp_path, env={}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "'featurize'" in done.stdout
    assert "'retrain'" in done.stdout


def copied(copy: Path) -> Path:
    """All files of the project with next to nothing in them, but for the scripts, and what an earlier run left."""
    for name in (*tree(), "models/backbone.onnx", f"functions/{CACHE}/gone.cpython-313.pyc"):
        copy.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        is_script = name.startswith("infra/") and name.endswith(".sh")
        copy.joinpath(name).write_bytes(ROOT.joinpath(name).read_bytes() if is_script else b"x")
        copy.joinpath(name).chmod(0o755)
    return copy


@pytest.mark.skipif(not shutil.which("zip"), reason="zip is not installed")
def test_terraform_packs_the_same_files(tmp_path: Path) -> None:
    copy = copied(tmp_path / "uncia")
    subprocess.run(["/bin/sh", copy / "infra" / "package.sh", tmp_path / "package.zip"], env=OUR_PYTHON, check=True)
    with zipfile.ZipFile(tmp_path / "package.zip") as packed:
        files = {name for name in packed.namelist() if not name.endswith("/")}
    compiled = {cache_from_source(name) for name in PACKAGE if name.endswith(".py")}
    assert files == {*PACKAGE, "models/backbone.onnx"} | compiled


def test_what_is_deployed_is_compiled_whatever_time_its_files_have(tmp_path: Path) -> None:
    copy = copied(tmp_path / "uncia")
    subprocess.run(["/bin/sh", copy / "infra" / "compile.sh"], env=OUR_PYTHON, check=True)
    for name in (name for name in PACKAGE if name.endswith(".py")):
        head = Path(cache_from_source(copy / name)).read_bytes()[:16]
        # https://peps.python.org/pep-0552: the version, that the source's hash counts and is looked at, and the hash.
        assert head == MAGIC_NUMBER + b"\3\0\0\0" + source_hash(b"x")


def test_a_change_of_anything_that_is_deployed_is_one_for_terraform() -> None:
    told = ROOT.joinpath("infra", "terraform", "deploy.tf").read_text("utf-8")
    sources = re.search(r"sources = (.+?)\n  digest", told, re.DOTALL)
    assert sources
    said = re.findall(r'"([^"]+)"', sources[1])
    folders = [one for one in said if one.isidentifier()]
    patterns = {one.replace("${folder}", folder) for one in said for folder in folders}
    noticed = {file.relative_to(ROOT).as_posix() for pattern in patterns for file in ROOT.glob(pattern)}
    assert {*PACKAGE, "models/backbone.onnx"} - noticed == {"LICENSE"}
