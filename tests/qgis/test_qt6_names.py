# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin uses only names that exist in Qt 5 and Qt 6, QGIS 3.22 and 4."""

from __future__ import annotations

import ast
import importlib
from enum import Enum
from pathlib import Path

import pytest
from qgis_helpers import ROOT

SOURCES = sorted((ROOT / "ksdiff_qgis").rglob("*.py"))

# Gone from Qt 6 or PyQt 6, with or without a replacement in `qgis.PyQt`.
GONE = {
    *("exec_", "qApp", "QVariant", "toTime_t", "fromTime_t", "globalPos", "setMargin", "delta"),
    *("AA_EnableHighDpiScaling", "SIGNAL", "SLOT"),
    *("QRegExp", "QDesktopWidget", "QTextCodec", "QStringRef", "resources_rc"),
}
# Classes that Qt 6 moved: name -> the module of `qgis.PyQt` that has it in QGIS 3 and 4.
MOVED = {"QAction": "QtWidgets", "QActionGroup": "QtWidgets", "QShortcut": "QtWidgets"}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def qgis_names(tree: ast.AST) -> dict[str, object]:
    """What a module imports from qgis.*: name -> the object in this QGIS."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis."):
            module = importlib.import_module(node.module)
            found |= {a.asname or a.name: getattr(module, a.name, None) for a in node.names}
    return found


def unscoped(tree: ast.AST) -> list[str]:
    """Members of enumerations that are named without their enumeration, as in Qt.AlignLeft."""
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


def outdated(tree: ast.AST) -> list[str]:
    """Names that Qt 6 does not have, or not there."""
    guilty = []
    for node in ast.walk(tree):
        names = [getattr(node, "attr", None) or getattr(node, "id", None)]
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            module = node.module or ""
            moved = [n for n in names if n in MOVED and module != f"qgis.PyQt.{MOVED[n]}"]
            # `qgis.PyQt` is the Qt that QGIS was built with.
            foreign = [module] if module.startswith(("PyQt", "PySide", "sip")) else []
            guilty += [f"line {node.lineno}: {name}" for name in (*moved, *foreign)]
        guilty += [f"line {node.lineno}: {name}" for name in names if name in GONE]
    return guilty


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_exist_in_qt5_and_qt6(path):
    tree = parse(path)
    assert unscoped(tree) + outdated(tree) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from qgis.PyQt.QtCore import Qt\nx = Qt.AlignLeft\n", 1),
        ("from qgis.PyQt.QtCore import Qt\nx = Qt.AlignmentFlag.AlignLeft\n", 0),
        ("from qgis.core import QgsTask\nx = QgsTask.CanCancel\n", 1),
        ("from qgis.core import Qgis\nx = Qgis.QGIS_VERSION_INT\n", 0),
        ("from qgis.PyQt.QtGui import QAction\n", 1),
        ("from PyQt5.QtCore import Qt\n", 1),
        ("dialog.exec_()\n", 1),
    ],
)
def test_outdated_names_are_recognised(source, found):
    tree = ast.parse(source)
    assert len(unscoped(tree) + outdated(tree)) == found
