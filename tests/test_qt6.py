# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's windows under Qt 6, as in QGIS 4, with a stand-in for PyQGIS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, without a screen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "utf8", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    """The report of `qt6/build.py`."""
    probe = run("-c", "import PyQt6.QtWidgets")
    if probe.returncode:
        pytest.skip(f"PyQt6 cannot be imported: {probe.stderr.strip().splitlines()[-1]}")
    done = run(str(ROOT / "tests" / "qt6" / "build.py"))
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_every_module_is_imported(built: dict[str, Any]) -> None:
    assert built["qt"].startswith("6.")
    existing = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "ksdiff_qgis").rglob("[!_]*.py")
    }
    assert existing <= set(built["modules"])


def test_qt_6_has_every_name_that_is_used_of_its_classes(built: dict[str, Any]) -> None:
    assert built["looked_up"] > 100, "names were looked up at all"
    assert built["missing"] == []


def test_every_dialog_is_drawn(built: dict[str, Any]) -> None:
    assert {"RuntimeDialog", "ModelsDialog", "CurveWindow", "HelpWindow"} <= set(built["dialogs"])
    assert all(built["dialogs"].values()), built["dialogs"]


def test_menu_is_built(built: dict[str, Any]) -> None:
    assert built["entries"]
