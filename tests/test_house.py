# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules of the house: one version, imports that run downwards, modules of a few screens."""

from __future__ import annotations

import ast
import configparser
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import core

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("core", "training", "ksdiff_qgis")
OURS = (*SHIPPED, "experiments")


def modules(*folders: str) -> list[Path]:
    """Python files of the folders, without caches."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Dotted names a module imports, wherever in the file; `from a import b` gives a and a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parent.parts
            above = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (above, node.module or "") if part)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def dotted(path: Path) -> str:
    """The name a module is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(folder: str) -> list[str]:
    """Path and dotted name of all that the modules of a folder import."""
    return [f"{p.relative_to(ROOT)}: {name}" for p in modules(folder) for name in imports(p)]


def imported_modules(*folders: str) -> dict[str, set[str]]:
    """Which modules of the folders each module of theirs imports."""
    files = {dotted(path): path for path in modules(*folders)}
    return {name: (set(imports(path)) & files.keys()) - {name} for name, path in files.items()}


def drawn_floors(room: str = "commands") -> list[set[str]]:
    """The rooms on each floor, from the ground up, of the picture in DESIGN.md with this room."""
    text = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
    for picture in re.findall(r"(?:^    \d+  [\w ]+\n)+", text, re.MULTILINE):
        rows = re.findall(r"^    (\d+)  ([\w ]+)$", picture, re.MULTILINE)
        if any(room in rooms.split() for _, rooms in rows):
            assert [int(number) for number, _ in rows] == list(range(len(rows), 0, -1))
            return [set(rooms.split()) for _, rooms in reversed(rows)]
    raise AssertionError(f"DESIGN.md does not draw {room}")


def test_version_is_one() -> None:
    toml = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = re.search(r'^version = "(.+)"$', toml, re.MULTILINE)
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(\d.+?)\]", log, re.MULTILINE)
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(ROOT / "metadata.txt", encoding="utf-8")
    assert project and newest
    assert {
        project[1],
        newest[1],
        metadata["general"]["version"],
    } == {core.__version__}


def test_the_workers_packages_are_named_alike() -> None:
    """What the worker looks for and what people are told to install."""
    toml = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    group = re.search(r"^worker = \[\n(.+?)\n\]", toml, re.MULTILINE | re.DOTALL)
    assert group
    packages = re.findall(r'"([\w-]+)', group[1])
    runtime = json.loads((ROOT / "resources" / "runtime.json").read_text(encoding="utf-8"))
    assert runtime["packages"] == packages
    assert f"pip install {' '.join(packages)}\n" in (ROOT / "README.md").read_text("utf-8")
    sentence = f"{', '.join(packages[:-1])} and {packages[-1]}"
    for name in ("metadata.txt", "resources/help/ksdiff.txt"):
        assert sentence in (ROOT / name).read_text(encoding="utf-8"), name


def test_every_room_of_core_is_drawn_once() -> None:
    rooms = {path.stem for path in (ROOT / "core").glob("*.py")} - {"__init__"}
    rooms |= {path.parent.name for path in (ROOT / "core").glob("*/__init__.py")}
    drawn = [room for floor in drawn_floors() for room in floor]
    assert sorted(drawn) == sorted(rooms)


@pytest.mark.parametrize(
    ("folder", "room"),
    [("core", "commands"), ("ksdiff_qgis", "gui"), ("ksdiff_qgis/runtime", "installer")],
)
def test_rooms_import_from_lower_floors_only(folder: str, room: str) -> None:
    floors = drawn_floors(room)
    floor = {room: number for number, rooms in enumerate(floors, 1) for room in rooms}
    package = folder.replace("/", ".")
    wrong = []
    for module, others in imported_modules(folder).items():
        for other in others - {package}:
            here, there = (name[len(package) + 1 :].split(".")[0] for name in (module, other))
            if here not in ("", there) and floor[there] >= floor[here]:
                wrong.append(f"{module} imports {other}")
    assert wrong == []


