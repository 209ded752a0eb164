# SPDX-License-Identifier: GPL-2.0-or-later
"""Many pairs in one run: the request, a real worker, a command."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import processing
import pytest
from processing.core.ProcessingConfig import ProcessingConfig
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis_helpers import (
    ROOT,
    check,
    create,
    log_of,
    message_in,
    refused,
    run,
    until,
    write_pair,
)

from ksdiff_qgis import paths
from ksdiff_qgis.algorithms import methods, run_estimate
from ksdiff_qgis.algorithms.folder import state_in_words
from ksdiff_qgis.gui.pairtable import PairTable
from ksdiff_qgis.gui.runtime import runtime_problem
from ksdiff_qgis.runtime.environments import SCHEDULER_SETTING

NBSP = "\u00a0"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Five pairs: four good ones, and one whose PAN is no raster."""
    folder, made = tmp_path_factory.mktemp("pairs"), tmp_path_factory.mktemp("pair")
    pair = write_pair(made, size=(40, 48))
    for name in "abcde":
        for kind in ("PAN", "MS"):
            shutil.copy(pair[kind], folder / f"{name}_{kind.lower()}.tif")
    (folder / "c_pan.tif").write_bytes(b"no raster")
    return folder


def test_folder_or_table_is_given_one_of_the_two(tmp_path, plugin):
    table = tmp_path / "pairs.csv"
    table.write_text("pan,ms\n")
    given = {"FOLDER": str(tmp_path), "OUTPUT_FOLDER": str(tmp_path / "out")}
    assert check("folder", given) == (True, "")
    refused("folder", {**given, "TABLE": str(table)})
    refused("folder", {"OUTPUT_FOLDER": given["OUTPUT_FOLDER"]})
    refused("folder", {**given, "FOLDER": str(tmp_path / "nothing")}, "nothing")
    refused("folder", {**given, "SUMMARY": str(tmp_path / "a.xls")}, ".csv", "a.xls")


def test_the_request_has_folder_settings_and_summary(ask, tmp_path):
    table, out = str(tmp_path / "a.csv"), str(tmp_path / "out")
    given = {"FOLDER": str(tmp_path), "OUTPUT_FOLDER": out, "SUMMARY": table}
    options = {"METHOD": "scene-fit", "DRY_RUN": True, "OUTPUT_TYPE": "float32", "NODATA": 7}
    request, result, log = ask("folder", {**given, **options})
    wanted = {"data": str(tmp_path), "out_folder": out, "csv": table, "method": "scene-fit"}
    wanted |= {"dry_run": True, "output_type": "float32", "nodata": 7, "adapt": 0}
    assert {name: request[name] for name in wanted} == wanted
    assert (result["PAIRS"], result["SHARPENED"], result["FAILED"]) == (2, 1, 1)
    assert (result["OUTPUT_FOLDER"], result["SUMMARY"]) == (out, table)
    assert "b: only a PAN." in log.warnings
    lines = log.textLog().replace(NBSP, " ").splitlines()
    first, second = (next(line for line in lines if line.startswith(n)) for n in ("a  ", "b  "))
    heads = lines[lines.index(first) - 1]
    begins = [found.start() for found in re.finditer(r"\S+", heads)]  # of the columns
    cells = [[row[a:b].strip() for a, b in pairwise([*begins, None])] for row in (first, second)]
    assert cells[0] == ["a", state_in_words("sharpened"), "GSA", "2.5000", "1.2", ""]
    assert cells[1] == ["b", state_in_words("no pair"), "", "", "", "No MS was found for it."]


@pytest.mark.usefixtures("real_python")
def test_pairs_are_sharpened_and_a_second_run_makes_what_is_missing(pairs, tmp_path, plugin):
    out, table = tmp_path / "out", tmp_path / "sum.csv"
    given = {"FOLDER": str(pairs), "METHOD": "scene-fit"}
    given |= {"OUTPUT_FOLDER": str(out), "SUMMARY": str(table)}
    result, log = run("folder", given)
    assert (result["PAIRS"], result["SHARPENED"], result["FAILED"]) == (5, 4, 1)
    assert [text for text in log.warnings if "c_pan.tif" in text]
    (out / "b_sharpened.tif").unlink()
    again, _ = run("folder", given)
    assert (again["SHARPENED"], again["THERE"], again["FAILED"]) == (1, 3, 1)
    with table.open(encoding="utf-8", newline="") as stream:
        states = {row["pair"]: row["state"] for row in csv.DictReader(stream)}
    assert states["b"] == "sharpened" and states["a"] == "already there"


