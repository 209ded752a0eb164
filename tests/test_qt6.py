# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's own windows under Qt 6, QGIS being a stand-in: what QGIS 4 will do to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROBE = "import PyQt6.QtWidgets"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, without a screen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "utf8", *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    """What was built."""
    probe = run("-c", PROBE)
    if probe.returncode:
        pytest.skip(f"PyQt6 cannot be imported: {probe.stderr.strip().splitlines()[-1]}")
    done = run(str(ROOT / "tests" / "qt6" / "build.py"))
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_every_module_of_windows_is_imported(built: dict[str, Any]) -> None:
    assert built["qt"].startswith("6.")
    there = {path.stem for path in (ROOT / "ksdiff_qgis" / "gui").glob("[!_]*.py")}
    assert {name.rsplit(".", 1)[1] for name in built["modules"]} == there


def test_every_dialog_is_built_and_drawn(built: dict[str, Any]) -> None:
    drawn = {name: picture for name, _title, picture in built["dialogs"]}
    assert {"RuntimeDialog", "ModelsDialog", "CurveWindow", "HelpWindow"} <= set(drawn)
    assert all(drawn.values()), drawn


def test_the_menu_is_built(built: dict[str, Any]) -> None:
    assert "&Pansharpen\u2026" in built["entries"]
