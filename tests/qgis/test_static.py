# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin's code must not contain, whatever it does."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from enum import Enum
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
            # Where interpreters are looked for, it is asked for its name before.
            own = path.name != "interpreter.py" and node.attr == "executable"
            assert not own and node.attr != "exec_", node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_licence_and_size(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# SPDX-License-Identifier: GPL-2.0-or-later"
    assert len(lines) <= 400  # 350 is the guideline


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_functions_fit_a_screen(path):
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 50, node.name


# --- Qt 6 and QGIS 4 ---

# Gone from Qt 6 or from PyQt 6, with or without a stand-in in `qgis.PyQt`.
GONE = {
    "exec_": "exec",
    "QRegExp": "QRegularExpression",
    "QDesktopWidget": "QScreen",
    "QTextCodec": "str.encode",
    "QStringRef": "str",
    "QVariant": "None",
    "qApp": "QApplication.instance()",
    "toTime_t": "toSecsSinceEpoch",
    "globalPos": "globalPosition",
    "setMargin": "setContentsMargins",
    "fromTime_t": "fromSecsSinceEpoch",
    "AA_EnableHighDpiScaling": "nothing",
    "resources_rc": "files",
    "SIGNAL": "the signal itself",
    "SLOT": "the method itself",
}
# Classes that Qt 6 moved, and the only place where QGIS 3 and 4 both have them.
MOVED = {"QAction": "QtWidgets", "QActionGroup": "QtWidgets", "QShortcut": "QtWidgets"}


def qgis_names(tree: ast.AST) -> dict[str, object]:
    """What a module imports from qgis.*: name -> the thing itself, as this QGIS has it."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis."):
            module = importlib.import_module(node.module)
            found |= {a.asname or a.name: getattr(module, a.name, None) for a in node.names}
    return found


def unscoped(tree: ast.AST) -> list[str]:
    """Members of enumerations named by the class that holds the enumeration, as in Qt.AlignLeft."""
    classes = {n: c for n, c in qgis_names(tree).items() if isinstance(c, type)}
    guilty = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = classes.get(node.value.id)
            value = getattr(owner, node.attr, None) if owner else None
            number = isinstance(value, (int, Enum)) and not isinstance(value, bool)
            if number and not node.attr.isupper():  # QGIS_VERSION_INT is a number
                guilty.append(f"line {node.lineno}: {node.value.id}.{node.attr}")
    return guilty


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_enumerations_are_scoped(path):
    assert unscoped(parse(path)) == []


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_nothing_is_called_that_qt6_has_not(path):
    for node in ast.walk(parse(path)):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        assert name not in GONE, f"line {node.lineno}: {name}, in Qt 6 {GONE[name]}"
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.name not in GONE, f"line {node.lineno}: {alias.name}"
                if alias.name in MOVED:
                    assert node.module == f"qgis.PyQt.{MOVED[alias.name]}", node.lineno
                # QGIS offers Qt by its own name, whichever Qt it was built with.
                assert not (node.module or "").startswith(("PyQt", "PySide", "sip")), node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_nothing_is_measured_as_in_qt5(path):
    text = path.read_text(encoding="utf-8")
    for pattern in (r"QFontMetrics\([^)]*\)\.width\(", r"fontMetrics\(\)\.width\(", r"\.delta\(\)"):
        assert not re.search(pattern, text), pattern


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from qgis.PyQt.QtCore import Qt\nx = Qt.AlignLeft\n", 1),
        ("from qgis.PyQt.QtCore import Qt\nx = Qt.AlignmentFlag.AlignLeft\n", 0),
        ("from qgis.core import QgsTask\nx = QgsTask.CanCancel\n", 1),
        ("from qgis.core import QgsTask as T\nx = T.Flag.CanCancel\n", 0),
        ("from qgis.core import Qgis\nx = Qgis.QGIS_VERSION_INT\n", 0),
    ],
)
def test_unscoped_enumerations_are_recognised(source, found):
    assert len(unscoped(ast.parse(source))) == found