@pytest.mark.usefixtures("real_python")
def test_a_command_shows_the_pairs(call, pairs, tmp_path):
    given = [f"--FOLDER={pairs}", "--DRY_RUN=true", f"--SUMMARY={tmp_path / 'plan.csv'}"]
    done = call("run", "ksdiff:folder", *given, f"--OUTPUT_FOLDER={tmp_path / 'out'}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a_pan.tif" in done.stdout and "a_ms.tif" in done.stdout
    assert "PAIRS:\t5" in done.stdout and not (tmp_path / "out").exists()
    assert len(Path(tmp_path / "plan.csv").read_text().splitlines()) == 6


def test_a_killed_worker_leaves_no_temporary_folder_among_the_results(tmp_path):
    from ksdiff_qgis.runtime import worker_run

    host = worker_run.socket.gethostname()
    mine, other = tmp_path / f".a.tif.{host}-77-x", tmp_path / f".a.tif.{host}-78-x"
    for folder in (mine, other):
        folder.mkdir()
    worker_run.remove_leftovers([str(tmp_path)], 77)
    assert [path.name for path in tmp_path.iterdir()] == [other.name]
    assert json.dumps(worker_run.WRITTEN).count("out_folder") == 1


# --- the dialog ---


@pytest.fixture
def dialog(plugin, pairs, tmp_path):
    """The dialog of the folder of pairs, whose pairs are being looked for."""
    shown = create("folder").createCustomParametersWidget(None)
    assert isinstance(shown, AlgorithmDialog)
    shown.show()
    out = str(tmp_path / "out")
    shown.setParameters({"FOLDER": str(pairs), "METHOD": "scene-fit", "OUTPUT_FOLDER": out})
    QCoreApplication.processEvents()
    yield shown
    until(lambda: not table_of(shown).busy)
    shown.close()


def table_of(dialog) -> PairTable:
    return dialog.mainWidget().wrappers["LEAVE_OUT"]


def cells(dialog, *columns):
    """The pairs of the table, whether they are ticked, and more of their columns."""
    until(lambda: not table_of(dialog).busy)
    table = table_of(dialog).table
    ticked = Qt.CheckState.Checked
    return {
        table.item(row, 0).text(): (
            table.item(row, 0).checkState() == ticked,
            *(table.item(row, column).text() for column in columns),
        )
        for row in range(table.rowCount())
    }


def ticked(dialog):
    """How many pairs will be sharpened, and of how many, by the line below the table."""
    return [int(number) for number in re.findall(r"\d+", table_of(dialog).status.text())[:2]]


@pytest.mark.usefixtures("real_python")
def test_the_dialog_shows_the_pairs_and_sharpens_those_that_are_ticked(dialog, home, tmp_path):
    shown = cells(dialog, 1, 2, 3, 4, 5, 6)
    ready = state_in_words("ready")
    files = ("a_pan.tif", "a_ms.tif", "192 x 160 x 4", "a_sharpened.tif")
    assert shown["a"] == (True, ready, *files, "")
    assert shown["c"][:2] == (False, state_in_words("not sharpened"))
    assert "c_pan.tif" in shown["c"][6]
    table = table_of(dialog)
    assert ticked(dialog) == [4, 5]
    for row in (0, 1):
        table.table.item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    assert ticked(dialog) == [2, 5]
    dialog.runButton().click()
    until(lambda: (tmp_path / "out" / "e_sharpened.tif").is_file())
    until(dialog.runButton().isEnabled)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "d_sharpened.tif",
        "e_sharpened.tif",
    ]
    assert "ROWS" not in log_of(dialog), "no long JSON in the log of a dialog"
    until(lambda: table.busy)  # it looks again, since results are there now
    after = cells(dialog, 1)
    assert after["d"] == (False, state_in_words("already there"))
    assert after["a"] == (False, ready), "what was not ticked stays so"
    assert [run.values for run in run_estimate.recorded_runs()] == [192 * 160 * 4] * 2
    table.table.item(0, 0).setCheckState(Qt.CheckState.Checked)
    assert ticked(dialog) == [1, 5]


def test_without_a_runtime_the_dialog_says_so_above_and_in_place_of_the_pairs(
    plugin, home, pairs, tmp_path, monkeypatch
):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    shown = create("folder").createCustomParametersWidget(None)
    shown.show()
    until(lambda: message_in(shown) is not None)
    assert message_in(shown).text() == runtime_problem()
    shown.setParameters({"FOLDER": str(pairs)})
    assert cells(shown) == {}
    assert table_of(shown).status.text() == runtime_problem()
    shown.close()


def test_names_of_a_script_are_left_out_by_the_worker_and_in_the_table(ask, tmp_path, dialog):
    given = {"FOLDER": str(tmp_path), "OUTPUT_FOLDER": str(tmp_path / "out")}
    request, _, _ = ask("folder", {**given, "LEAVE_OUT": "a|scene 7"})
    assert request["leave_out"] == ["a", "scene 7"]
    dialog.setParameters({"LEAVE_OUT": "b|a"})
    assert table_of(dialog).parameterValue() == "a|b"


