# SPDX-License-Identifier: GPL-2.0-or-later
"""A real QGIS with its windows: the context menu of layers, and the curve of a training."""

from __future__ import annotations

import pytest
from qgis_helpers import run_session, write_interpreter, write_model, write_pair, write_raster

from tools import desktop

PATIENCE_S = 300
# Selected layers -> PAN and MS shown in the dialog.
CLICKS = {
    ("scene_pan",): ("scene_pan", "scene_ms"),
    ("scene_ms",): ("scene_pan", "scene_ms"),
    ("scene_pan", "scene_ms"): ("scene_pan", "scene_ms"),
    ("scene_ms", "scene_pan"): ("scene_pan", "scene_ms"),
    # Not the best match by name.
    ("dem", "scene_ms"): ("dem", "scene_ms"),
    ("scene_ms", "dem"): ("dem", "scene_ms"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory, plugins_folder):
    """The report of a session."""
    if desktop.missing():
        pytest.skip(f"not on this machine: {desktop.missing()}")
    home = tmp_path_factory.mktemp("home")
    pan, ms = write_pair(home).values()
    dem = write_raster(home / "dem.tif", 1, (160, 192), 0.5)
    data = home / "set.patches"
    data.write_bytes(b"patches")
    made = write_model(home / "made" / "mine" / "mine.safetensors")
    return run_session(
        "windows.py",
        home,
        {
            "rasters": {"scene_pan": pan, "scene_ms": ms, "dem": str(dem)},
            "entry": "Pansharpen with KSDiff…",
            "selections": [*CLICKS, ["points"]],
            "training": {"DATA": str(data), "NAME": "mine", "STEPS1": 10, "STEPS2": 20},
            "curve": "KSDiff: training of mine",
        },
        patience_s=PATIENCE_S,
        QGIS_PLUGINPATH=str(plugins_folder),
        KSDIFF_PYTHON=str(write_interpreter(home / "python")),
        KSDIFF_TEST_MODEL=str(made.parent),
    )


def test_context_menu_opens_the_dialog_for_the_selected_layers(report):
    shown = [{"algorithm": "ksdiff:ksdiff", "PAN": pan, "MS": ms} for pan, ms in CLICKS.values()]
    assert report["chosen"] == [*shown, {}]  # nothing for a layer that is no raster


def test_curve_of_a_training_is_shown(report):
    (window,) = report["trained"]["curves"]
    assert window["shown"]
    assert "0.0455" in window["view"]  # the last loss
    assert any("ksdiff 1.25" in text for text in window["texts"])
    assert any("'mine'" in text for text in window["texts"])


def test_curve_is_closed_with_the_plugin(report):
    assert report["started"] and report["unloaded"]
    assert report["trained"]["curves"]
    assert report["left"] == []
