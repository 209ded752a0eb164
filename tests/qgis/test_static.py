# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin's code must not contain, whatever it does."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from qgis_helpers import ROOT

SOURCES = sorted((ROOT / "ksdiff_qgis").rglob("*.py"))
ALLOWED = set(sys.stdlib_module_names) | {"qgis", "processing", "osgeo"}
# They start QGIS again, or run what a file says.
ALLOWED -= {"multiprocessing", "concurrent", "pickle", "marshal", "shelve"}
# The worker's environment is looked after without QGIS, and tested so.
STDLIB_ONLY = ROOT / "ksdiff_qgis" / "runtime"


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_there_is_something_to_look_at():
    assert len(SOURCES) > 10


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_imports(path):
    allowed = ALLOWED - {"qgis", "processing", "osgeo"} if STDLIB_ONLY in path.parents else ALLOWED
    assert imported(parse(path)) <= allowed


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_no_assert_no_bare_except_no_print_no_own_interpreter(path):
    for node in ast.walk(parse(path)):
        assert not isinstance(node, ast.Assert), node.lineno
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "eval", "exec"), node.lineno
        if isinstance(node, ast.Attribute):
            # sys.executable is QGIS itself on Windows and macOS: starting it opens a window.
            assert node.attr not in ("executable", "exec_"), node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_licence_and_size(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# SPDX-License-Identifier: GPL-2.0-or-later"
    assert len(lines) <= 350


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_functions_fit_a_screen(path):
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 50, node.name