@pytest.mark.usefixtures("real_python")
@pytest.mark.parametrize("load", [True, False])
def test_results_are_loaded_in_a_group_named_after_their_folder(pairs, tmp_path, plugin, load):
    given = {"FOLDER": str(pairs), "METHOD": "gsa", "LEAVE_OUT": "d|e", "LOAD_RESULTS": load}
    given |= {"OUTPUT_FOLDER": str(tmp_path / "sharp")}
    for _ in range(2):  # the second time, they are in the project already
        processing.runAndLoadResults("ksdiff:folder", given)
        QCoreApplication.processEvents()
        groups = QgsProject.instance().layerTreeRoot().findGroups()
        shown = {g.name(): sorted(n.name() for n in g.findLayers()) for g in groups}
        assert shown == ({"sharp: results": ["a (GSA)", "b (GSA)"]} if load else {})
    if load:
        QgsProject.instance().clear()
        processing.runAndLoadResults("ksdiff:folder", {**given, "DRY_RUN": True})
        assert not QgsProject.instance().mapLayers(), "a plan loads nothing that is there"


@pytest.mark.usefixtures("real_python")
def test_temporary_results_are_named_after_their_pairs(pairs, plugin):
    given = {"FOLDER": str(pairs), "METHOD": "gsa", "LEAVE_OUT": "b|d|e"}
    given |= {"OUTPUT_FOLDER": "TEMPORARY_OUTPUT"}
    processing.runAndLoadResults("ksdiff:folder", given)
    QCoreApplication.processEvents()
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert group.name() == f"{pairs.name}: results"


def test_the_time_of_a_folder_is_that_of_its_pairs(plugin, home):
    values = create("folder")
    kind = values.kind_of_run({"method": methods.AUTO, "device": "auto", "adapt": 0})
    alone = {"method": methods.AUTO, "device": "auto", "adapt": 0, "scene_test": True}
    assert kind == run_estimate.Kind.of(alone, spread=False), (
        "as of one pair by KSDiff pansharpening"
    )


@pytest.fixture
def scheduler(tmp_path, plugin):
    """A scheduler with a worker, whose address is set in the options of Processing."""
    python, file = str(ROOT / ".venv" / "bin" / "python"), tmp_path / "scheduler.json"
    if subprocess.run([python, "-c", "import distributed"], check=False).returncode:
        pytest.skip("the worker's Python has no dask.distributed")
    common = ("--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard")
    programs = (
        ("dask_scheduler", "--port", "0", "--no-show", *common),
        ("dask_worker", "--nthreads", "1", "--no-nanny", *common),
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(
            [python, "-m", f"distributed.cli.{program[0]}", *program[1:]],
            env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path,
        )
        for program in programs
    ]  # fmt: skip
    until(lambda: file.exists() and file.read_text().rstrip().endswith("}"))  # whole
    address = json.loads(file.read_text())["address"]
    ProcessingConfig.setSettingValue(SCHEDULER_SETTING, address)
    yield address
    ProcessingConfig.setSettingValue(SCHEDULER_SETTING, "")
    for process in reversed(started):
        process.kill()
        process.wait()


def test_the_request_names_the_scheduler_of_the_options(ask, tmp_path):
    given = {"FOLDER": str(tmp_path), "OUTPUT_FOLDER": str(tmp_path / "out")}
    assert ask("folder", given)[0]["scheduler"] is None
    ProcessingConfig.setSettingValue(SCHEDULER_SETTING, "tcp://10.0.0.1:8786")
    try:
        assert ask("folder", given)[0]["scheduler"] == "tcp://10.0.0.1:8786"
    finally:
        ProcessingConfig.setSettingValue(SCHEDULER_SETTING, "")


@pytest.mark.usefixtures("real_python", "scheduler")
@pytest.mark.parametrize("load", [True, False])
def test_results_of_a_scheduler_come_one_by_one(pairs, tmp_path, plugin, load):
    """Each is in its group before the run has ended, and once."""
    came, project = [], QgsProject.instance()
    given = {"FOLDER": str(pairs), "METHOD": "gsa", "LOAD_RESULTS": load}
    given |= {"OUTPUT_FOLDER": str(tmp_path / "sharp")}

    def told(layers):
        came.append([layer.name() for layer in layers])

    project.layersAdded.connect(told)
    try:
        result = processing.runAndLoadResults("ksdiff:folder", given)
        before = list(came)
        QCoreApplication.processEvents()
    finally:
        project.layersAdded.disconnect(told)
    assert (result["SHARPENED"], result["FAILED"]) == (4, 1)
    names = [f"{name} (GSA)" for name in "abde"]
    assert sorted(before) == ([[name] for name in names] if load else [])
    groups = project.layerTreeRoot().findGroups()
    shown = {g.name(): sorted(n.name() for n in g.findLayers()) for g in groups}
    assert shown == ({"sharp: results": names} if load else {})
