# SPDX-License-Identifier: GPL-2.0-or-later
"""A folder of pairs: what is found, one bad pair, going on after an end, the summary."""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import Watched, perform, write_pair
from raising import raises_code
from raster_files import edited, single_bands
from rasterio.transform import from_origin

from core.__main__ import main
from core.commands import folder
from core.commands.folder_pairs import FoundPair, find_pairs
from core.errors import Cancelled
from core.products import pairing
from core.requests.scenes import Folder, Pansharpen

ROOT = Path(__file__).resolve().parents[3]


def pair_at(data: Path, pan: str, ms: str, east: float = 0.0) -> tuple[Path, Path]:
    """A pair of files of these names, so many metres further east."""
    made = write_pair(data / "new")
    places = data / pan, data / ms
    for source, target in zip(made, places, strict=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
        with rasterio.open(target, "r+") as moved:
            at = moved.transform
            moved.transform = from_origin(at.c + east, at.f, at.a, -at.e)
    (data / "new").rmdir()
    return places


def damage(path: Path) -> None:
    """Overwrite compressed pixels, so that the raster opens and cannot be read."""
    edited(path, compress="deflate")
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 3)
        file.write(b"\xff" * (path.stat().st_size // 3))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Five pairs: two on the same ground, one of two days, one of damaged pixels, one single MS."""
    place = tmp_path / "in"
    pair_at(place, "a_pan.tif", "a_ms.tif")
    pair_at(place, "b_pan.tif", "b_ms.tif")
    pair_at(place, "below/c_20200301_PAN.tif", "below/c_20200405_MS.tif", 1000)
    damage(pair_at(place, "d_P.tif", "d_M.tif", 2000)[0])
    pair_at(place, "e_pan.tif", "e_ms.tif", 3000)[0].unlink()
    return place


def asked(data: Path, **more: Any) -> Folder:
    fields = {"out_folder": str(data.parent / "out"), "method": "gsa", **more}
    return Folder(data=str(data), **fields)


def states(done: dict[str, Any]) -> dict[str, str]:
    return {row["pair"]: row["state"] for row in done["rows"]}


def run(data: Path, **more: Any) -> dict[str, Any]:
    return perform(asked(data, **more))


def found(data: Path) -> dict[str, FoundPair]:
    return {pair.name: pair for pair in find_pairs(data, data.parent / "out")}


# --- what is found ---


def test_pairs_are_found_by_name_with_what_is_doubtful_or_missing(data: Path) -> None:
    pairs = found(data)
    assert sorted(pairs) == ["a", "b", "c_20200301", "d", "e_ms"]
    assert pairs["a"] == FoundPair("a", str(data / "a_pan.tif"), str(data / "a_ms.tif"))
    _, days = pairs["c_20200301"].doubts  # that their names differ, and their days
    assert "2020-03-01" in days and "2020-04-05" in days
    assert pairs["e_ms"].problem and pairs["e_ms"].pan is None


def test_a_file_that_is_no_raster_is_told_with_the_pair_that_it_is_of(tmp_path: Path) -> None:
    pan, _ = pair_at(tmp_path, "x_pan.tif", "x_ms.tif")
    pan.write_bytes(b"no raster")
    pair = found(tmp_path)["x"]
    assert "x_pan.tif" in pair.problem
    assert pair.ms == str(tmp_path / "x_ms.tif")


def test_pan_and_ms_that_are_swapped_are_called_so(tmp_path: Path) -> None:
    pan, ms = pair_at(tmp_path, "x_pan.tif", "x_ms.tif")
    for path, pixel in ((pan, 2.0), (ms, 0.125)):
        edited(path, transform=from_origin(500000, 5000000, pixel, pixel))
    assert found(tmp_path)["x"].problem


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_pairs_without_georeference_are_found_by_name_and_doubtful(tmp_path: Path) -> None:
    for name, size, bands in (("x_pan", 64, 1), ("x_ms", 16, 4), ("y_pan", 64, 1), ("y_ms", 16, 4)):
        form = {"driver": "GTiff", "dtype": "uint16", "count": bands}
        with rasterio.open(tmp_path / f"{name}.tif", "w", width=size, height=size, **form) as made:
            made.write(np.ones((bands, size, size), np.uint16))
    pairs = found(tmp_path)
    assert {name: Path(str(pair.ms)).name for name, pair in pairs.items()} == {
        "x": "x_ms.tif",
        "y": "y_ms.tif",
    }
    assert len(pairs["x"].doubts) == 1


def test_each_folder_may_have_a_pan_and_an_ms(tmp_path: Path) -> None:
    for name in ("one", "two"):
        pair_at(tmp_path, f"{name}/pan.tif", f"{name}/ms.tif")
    pairs = found(tmp_path)
    assert {name: Path(str(pair.pan)).parent.name for name, pair in pairs.items()} == {
        "one": "one",
        "two": "two",
    }
    assert all(Path(str(p.pan)).parent == Path(str(p.ms)).parent for p in pairs.values())


def test_deliveries_are_found_by_their_metadata_and_files_of_bands_by_name(tmp_path: Path) -> None:
    stem = "GF2_PMS1_E113.9_N22.5_20160101_L1A0001318529"
    pair_at(tmp_path, f"{stem}-PAN1.tiff", f"{stem}-MSS1.tiff")
    pan, ms = pair_at(tmp_path, "pan.tif", "ms.tif", 1000)
    scene = "CBERS_4A_WPM_20200612_215_132_L4"
    pan.rename(tmp_path / f"{scene}_BAND0.tif")
    names = single_bands(ms, f"{scene}_BAND{{}}.tif")
    ms.unlink()
    pairs = found(tmp_path)
    assert sorted(pairs) == [scene, f"{stem}-PAN1"]
    assert pairs[scene].ms == names
    assert not any(pair.problem or pair.doubts for pair in pairs.values())
    assert set(states(run(tmp_path)).values()) == {folder.SHARPENED}


def test_results_are_no_inputs(tmp_path: Path) -> None:
    pair_at(tmp_path, "x_pan.tif", "x_ms.tif")
    out = str(tmp_path / "results")
    perform(Folder(data=str(tmp_path), out_folder=out, method="exp"))
    shutil.copy(tmp_path / "results" / "x_sharpened.tif", tmp_path / "x_sharp_pan.tif")
    assert len(find_pairs(tmp_path, Path(out))) == 1


def test_a_folder_without_rasters_and_one_that_is_not_there(tmp_path: Path) -> None:
    with raises_code("no-pairs"):
        run(tmp_path)
    with raises_code("data-folder-missing"):
        run(tmp_path / "nothing")


# --- a table of files ---


def test_a_table_names_the_pairs_and_where_results_go(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "in" / "pairs.csv"
    table.write_text(
        "PAN;MS;out\na_pan.tif;a_ms.tif;../mine.tif\nb_pan.tif;b_ms.tif;\n"
        "a_ms.tif;a_pan.tif;\nnone.tif;b_ms.tif;\n;e_ms.tif;\n",
        encoding="utf-8",
    )
    (tmp_path / "out").mkdir()
    done = perform(asked(table, out_folder=str(tmp_path / "out")))
    first, second, swapped, missing, single = done["rows"]
    assert (first["state"], second["state"]) == (folder.SHARPENED, folder.SHARPENED)
    assert (tmp_path / "mine.tif").is_file() and (tmp_path / "out" / "b_sharpened.tif").is_file()
    expected = [folder.FAILED, folder.FAILED, folder.NO_PAIR]
    assert [row["state"] for row in (swapped, missing, single)] == expected
    assert "none.tif" in missing["remark"] and swapped["remark"] and single["remark"]


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    with raises_code("table-columns"):
        find_pairs(table, tmp_path / "out")


# --- the run ---


def test_one_bad_pair_does_not_stop_the_rest(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "sum.csv"
    done = run(data, csv=str(table))
    assert states(done) == {
        "a": folder.SHARPENED,
        "b": folder.SHARPENED,
        "c_20200301": folder.SHARPENED,
        "d": folder.FAILED,
        "e_ms": folder.NO_PAIR,
    }
    made = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert made == ["a_sharpened.tif", "b_sharpened.tif", "c_20200301_sharpened.tif"]
    rows = {row["pair"]: row for row in csv.DictReader(table.open(encoding="utf-8"))}
    assert rows["d"]["remark"].startswith("PAN ") or "d_P.tif" in rows["d"]["remark"]
    assert rows["a"]["method"] == "gsa" and rows["a"]["why"]
    assert float(rows["a"]["seconds"]) > 0
    lines = done["table"].splitlines()
    assert len(lines) == 6 and lines[0].split()[:3] == ["pair", "state", "method"]


def test_a_pair_is_sharpened_as_by_the_command_for_one(data: Path, tmp_path: Path) -> None:
    run(data, method="classical", align=True)
    alone = tmp_path / "alone.tif"
    pair = str(data / "a_pan.tif"), str(data / "a_ms.tif")
    request = Pansharpen(*pair, str(alone), method="classical", align=True)
    perform(request)
    assert alone.read_bytes() == (tmp_path / "out" / "a_sharpened.tif").read_bytes()


def test_the_scores_and_the_reason_of_a_selected_method_are_in_the_summary(data: Path) -> None:
    row = run(data, method="classical")["rows"][0]
    assert row["why"] != run(data, method=row["method"], dry_run=True)["rows"][0]["why"]
    assert row["ergas"] > 0 and row["sam"] > 0


def test_a_dry_run_shows_the_pairs_and_writes_the_table_alone(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "core.commands.folder")
    done = run(data, dry_run=True, csv=str(tmp_path / "plan.csv"))
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "plan.csv").read_text(encoding="utf-8").count("\n") == 6
    assert states(done)["a"] == folder.READY
    assert re.findall(r"\d+", caplog.messages[0]) == ["4", "5", "1"]  # to sharpen, of, doubtful
    assert [r.levelname for r in caplog.records].count("WARNING") == 2


def test_doubtful_pairs_can_be_left_out(data: Path) -> None:
    assert states(run(data, skip_doubtful=True))["c_20200301"] == folder.LEFT_OUT


def test_pairs_can_be_left_out_by_name(data: Path, tmp_path: Path) -> None:
    done = run(data, leave_out=("a", "c_20200301"))
    assert (states(done)["a"], states(done)["c_20200301"]) == (folder.LEFT_OUT, folder.LEFT_OUT)
    assert [path.stem for path in (tmp_path / "out").glob("*.tif")] == ["b_sharpened"]


def test_the_plan_tells_what_is_there_already(data: Path) -> None:
    run(data, leave_out=("a",))
    told = states(run(data, dry_run=True))
    assert (told["a"], told["b"]) == (folder.READY, folder.THERE)


def test_what_each_run_took_is_told(data: Path, tmp_path: Path) -> None:
    runs = run(data, leave_out=("a", "c_20200301"))["runs"]
    assert [each["out"] for each in runs] == [str(tmp_path / "out" / "b_sharpened.tif")]
    assert runs[0]["seconds"] >= runs[0]["tile_seconds"] > 0


def test_settings_that_fit_no_pair_are_refused_before_all(data: Path, tmp_path: Path) -> None:
    with raises_code("unknown-method"):
        run(data, method="magic")
    assert not (tmp_path / "out").exists()


# --- going on ---


def test_a_run_that_was_cancelled_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        perform(asked(data, csv=str(tmp_path / "sum.csv")), Watched("Pair 3"))
    assert "gsa" in (tmp_path / "sum.csv").read_text(encoding="utf-8")
    again = run(data)
    assert [row["state"] for row in again["rows"]][:2] == [folder.THERE, folder.THERE]
    assert again["rows"][0]["method"] == "gsa"
    assert (again["sharpened"], again["there"], again["failed"]) == (1, 2, 1)


@pytest.mark.parametrize("more", [{"method": "brovey"}, {"nodata": 7.0}, {"seed": 3}])
def test_other_settings_make_the_results_again(data: Path, more: dict[str, Any]) -> None:
    run(data)
    assert run(data)["there"] == 3
    assert run(data, **more)["sharpened"] == 3
    assert run(data, **more, tile=256)["there"] == 3, "the tile size changes nothing"


def test_a_newer_input_makes_its_result_again(data: Path) -> None:
    run(data)
    later = time.time() + 60
    os.utime(data / "b_ms.tif", (later, later))
    done = run(data)
    assert (done["sharpened"], done["there"]) == (1, 2)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of Unix")
def test_a_killed_run_leaves_whole_results_and_goes_on(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "core", "folder", "--data", str(data), "--method", "gsa"]
    with subprocess.Popen([*command, "--out-folder", str(out)], cwd=ROOT) as process:
        deadline = time.monotonic() + 120
        while not list(out.glob("*.tif")) and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    there = len(list(out.glob("*.tif")))
    assert there >= 1
    done = run(data)
    assert (done["there"], done["sharpened"]) == (there, 3 - there)
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


# --- the command line ---


def test_the_command_shows_the_plan_and_the_summary(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["folder", "--data", str(data), "--out-folder", str(tmp_path / "out")]
    assert main([*words, "--method", "gsa", "--dry-run"]) == 0
    plan = capsys.readouterr().out
    assert all(name in plan for name in ("a_pan.tif", "a_ms.tif", "e_ms.tif", "2020-03-01"))
    assert main([*words, "--method", "gsa"]) == 1, "a pair failed"
    assert "sharpened" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("pan", "ms", "name"),
    [
        ("x_pan", "x_ms", "x"),
        ("x_P", "x_M", "x"),
        ("GF7_DLC_E1_L1L01-BWDPAN", "GF7_DLC_E1_L1L01-BWDMUX", "GF7_DLC_E1_L1L01-BWD"),
        ("JL1GF03B02_PMS_2022_L1_PAN", "JL1GF03B02_PMS_2022_L1_MSS", "JL1GF03B02_PMS_2022_L1"),
        ("13FEB10-P2AS-05_P001", "13FEB10-M2AS-05_P001", "13FEB10_2AS-05_P001"),
        ("same", "same", "same"),
    ],
)
def test_names_that_differ_in_a_word_for_pan_or_ms(pan: str, ms: str, name: str) -> None:
    both = Path("PAN") / f"{pan}.tif", Path("MS") / f"{ms}.tif"
    assert pairing.common_names(*both)
    assert pairing.scene_name(*both) == name


@pytest.mark.parametrize(("pan", "ms"), [("x_pan", "y_ms"), ("span", "sms"), ("pan", "ms")])
def test_names_that_are_not_of_one_pair(pan: str, ms: str) -> None:
    assert not pairing.common_names(Path("a") / f"{pan}.tif", Path("b") / f"{ms}.tif")
