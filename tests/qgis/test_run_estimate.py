# SPDX-License-Identifier: GPL-2.0-or-later
"""Time, memory and size of the file that a dialog expects, from runs here, or elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from qgis.PyQt.QtCore import QCoreApplication
from qgis_helpers import create, run

from ksdiff_qgis.algorithms import run_estimate
from ksdiff_qgis.algorithms.run_estimate import Estimate, Kind, Run
from ksdiff_qgis.algorithms.values import Values

KIND = Kind("auto", "cpu", 60.0, True, 1, "here")
FIT = Kind("scene-fit", "auto", 0.0, False, 1, "here")


@pytest.fixture
def dialog(layers, home):
    opened = create("classical").createCustomParametersWidget(None)
    opened.show()
    yield opened
    opened.close()


def text_of(dialog):
    dialog.estimate.refresh()
    return dialog.estimate.text()


def numbers_in(text):
    return [int(number) for number in re.findall(r"\d+", text)]


def expected(dialog):
    """The estimate of a run with the values of a dialog."""
    fields = dialog.mainWidget().wrappers
    given = {name: field.parameterValue() for name, field in fields.items()}
    QCoreApplication.processEvents()
    values = Values(dialog.algorithm(), given, dialog.estimate.context)
    return dialog.algorithm().expected(values)


def test_time_grows_with_the_pixels_beyond_a_part_that_does_not(home):
    for tiles_s in (10.0, 20.0, 30.0):
        run_estimate.remember(Run(KIND, 1_000_000, 5.0, tiles_s, 700, 0.5))
    run_estimate.remember(Run(replace(KIND, method="exp"), 10, 1.0, 1e6, 1, 9.0))
    found = run_estimate.estimate(KIND, 1_000_000, 3, 2)
    assert found == Estimate(5.0 + 60.0, 700, 3_000_000.0, 3)


@pytest.mark.parametrize(
    "change",
    [{"evaluations": 4}, {"seconds_of_tuning": 0.0}, {"device": "cuda"}, {"method": "gsa"}],
)
def test_runs_of_another_kind_do_not_count(home, change):
    run_estimate.remember(Run(KIND, 1_000_000, 5.0, 10.0, 700, 0.5))
    assert run_estimate.estimate(replace(KIND, **change), 3_000_000, 1, 2).runs == 0


# Seconds and memory of docs/performance.md, as measured; the device is free, whatever is told.
@pytest.mark.parametrize(
    ("method", "side", "bands", "seconds", "gigabytes"),
    [
        ("scene-fit", 4096, 4, 3.4, 0.35),
        ("scene-fit", 8192, 8, 20.0, 0.46),
        ("bdsd-pc", 4096, 4, 2.4, 0.36),
        ("mtf-glp-fs", 8192, 4, 13.9, 0.39),
        ("ksdiff", 1024, 4, 4.1, 1.28),
        ("ksdiff", 4096, 4, 21.5, 1.13),
        ("ksdiff", 4096, 8, 31.8, 1.61),
        ("srino", 4096, 4, 48.6, 1.06),
        ("srino", 8192, 8, 293.0, 1.91),
    ],
)
def test_before_the_first_run_another_machine_tells(home, method, side, bands, seconds, gigabytes):
    found = run_estimate.estimate(replace(FIT, method=method), side * side, bands, 2)
    assert found.seconds == pytest.approx(seconds, rel=0.35)
    assert found.memory / 2**30 == pytest.approx(gigabytes, rel=0.2)
    assert (found.file_size, found.runs) == (side * side * bands * 2, 0)
    assert found.measured_on


def test_comparing_and_fine_tuning_count_before_the_first_run(home):
    plain, compared, tuned = (
        run_estimate.estimate(replace(KIND, method="srino", **given), 10**6, 4, 2).seconds
        for given in (
            {"compared": False, "seconds_of_tuning": 0.0},
            {"seconds_of_tuning": 0.0},
            {},
        )
    )
    assert 5 < compared - plain < 15
    assert tuned - compared == 2 * 60, "it may be spent twice"
    assert (
        run_estimate.estimate(replace(KIND, seconds_of_tuning=0.0), 10**6, 4, 2).seconds == compared
    )
    assert run_estimate.estimate(replace(KIND, evaluations=4), 10**6, 4, 2).seconds == 0, (
        "not measured"
    )


def test_a_runtime_for_a_gpu_is_expected_to_use_it(home, monkeypatch):
    kind = replace(KIND, method="ksdiff", device="auto", seconds_of_tuning=0.0)
    gpu = SimpleNamespace(size="gpu")
    monkeypatch.setattr(run_estimate.environments, "usable", lambda _home: gpu)
    kinds = (kind, replace(kind, device="cpu"), replace(kind, method="gsa"))
    gpu, *others = (run_estimate.estimate(each, 10**6, 4, 2).measured_on for each in kinds)
    assert gpu not in others and len(set(others)) == 1


def test_the_last_runs_count_and_a_broken_file_is_none(home):
    for tiles_s in (*[100.0] * 9, *[1.0] * 5):
        run_estimate.remember(Run(KIND, 1000, 0.0, tiles_s, 0, 1.0))
    assert run_estimate.estimate(KIND, 1000, 1, 1).seconds == 1.0
    (home / "runs.json").write_text("no JSON")
    assert run_estimate.estimate(KIND, 1000, 1, 1).runs == 0
    (home / "runs.json").write_text('[{"kind": {"another": "version"}}]')
    assert run_estimate.estimate(KIND, 1000, 1, 1).runs == 0


def test_dialog_tells_what_a_real_run_took(
    dialog, files, tmp_path, real_python, monkeypatch, plugin
):
    monkeypatch.setenv("KSDIFF_PYTHON", real_python)
    assert numbers_in(text_of(dialog)) == [1, 397, 1]  # s, MB of memory, MB of the file
    assert expected(dialog).runs == 0
    given = {**files, "METHOD": "scene-fit", "OUTPUT": str(tmp_path / "out.tif")}
    result, _ = run("classical", given)
    (kept,) = run_estimate.recorded_runs()
    assert kept.values == 192 * 160 * 4
    assert 0 < kept.tiles_s <= kept.fixed_s + kept.tiles_s == pytest.approx(result["SECONDS"])
    _seconds, memory, file_size = numbers_in(text_of(dialog))
    assert 50 < memory < 3000 and file_size == 1
    assert expected(dialog).runs == 1
    dialog.setParameters({"METHOD": "gsa"})
    assert expected(dialog).runs == 0


def test_dialog_follows_its_fields_and_needs_both_layers(dialog):
    assert text_of(dialog)
    dialog.setParameters({"PAN": None})
    assert text_of(dialog) == ""


def test_part_of_the_scene_and_a_wider_type_change_the_file(dialog):
    whole = expected(dialog).file_size
    dialog.setParameters({"OUTPUT_TYPE": "float32"})
    assert expected(dialog).file_size == 2 * whole
    dialog.setParameters({"EXTENT": "500010,500058,4999920,4999960 [EPSG:32633]"})
    assert expected(dialog).file_size == pytest.approx(2 * whole / 4, rel=0.05)
