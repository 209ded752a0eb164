# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin in QGIS' own command line program: text and JSON, help, errors."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from qgis.core import Qgis
from qgis_helpers import provider, write_raster

READS_JSON = 32400  # the version from which on parameters are read from stdin

# Options, outputs, and a line of the result.
RUNS = {
    "srino": ("--STEPS=3", "--OUTPUT={}/a.tif --SPREAD={}/b.tif", "STEPS_USED:\t3"),
    "align": ("--PAN_BAND=1", "--OUTPUT={}/a.tif --REPORT={}/b.html", "SHIFT_ROWS:\t3"),
    "alignsharpenassess": (
        "--ADAPT=0",
        "--sharpen:OUTPUT={}/a.tif --assess:REPORT={}/b.html --align:ALIGN_REPORT={}/c.html",
        "sharpen:OUTPUT:\t",
    ),
    "bench": ("--DATA={folder} --METHODS=exp,gsa", "--CSV={}/a.csv --JSON={}/b.json", "ROWS:\t2"),
}


@pytest.fixture
def worker(request_file):
    """Variables for a process that uses the stand-in worker."""
    return {name: os.environ[name] for name in ("KSDIFF_PYTHON", "KSDIFF_TEST_REQUEST")}


@pytest.fixture
def inputs(files):
    return [f"--{name}={path}" for name, path in files.items()]


def answer(done):
    """The JSON on stdout; QGIS 3.22 has lines of its libraries around it."""
    assert done.returncode == 0, done.stdout + done.stderr
    text = done.stdout
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


@pytest.mark.parametrize("name", list(RUNS))
def test_algorithm_runs(call, worker, inputs, request_file, tmp_path, name):
    given, written, line = RUNS[name]
    out = tmp_path / "out"
    out.mkdir()
    targets = written.replace("{}", str(out)).split()
    pair = [] if name == "bench" else inputs
    given = given.format(folder=tmp_path).split()
    done = call("run", f"ksdiff:{name}", *pair, *given, *targets, **worker)
    assert done.returncode == 0, done.stdout + done.stderr
    assert line in done.stdout
    files = {str(path) for path in out.iterdir() if path.suffix != ".xml"}  # GDAL's statistics
    assert files == {text.split("=")[1] for text in targets}
    if name == "bench":
        assert json.loads(request_file.read_text())["methods"] == ["exp", "gsa"]


def test_options_that_would_lose_the_image_end_a_command_before_it_runs(
    call, worker, inputs, request_file, tmp_path
):
    """JPEG of 16 bits, a profile of QGIS."""
    given = [*inputs, "--CREATION_OPTIONS=COMPRESS=JPEG|JPEG_QUALITY=75"]
    done = call("run", "ksdiff:classical", *given, f"--OUTPUT={tmp_path / 'a.tif'}", **worker)
    assert done.returncode != 0
    assert "UInt16" in done.stdout + done.stderr and "JPEG" in done.stdout + done.stderr
    assert not request_file.exists() and not (tmp_path / "a.tif").exists()


def test_relative_paths_are_those_of_the_current_folder(call, worker, files, request_file):
    folder = Path(files["PAN"]).parent
    images = {**files, "FUSED": str(write_raster(folder / "relative.tif", 4, (160, 192), 0.5))}
    given = [f"--{name}={Path(path).name}" for name, path in images.items()]
    outputs = ["--REPORT=relative.html", "--SAM_MAP=sam.tif"]
    done = call("run", "ksdiff:quality", *given, *outputs, folder=folder, **worker)
    assert done.returncode == 0, done.stdout + done.stderr
    sent = json.loads(request_file.read_text())
    assert {name: sent[name.lower()] for name in images} == images
    assert sent["report"] == str(folder / "relative.html")
    assert sent["sam_map"] == str(folder / "sam.tif")


def test_results_as_json(call, worker, inputs, request_file, tmp_path):
    output = str(tmp_path / "result.tif")
    arguments = [*inputs, "--ALIGN=true", f"--OUTPUT={output}"]
    results = answer(call("--json", "run", "ksdiff:ksdiff", *arguments, **worker))["results"]
    assert (results["OUTPUT"], results["METHOD_USED"]) == (output, "bt-h")
    assert (results["ALIGN_ROWS"], results["ALIGN_COLUMNS"], results["RATIO"]) == (3.0, 2.5, 4.0)
    assert results["ADAPTED"] is False
    assert json.loads(results["SCENE_TEST_TABLE"])[0]["method"] == "bt-h"
    assert json.loads(request_file.read_text())["align"] is True


@pytest.mark.skipif(Qgis.QGIS_VERSION_INT < READS_JSON, reason="needs QGIS 3.24")
@pytest.mark.parametrize("name", ["align", "classical", "alignsharpenassess"])
def test_parameters_as_json(call, worker, files, request_file, tmp_path, name):
    output, model = str(tmp_path / "result.tif"), name == "alignsharpenassess"
    target = "sharpen:OUTPUT" if model else "OUTPUT"
    given = {**files, target: output}
    given |= {} if model else {"MS_BANDS": [2, 1]}
    stdin = json.dumps({"inputs": given})
    found = answer(call("run", f"ksdiff:{name}", "-", stdin=stdin, **worker))
    assert found["results"][target] == output
    sent = json.loads(request_file.read_text())
    assert sent["pan"] == files["PAN"]
    assert model or sent["ms_bands"] == [2, 1]


def parameter_types(algorithm):
    return {definition.type() for definition in algorithm.parameterDefinitions()}


def test_help_has_all_parameters_and_outputs(call, plugin):
    """For a few algorithms that have all types of parameters."""
    left = set().union(*map(parameter_types, provider().algorithms()))
    while left:
        algorithm = max(provider().algorithms(), key=lambda each: len(parameter_types(each) & left))
        left -= parameter_types(algorithm)
        found = answer(call("--json", "help", algorithm.id()))
        assert set(found["parameters"]) == {d.name() for d in algorithm.parameterDefinitions()}
        assert set(found["outputs"]) == {d.name() for d in algorithm.outputDefinitions()}
