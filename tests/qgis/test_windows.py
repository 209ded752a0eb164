# SPDX-License-Identifier: GPL-2.0-or-later
"""A real QGIS with its windows: the layer panel's own menu, and the curve of a training."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from qgis_helpers import FAKES, SYSTEM_PYTHON, write_model, write_raster

from tools import desktop

SESSION = Path(__file__).resolve().parent / "sessions" / "windows.py"
PATIENCE_S = 300
# Which layers are clicked, and what the dialog shall show of them.
CLICKS = {
    ("scene_pan",): ("scene_pan", "scene_ms"),
    ("scene_ms",): ("scene_pan", "scene_ms"),
    ("scene_pan", "scene_ms"): ("scene_pan", "scene_ms"),
    ("scene_ms", "scene_pan"): ("scene_pan", "scene_ms"),
    # The names would pair otherwise.
    ("dem", "scene_ms"): ("dem", "scene_ms"),
    ("scene_ms", "dem"): ("dem", "scene_ms"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory, plugins_folder):
    """What a session told."""
    if desktop.missing():
        pytest.skip(f"not on this machine: {desktop.missing()}")
    home = tmp_path_factory.mktemp("home")
    rasters = {
        "scene_pan": write_raster(home / "scene_pan.tif", 1, (160, 192), 0.5),
        "scene_ms": write_raster(home / "scene_ms.tif", 4, (40, 48), 2.0),
        "dem": write_raster(home / "dem.tif", 1, (160, 192), 0.5),
    }
    python, data = home / "python", home / "set.patches"
    python.write_text(f'#!/bin/sh\nexec {SYSTEM_PYTHON} -I -u "{FAKES / "trainer.py"}"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    data.write_bytes(b"patches")
    wishes = {
        "rasters": {name: str(path) for name, path in rasters.items()},
        "entry": "Pansharpen with KSDiff…",
        "selections": [*CLICKS, ["points"]],
        "training": {"DATA": str(data), "NAME": "mine", "STEPS1": 10, "STEPS2": 20},
        "curve": "KSDiff: training of mine",
    }
    wished, told = home / "wishes.json", home / "report.json"
    wished.write_text(json.dumps(wishes), encoding="utf-8")
    made = write_model(home / "made" / "mine" / "mine.safetensors")
    variables = {
        "SESSION_WISHES": str(wished),
        "SESSION_REPORT": str(told),
        "QGIS_PLUGINPATH": str(plugins_folder),
        "KSDIFF_QGIS_HOME": str(home / "ksdiff"),
        "KSDIFF_PYTHON": str(python),
        "KSDIFF_TEST_MODEL": str(made.parent),
    }
    done = desktop.run(SESSION, home, variables, patience_s=PATIENCE_S)
    assert told.is_file(), done.stdout[-2000:] + done.stderr[-4000:]
    found = json.loads(told.read_text(encoding="utf-8"))
    assert "error" not in found, found["error"]
    assert found["started"] and found["unloaded"]
    return found


def test_menu_of_the_layer_panel_opens_the_main_job_for_what_is_selected(report):
    shown = [{"algorithm": "ksdiff:ksdiff", "PAN": pan, "MS": ms} for pan, ms in CLICKS.values()]
    assert report["chosen"] == [*shown, {}]  # nothing for a layer that is no raster


def test_curve_of_a_training_is_drawn_while_qgis_is_open(report):
    (window,) = report["trained"]["curves"]
    assert window["shown"]
    assert window["view"] == "Stage 2 of 2, step 20 of 20, loss 0.0455"
    assert any("ERGAS on what was held out: ksdiff 1.25" in text for text in window["texts"])
    assert not any("being started" in text for text in window["texts"])


def test_curve_goes_with_the_plugin(report):
    assert report["trained"]["curves"]
    assert report["left"] == []
