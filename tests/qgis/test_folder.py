# SPDX-License-Identifier: GPL-2.0-or-later
"""Many pairs in one run: the request, a real worker, a command."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from qgis_helpers import check, refused, run, write_pair

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
    refused("folder", {**given, "TABLE": str(table)}, "one of the two")
    refused("folder", {"OUTPUT_FOLDER": given["OUTPUT_FOLDER"]}, "one of the two")
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
    assert f"pair{NBSP}{NBSP}state" in log.textLog(), "columns stay where they are"


@pytest.mark.usefixtures("real_python")
def test_pairs_are_sharpened_and_a_second_run_makes_what_is_missing(pairs, tmp_path, plugin):
    out, table = tmp_path / "out", tmp_path / "sum.csv"
    given = {"FOLDER": str(pairs), "METHOD": "scene-fit"}
    given |= {"OUTPUT_FOLDER": str(out), "SUMMARY": str(table)}
    result, log = run("folder", given)
    assert (result["PAIRS"], result["SHARPENED"], result["FAILED"]) == (5, 4, 1)
    assert [text for text in log.warnings if "c_pan.tif cannot be opened" in text]
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
    assert "a: a_pan.tif + a_ms.tif; ready." in done.stdout
    assert "PAIRS:\t5" in done.stdout and not (tmp_path / "out").exists()
    assert len(Path(tmp_path / "plan.csv").read_text().splitlines()) == 6


def test_a_killed_worker_leaves_no_temporary_folder_among_the_results(tmp_path):
    from ksdiff_qgis.runtime import worker_run

    host = worker_run.socket.gethostname()
    mine, other = tmp_path / f".a.tif.{host}-77-x", tmp_path / f".a.tif.{host}-78-x"
    for folder in (mine, other):
        folder.mkdir()
    worker_run._clear_up([str(tmp_path)], 77)
    assert [path.name for path in tmp_path.iterdir()] == [other.name]
    assert json.dumps(worker_run.WRITTEN).count("out_folder") == 1