@pytest.mark.parametrize("folder", ["core", "training", "experiments"])
def test_no_import_runs_in_a_circle(folder: str) -> None:
    graph = imported_modules(folder)
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_every_folder_of_core_says_what_it_is_for() -> None:
    for path in (ROOT / "core").rglob("__init__.py"):
        assert ast.get_docstring(tree(path)), path.relative_to(ROOT)
        ours = [name for name in imports(path) if name.split(".")[0] in OURS]
        assert not ours, f"{path.relative_to(ROOT)} only passes on"


QGIS = {"qgis", "osgeo", "processing", "PyQt5", "PyQt6"}
UNPICKLING = {"pickle", "dill", "joblib", "marshal", "shelve"}


@pytest.mark.parametrize(
    ("folder", "never"),
    [
        ("core", {*QGIS, *UNPICKLING, "ksdiff_qgis", "training", "experiments"}),
        ("training", {*QGIS, *UNPICKLING, "ksdiff_qgis", "experiments"}),
        ("experiments", UNPICKLING),
        ("ksdiff_qgis", UNPICKLING),
        ("ksdiff_qgis/runtime", QGIS),
    ],
)
def test_processes_do_not_mix_and_nothing_is_unpickled(folder: str, never: set[str]) -> None:
    assert [name for name in imported(folder) if name.split(": ")[1].split(".")[0] in never] == []


def test_the_plugin_needs_nothing_but_python_and_qgis() -> None:
    # osgeo is GDAL, which QGIS cannot be without
    allowed = set(sys.stdlib_module_names) | {"qgis", "processing", "osgeo", "ksdiff_qgis"}
    names = imported("ksdiff_qgis")
    assert [name for name in names if name.split(": ")[1].split(".")[0] not in allowed] == []


@pytest.mark.parametrize("path", modules(*OURS), ids=lambda p: str(p.relative_to(ROOT)))
def test_module_is_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400  # 350 is the guideline
    assert text.startswith("# SPDX-License-Identifier: GPL-2.0-or-later\n")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None and len(node.body) > 1
            first = node.body[documented]  # a docstring may be as long as it has to be
            assert (node.end_lineno or 0) - first.lineno < 50, f"{node.name} is long"


def committed() -> list[Path]:
    """Text files under version control; in an unpacked archive, the project's folders."""
    git = shutil.which("git")
    listed = ""
    if git:
        command = [git, "ls-files", "-z"]
        listed = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout
    names = [ROOT / name for name in listed.split("\0") if name]
    found = names or [path for folder in (*OURS, "tests") for path in (ROOT / folder).rglob("*")]
    binary = {".png", ".tif", ".onnx", ".safetensors", ".npz", ".pyc", ".qm"}
    return [path for path in found if path.is_file() and path.suffix not in binary]


def test_nothing_names_one_machine_or_one_registry() -> None:
    """What is here must work anywhere: no absolute path of a workplace, no package host.

    But for one that the plugin asks: the page of PyTorch's builds for the CPU.
    """
    machine = re.compile(r"(?<![\w.])/(?:work|farm|root|home/\w+|tmp)/")
    registry = re.compile(r"(?:py" + r"pi\.org|python" + r"hosted|down" + r"load\.pytorch)")
    guilty = []
    for path in committed():
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            asked = path == ROOT / "resources" / "runtime.json" and '"torch_cpu"' in line
            if machine.search(line) or (registry.search(line) and not asked):
                guilty.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert guilty == []


@pytest.mark.skipif(find_spec("bandit") is None, reason="bandit is not installed: make lint")
def test_the_store_would_find_nothing_insecure() -> None:
    command = [sys.executable, "-m", "bandit", "--quiet", "--recursive", *OURS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


# --- the plugin ---


def test_the_plugin_starts_no_second_qgis() -> None:
    """In QGIS `sys.executable` may be QGIS itself, which multiprocessing would start."""
    guilty = []
    for path in modules("ksdiff_qgis"):
        names = {name.split(".")[0] for name in imports(path)}
        # The interpreter search asks `sys.executable` for its name first.
        named = path.name != "interpreter.py" and any(
            isinstance(node, ast.Attribute) and node.attr == "executable"
            for node in ast.walk(tree(path))
        )
        if named or names & {"multiprocessing", "concurrent"}:
            guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []
