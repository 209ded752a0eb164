# SPDX-License-Identifier: GPL-2.0-or-later
"""qgis_process as programs use it: parameters and results as JSON, help of every algorithm."""

from __future__ import annotations

import json
import os

import pytest
from qgis.core import Qgis, QgsApplication

READS_JSON = 32400  # the version from which on parameters come on stdin


@pytest.fixture
def worker(use_worker, tmp_path):
    """The stand-in worker, for a process of its own; it keeps the request in `request.json`."""
    use_worker("every_task")
    return {
        "KSDIFF_PYTHON": os.environ["KSDIFF_PYTHON"],
        "KSDIFF_TEST_REQUEST": str(tmp_path / "request.json"),
    }


def answer(done):
    """The JSON on stdout; QGIS 3.22 has lines of its libraries around it."""
    assert done.returncode == 0, done.stdout + done.stderr
    text = done.stdout
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


def test_results_as_json(call, worker, pair, tmp_path):
    output = str(tmp_path / "result.tif")
    arguments = [f"--PAN={pair[0]}", f"--MS={pair[1]}", "--ALIGN=true", f"--OUTPUT={output}"]
    found = answer(call("--json", "run", "ksdiff:ksdiff", *arguments, **worker))
    assert found["inputs"]["PAN"] == str(pair[0])
    results = found["results"]
    assert (results["OUTPUT"], results["METHOD_USED"]) == (output, "bt-h")
    assert (results["ALIGN_ROWS"], results["ALIGN_COLUMNS"], results["RATIO"]) == (3.0, 2.5, 4.0)
    assert results["ADAPTED"] is False
    assert json.loads(results["SCENE_TEST_TABLE"])[0]["method"] == "bt-h"
    assert json.loads((tmp_path / "request.json").read_text())["align"] is True


@pytest.mark.skipif(
    Qgis.QGIS_VERSION_INT < READS_JSON, reason="qgis_process reads JSON from QGIS 3.24 on"
)
@pytest.mark.parametrize("name", ["ksdiff:align", "ksdiff:classical", "ksdiff:alignsharpenassess"])
def test_parameters_as_json(call, worker, pair, tmp_path, name):
    output, bands = str(tmp_path / "result.tif"), {"MS_BANDS": [2, 1]}
    key = "sharpen:OUTPUT" if name == "ksdiff:alignsharpenassess" else "OUTPUT"
    own = {} if key != "OUTPUT" else bands
    inputs = {"PAN": str(pair[0]), "MS": str(pair[1]), key: output, **own}
    found = answer(call("run", name, "-", said=json.dumps({"inputs": inputs}), **worker))
    assert found["results"][key] == output
    request = json.loads((tmp_path / "request.json").read_text())
    assert request["pan"] == str(pair[0])
    if own:
        assert request["ms_bands"] == [2, 1]


def test_wrong_parameters_are_told(call, worker, pair, tmp_path):
    arguments = [f"--PAN={pair[0]}", f"--MS={pair[1]}", "--METHOD=7"]
    done = call(
        "--json", "run", "ksdiff:classical", *arguments, f"--OUTPUT={tmp_path}/a.tif", **worker
    )
    assert done.returncode != 0
    assert "METHOD is a choice by word" in done.stdout + done.stderr


def kinds(algorithm):
    """The types of its parameters: what QGIS writes as JSON in ways of its own."""
    return {definition.type() for definition in algorithm.parameterDefinitions()}


def test_algorithms_have_help(call, plugin):
    """As text and as JSON, with all that they have: so few that all types are among them."""
    algorithms = QgsApplication.processingRegistry().providerById("ksdiff").algorithms()
    left = set().union(*map(kinds, algorithms))
    while left:
        algorithm = max(algorithms, key=lambda each: len(kinds(each) & left))
        left -= kinds(algorithm)
        found = answer(call("--json", "help", algorithm.id()))
        assert found["algorithm_details"]["id"] == algorithm.id()
        assert set(found["parameters"]) == {d.name() for d in algorithm.parameterDefinitions()}
        assert set(found["outputs"]) == {d.name() for d in algorithm.outputDefinitions()}
    shown = call("help", "ksdiff:align")
    assert shown.returncode == 0
    assert "phase correlation" in shown.stdout
