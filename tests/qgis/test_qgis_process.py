# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin in QGIS' own command line program, as a process of its own."""

from __future__ import annotations

import json
import os

import pytest
from qgis_helpers import write_raster

PATIENCE_S = 900  # two slow cores are enough


def test_help_shows_the_parameters(call):
    shown = call("help", "ksdiff:ksdiff")
    assert shown.returncode == 0, shown.stderr
    for word in ("PAN", "MS_BANDS", "MODEL", "OUTPUT", "KSDiff pansharpening"):
        assert word in shown.stdout


def test_run_writes_the_raster(call, use_worker, pair, tmp_path):
    use_worker("gdal_worker")
    output = tmp_path / "result.tif"
    done = call(
        "run",
        "ksdiff:ksdiff",
        f"--PAN={pair[0]}",
        f"--MS={pair[1]}",
        "--DEVICE=cpu",
        f"--OUTPUT={output}",
        KSDIFF_PYTHON=os.environ["KSDIFF_PYTHON"],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert output.is_file()
    assert "MODEL_USED:\tgdal-nearest" in done.stdout
    assert "RATIO:\t4" in done.stdout


# What is given, what is written, and a line of what is said.
RUNS = {
    "ksdiff": ("", "--OUTPUT={}/a.tif --TEST_REPORT={}/b.html", "METHOD_USED:\tbt-h"),
    "srino": ("--STEPS=3", "--OUTPUT={}/a.tif --SPREAD={}/b.tif", "STEPS_USED:\t3"),
    "classical": ("--METHOD=gsa", "--OUTPUT={}/a.tif", "METHOD_USED:\tgsa"),
    "quality": ("--FUSED={fused}", "--REPORT={}/a.html --SAM_MAP={}/b.tif", "HQNR:\t0.95"),
    "align": ("--PAN_BAND=1", "--OUTPUT={}/a.tif --REPORT={}/b.html", "SHIFT_ROWS:\t3"),
    "simulate": (
        "--RATIO=2",
        "--OUTPUT_PAN={}/a.tif --OUTPUT_MS={}/b.tif --OUTPUT_REFERENCE={}/c.tif",
        "RATIO_USED:\t2",
    ),
    "bench": ("--DATA={folder} --METHODS=exp,gsa", "--CSV={}/a.csv --JSON={}/b.json", "ROWS:\t2"),
}


@pytest.mark.parametrize("name", list(RUNS))
def test_every_algorithm_runs(call, use_worker, pair, tmp_path, name):
    given, written, said = RUNS[name]
    out, told = tmp_path / "out", tmp_path / "request.json"
    out.mkdir()
    use_worker("every_task", KSDIFF_TEST_REQUEST=str(told))
    fused = write_raster(tmp_path / "fused.tif", 4, (160, 192), 0.5)
    inputs = [] if name == "bench" else [f"--PAN={pair[0]}", f"--MS={pair[1]}"]
    given = given.format(fused=fused, folder=tmp_path).split()
    targets = written.replace("{}", str(out)).split()
    variables = {name: os.environ[name] for name in ("KSDIFF_PYTHON", "KSDIFF_TEST_REQUEST")}
    done = call("run", f"ksdiff:{name}", *inputs, *given, *targets, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert said in done.stdout
    assert {str(path) for path in out.iterdir()} == {text.split("=")[1] for text in targets}
    if name == "bench":
        assert json.loads(told.read_text())["methods"] == ["exp", "gsa"]


def test_paths_are_those_of_the_folder_one_is_in(call, use_worker, pair, tmp_path):
    told = tmp_path / "request.json"
    use_worker("every_task", KSDIFF_TEST_REQUEST=str(told))
    variables = {name: os.environ[name] for name in ("KSDIFF_PYTHON", "KSDIFF_TEST_REQUEST")}
    folder = pair[0].parent
    fused = write_raster(folder / "relative.tif", 4, (160, 192), 0.5)
    inputs = [f"--PAN={pair[0].name}", f"--MS={pair[1].name}", f"--FUSED={fused.name}"]
    reports = ["--REPORT=relative.html", "--SAM_MAP=sam.tif"]
    done = call("run", "ksdiff:quality", *inputs, *reports, folder=folder, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = json.loads(told.read_text())
    assert (asked["pan"], asked["ms"], asked["fused"]) == (str(pair[0]), str(pair[1]), str(fused))
    assert asked["report"] == str(folder / "relative.html")
    assert asked["sam_map"] == str(folder / "sam.tif")


def test_every_algorithm_is_listed(call):
    listed = call("list")
    assert listed.returncode == 0, listed.stderr
    for name in RUNS:
        assert f"ksdiff:{name}\t" in listed.stdout


def test_error_ends_with_the_remedy_and_a_code(call, use_worker, pair, tmp_path):
    use_worker("failing")
    done = call(
        "run",
        "ksdiff:ksdiff",
        f"--PAN={pair[0]}",
        f"--MS={pair[1]}",
        f"--OUTPUT={tmp_path / 'result.tif'}",
        KSDIFF_PYTHON=os.environ["KSDIFF_PYTHON"],
    )
    assert done.returncode != 0
    assert "Take others." in done.stdout + done.stderr
