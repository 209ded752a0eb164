# SPDX-License-Identifier: GPL-2.0-or-later
"""Time, memory and size of the file that a dialog expects, from the last runs on this machine."""

from __future__ import annotations

import re

import pytest
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import create, run

from ksdiff_qgis.algorithms import estimate
from ksdiff_qgis.algorithms.estimate import Estimate, Kind, Run

KIND = Kind("auto", "auto", 60.0, True, False, "here")


@pytest.fixture
def dialog(layers, home):
    opened = create("classical").createCustomParametersWidget(None)
    opened.show()
    yield opened
    opened.close()


def text_of(dialog):
    dialog.estimate.refresh()
    return dialog.estimate.text()


def test_time_grows_with_the_pixels_beyond_a_part_that_does_not(home):
    for tiles_s in (10.0, 20.0, 30.0):
        estimate.remember(Run(KIND, 1_000_000, 5.0, tiles_s, 700, 0.5))
    estimate.remember(Run(Kind("exp", *["auto", 60.0, True, False, "here"]), 10, 1.0, 1e6, 1, 9.0))
    assert estimate.estimate(KIND, 3_000_000, 6000) == Estimate(5.0 + 60.0, 700, 3000.0, 3)


def test_nothing_is_guessed_of_runs_of_another_kind(home):
    estimate.remember(Run(KIND, 1_000_000, 5.0, 10.0, 700, 0.5))
    other = Kind("auto", "auto", 0.0, True, False, "here")
    assert estimate.estimate(other, 3_000_000, 6000) == Estimate(0.0, 0.0, 6000, 0)


def test_the_last_runs_count_and_a_broken_file_is_none(home):
    for tiles_s in (*[100.0] * 9, *[1.0] * 5):
        estimate.remember(Run(KIND, 1000, 0.0, tiles_s, 0, 1.0))
    assert estimate.estimate(KIND, 1000, 1).seconds == 1.0
    (home / "runs.json").write_text("no JSON")
    assert estimate.estimate(KIND, 1000, 1).runs == 0
    (home / "runs.json").write_text('[{"kind": {"another": "version"}}]')
    assert estimate.estimate(KIND, 1000, 1).runs == 0


def test_dialog_tells_what_a_real_run_took(
    dialog, files, tmp_path, real_python, monkeypatch, plugin
):
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    assert text_of(dialog).startswith("File: up to 1 MB.")
    given = {**files, "METHOD": "scene-fit", "OUTPUT": str(tmp_path / "out.tif")}
    result, _ = run("classical", given)
    (kept,) = estimate._runs()
    assert kept.values == 192 * 160 * 4
    assert 0 < kept.tiles_s <= kept.fixed_s + kept.tiles_s == pytest.approx(result["SECONDS"])
    text = text_of(dialog)
    found = re.fullmatch(
        r"Expected from the last runs of this kind: about (\d+) s, (\d+) MB of memory, "
        r"a file of 1 MB\.",
        text,
    )
    assert found, text
    assert 50 < int(found[2]) < 3000
    dialog.setParameters({"METHOD": "gsa"})
    assert text_of(dialog).startswith("File: up to")


def test_dialog_follows_its_fields_and_needs_both_layers(dialog):
    assert text_of(dialog)
    dialog.setParameters({"PAN": None})
    assert text_of(dialog) == ""


def test_part_of_the_scene_and_a_wider_type_change_the_file(dialog):
    whole = _file_size(dialog)
    dialog.setParameters({"OUTPUT_TYPE": "float32"})
    assert _file_size(dialog) == 2 * whole
    dialog.setParameters({"EXTENT": "500010,500058,4999920,4999960 [EPSG:32633]"})
    assert _file_size(dialog) == pytest.approx(2 * whole / 4, rel=0.05)


def _file_size(dialog):
    from ksdiff_qgis.algorithms.values import Values

    fields = dialog.mainWidget().wrappers
    given = {name: field.parameterValue() for name, field in fields.items()}
    QCoreApplication.processEvents()
    values = Values(dialog.algorithm(), given, dialog.estimate._context)
    return dialog.algorithm().expected(values).file_size
