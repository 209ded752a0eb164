# SPDX-License-Identifier: GPL-2.0-or-later
"""The bench: finding scenes, making them ready, scoring, and what is printed and written."""

from __future__ import annotations

import csv
import importlib.metadata
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from fakes import Watched, use, write_pair
from fakes import perform as perform_request
from raising import raises_code
from raster_files import edited, read
from samples import sample, write_h5, write_mat
from scenes import write

from core.__main__ import main
from core.benchmark import datasets
from core.benchmark.datasets import BenchmarkCase, CaseSelection
from core.benchmark.pancollection import PanCollectionSample
from core.benchmark.tables import METRICS
from core.commands import bench
from core.errors import Cancelled, ModelError
from core.imaging.resample import interp23tap
from core.methods.classical import Exp, MtfGlpFs
from core.methods.interface import Settings
from core.methods.registry import METHODS as TABLE
from core.methods.registry import NETWORKS, PUBLISHED
from core.models import modelfile
from core.pair.scene import Patch, Scene
from core.quality import no_reference, with_reference
from core.requests.scenes import Bench
from core.sensors import sensor

CLASSICAL = ("exp", "gsa", "mtf-glp-fs")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sets: `quickbird`, truth and PAN on one grid, and `spot6`, a pair of ratio 4."""
    folder = tmp_path_factory.mktemp("data")
    write_pair(folder / "val" / "spot6", 256)
    tiles = folder / "val" / "quickbird"
    tiles.mkdir()
    rng = np.random.default_rng(8)
    for number in (1, 2):
        y, x = np.mgrid[:64, :64] / 3.0
        smooth = 700 + 200 * np.sin(x / 4 + number) * np.cos(y / 5)
        detail = 60 * np.sin(2.3 * x) * np.sin(1.9 * y) + rng.normal(0, 5, smooth.shape)
        gt = np.stack([smooth * (0.7 + 0.1 * b) + detail for b in range(4)])
        for kind, image in (("gt", gt), ("pan", gt.mean(axis=0)[None])):
            path = tiles / f"qb_{number}_{kind}.tif"
            write(path, image.astype(np.uint16), Affine.scale(2.4, -2.4))
    return folder


def perform(data: Path, **asked: Any) -> dict[str, Any]:
    """The work of a request, by default with PAN by bicubic alone."""
    return perform_request(Bench(data=str(data), **{"pan_gain": 0.0} | asked))


def cases(data: Path, **selection: Any) -> list[BenchmarkCase]:
    return datasets.find_cases(data, CaseSelection(**selection))


def measured(data: Path, folder: Path, **asked: Any) -> list[dict[str, Any]]:
    """The rows, from the JSON file."""
    target = folder / "rows.json"
    perform(data, json=str(target), **asked)
    rows: list[dict[str, Any]] = json.loads(target.read_text(encoding="utf-8"))["rows"]
    return rows


class Better(MtfGlpFs):
    """Stands for a deep method."""

    name = "ksdiff"


def with_deep(monkeypatch: pytest.MonkeyPatch, make: Any) -> None:
    """Networks are what `make` makes of their settings."""
    use(monkeypatch, dict.fromkeys(NETWORKS, make))


def test_sets_and_scenes_are_found(data: Path, tmp_path: Path) -> None:
    found = cases(data)
    assert [(t.set, t.scene, t.scale) for t in found] == [
        ("quickbird", "qb_1", "RR"),
        ("quickbird", "qb_2", "RR"),
        ("spot6", "spot6", "RR"),
        ("spot6", "spot6", "FR"),
    ]
    assert {(t.set, t.card.key) for t in found} == {("quickbird", "quickbird"), ("spot6", "spot6")}
    assert found[0].gains == (0.34, 0.32, 0.30, 0.22)
    assert found[0].note.startswith("no full resolution") and not found[2].note
    # The folder of the sets, and a folder of pairs, do as well.
    assert [t.scene for t in cases(data / "val")] == [t.scene for t in found]
    assert [t.set for t in cases(data / "val" / "spot6")] == ["spot6", "spot6"]
    assert [t.set for t in cases(data, sets=("spot6",))] == ["spot6", "spot6"]
    assert cases(data, sensor="wv3")[0].card.key == "worldview3"
    with raises_code("unknown-benchmark-set", unknown="alps, andes", sets="quickbird, spot6"):
        cases(data, sets=("alps", "spot6", "andes"))
    with raises_code("no-benchmark-sets"):
        cases(tmp_path)
    with raises_code("data-folder-missing"):
        cases(tmp_path / "nowhere")


def test_reference_beside_ms_is_used(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path / "a", 64)
    shutil.copy(pan, pan.with_name("x_pan.tif"))
    shutil.copy(pan, pan.with_name("x_gt.tif"))
    shutil.copy(ms, ms.with_name("x_ms.tif"))
    found = cases(tmp_path)
    assert [(t.scene, t.scale) for t in found] == [("a", "RR"), ("a", "FR"), ("x", "RR")]


def test_table_csv_and_json(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_deep(monkeypatch, Better)
    targets = tmp_path / "scores.csv", tmp_path / "scores.json"
    options = ["--data", str(data), "--tile", "32"]
    options += ["--csv", str(targets[0]), "--json", str(targets[1])]
    assert main(["bench", *options]) == 0
    with targets[0].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5 * len(bench.DEFAULT_METHODS)
    of = {m: [r for r in rows if r["method"] == m and r["scale"] == "RR"] for m in CLASSICAL}
    for exp, glp in zip(of["exp"], of["mtf-glp-fs"], strict=True):
        assert float(glp["ERGAS"]) < float(exp["ERGAS"])
    full = [r for r in rows if r["scale"] == "FR"]
    assert {r["set"] for r in full} == {"spot6"}
    assert all(0 < float(r["HQNR"]) <= 1 and not r["ERGAS"] for r in full)
    auto = [r for r in rows if r["method"] == "auto"]
    for each in auto:
        chosen = next(r for r in rows if r["method"] == each["used"] and _same_scene(r, each))
        of_run = {key: chosen[key] for key in ("method", "seconds")}
        assert each | of_run == chosen
    whole = json.loads(targets[1].read_text(encoding="utf-8"))
    assert len(whole["rows"]) == len(rows)
    assert whole["settings"]["tile"] == 32 and whole["versions"]["rasterio"]
    assert whole["sensors"] == {"quickbird": "QuickBird", "spot6": "SPOT-6/7"}
    assert whole["command"].startswith("python -m core bench --data ")
    printed = capsys.readouterr().out
    mean = np.mean([float(r["SAM"]) for r in of["gsa"] if r["set"] == "quickbird"])
    assert f"{mean:.4f} ±" in printed
    assert printed.count("### ") >= 3, "a table for each set and scale"


def test_fine_tuned_methods_are_compared_if_given_time(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given time: KSDiff adapted to each scene, and auto with that in its pool."""
    given = []

    class Adapted(Better):
        name = "ksdiff-adapted"

        def __init__(self, settings: Settings) -> None:
            super().__init__(settings)
            given.append(settings.fine_tuning_seconds)

        def fuse(self, patch: Patch, context: Any, **how: Any) -> np.ndarray:
            return 0.5 * (super().fuse(patch, context) + patch.lms)

    use(monkeypatch, {"ksdiff": Exp, "ksdiff-adapted": Adapted})
    asked = {"methods": ("ksdiff", "ksdiff-adapted", "auto", "auto-adapted"), "sets": ("spot6",)}
    rows = measured(data, tmp_path, adapt=5.0, **asked)
    by_name = {row["method"]: row for row in rows if row["scale"] == "RR"}
    assert list(by_name) == list(asked["methods"])
    assert by_name["ksdiff-adapted"]["ERGAS"] < by_name["ksdiff"]["ERGAS"]
    assert by_name["auto"]["used"] in PUBLISHED
    assert given == [5.0] * len(given) and len(given) >= 4
    with raises_code("fine-tuning-needs-seconds", methods="ksdiff-adapted, auto-adapted"):
        perform(data, **asked)
    with raises_code("negative-seconds", seconds=-1):
        perform(data, adapt=-1)


def test_fine_tuned_methods_are_left_out_without_time() -> None:
    assert not {"ksdiff-adapted", "auto-adapted"} & set(bench.DEFAULT_METHODS)
    asked = bench.methods_to_compare(None, 60.0)
    assert asked == (*bench.DEFAULT_METHODS, "ksdiff-adapted", "srino-adapted", "auto-adapted")
    assert {"ksdiff", "srino"} <= set(bench.DEFAULT_METHODS)
    assert bench.methods_to_compare(None, 0.0) == bench.DEFAULT_METHODS


def test_version_of_onnxruntime_gpu_is_found(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """onnxruntime-gpu brings the module, but no distribution called onnxruntime."""
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name == "onnxruntime":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    target = tmp_path / "scores.json"
    perform(data, methods=("exp",), sets=("quickbird",), json=str(target))
    told = json.loads(target.read_text(encoding="utf-8"))["versions"]
    assert told["onnxruntime"] == importlib.import_module("onnxruntime").__version__
    assert {"ksdiff", "python", "numpy", "scipy", "rasterio", "gdal"} <= told.keys()


def test_facts_are_gathered_before_measuring(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(bench, "facts_of", fail)
    monkeypatch.setattr(bench, "measure_all", lambda *_: pytest.fail("measured already"))
    with pytest.raises(NotImplementedError):
        perform(data)


def _same_scene(a: dict[str, str], b: dict[str, str]) -> bool:
    return all(a[key] == b[key] for key in ("set", "scene", "scale"))


def test_border_is_left_out_as_in_the_toolbox() -> None:
    """Rows and columns from 21 to 235 of 256, counted from 1."""
    truth, fused = np.random.default_rng(0).uniform(100, 900, (2, 4, 256, 256))
    inner = (slice(None), slice(20, 235), slice(20, 235))
    card = sensor("QB")
    found = datasets.reference_scores(truth, fused, 4, card, 21)
    assert found == with_reference.scores(truth[inner], fused[inner], 4, 2047)
    assert found["SAM"] != datasets.reference_scores(truth, fused, 4, card, 30)["SAM"]
    whole = datasets.reference_scores(truth, fused, 4, card, 0)
    assert whole == with_reference.scores(truth, fused, 4, 2047)
    with raises_code("border-too-wide"):
        datasets.reference_scores(truth, fused, 4, card, 128)


@pytest.mark.numerical
def test_reflectance_has_the_scores_of_dn(tmp_path: Path) -> None:
    """At both scales, and a sample of a file: only PSNR and SSIM depend on the peak."""
    rows = []
    for name, factor in (("dn", 1.0), ("reflectance", 1e-4)):
        folder = tmp_path / name
        pan, ms = write_pair(folder / "quickbird", 256, dtype="float64")
        for path in (pan, ms):
            edited(path, lambda values, factor=factor: values * factor)
        full = sample(5, full=True, size=64)
        scaled = PanCollectionSample(full.ms * factor, full.lms * factor, full.pan * factor, None)
        write_h5(folder / "test_gf2_OrigScale_multiExm1.h5", [scaled])
        rows.append(measured(folder, tmp_path, methods=("exp", "gsa")))
    assert sorted(row["scale"] for row in rows[0]) == ["FR"] * 4 + ["RR"] * 2
    for dn, reflectance in zip(*rows, strict=True):
        for index in METRICS[dn["scale"]]:
            if index not in ("PSNR", "SSIM"):
                assert reflectance[index] == pytest.approx(dn[index], rel=1e-4, abs=1e-6), index


@pytest.mark.numerical
def test_samples_with_reference_follow_the_papers_protocol(tmp_path: Path) -> None:
    """Interpolation is the file's own lms, the border 21 unless given, the deviation by N - 1."""
    given = [sample(number, size=96) for number in range(3)]
    path = write_h5(tmp_path / "test_qb_multiExm1.h5", given)
    target = tmp_path / "a.json"
    done = perform(path, methods=("exp", "gsa"), json=str(target))
    assert done["sets"] == ["test_qb_multiExm1"] and done["rows"] == 6
    read = json.loads(target.read_text(encoding="utf-8"))
    for number, row in enumerate(r for r in read["rows"] if r["method"] == "exp"):
        each, inner = given[number], (slice(None), slice(20, 75), slice(20, 75))
        expected = with_reference.scores(each.gt[inner], each.lms[inner], 4, 2047)
        assert {key: row[key] for key in expected} == pytest.approx(expected, rel=1e-6)
    (found,) = read["sets"]
    values = [row["SAM"] for row in read["rows"] if row["method"] == "gsa"]
    assert found["methods"]["gsa"]["std"]["SAM"] == pytest.approx(np.std(values, ddof=1))
    thirty = measured(path, tmp_path, methods=("exp",), cut=30)
    assert thirty[0]["SAM"] != read["rows"][0]["SAM"]


@pytest.mark.numerical
def test_samples_without_reference_follow_the_papers_protocol(tmp_path: Path) -> None:
    """No border; the scores are against the file's own lms."""
    given = sample(5, full=True, size=64)
    path = write_h5(tmp_path / "test_gf2_OrigScale_multiExm1.h5", [given])
    exp, gsa = measured(path, tmp_path, methods=("exp", "gsa"))
    assert exp["scale"] == gsa["scale"] == "FR" and "ERGAS" not in exp
    gains = [0.3] * 4
    expected = no_reference.scores(given.lms, given.lms, given.pan, gains, 4)
    assert {name: exp[name] for name in expected} == pytest.approx(expected)
    assert exp["D_lambda"] == 0 < gsa["D_lambda"]
    assert exp["D_lambda_K"] != gsa["D_lambda_K"]


@pytest.mark.numerical
@pytest.mark.parametrize("hole", [False, True])
def test_full_resolution_scores_equal_those_of_arrays(tmp_path: Path, hole: bool) -> None:
    """Tile by tile, what the indices of the whole images are; pixels without data do not count."""
    pan_path, ms_path = write_pair(tmp_path, 640)
    pan, ms = read(pan_path)[0].astype(float), read(ms_path).astype(float)
    lms = interp23tap(ms, 4)
    fused = (lms * (pan / lms.mean(axis=0))).astype(np.float32)
    gains = (0.3, 0.3, 0.3, 0.3)
    expected = no_reference.scores(fused, lms, pan, gains, 4)
    if hole:
        fused[:, 200:210, 300:310] = np.nan
    with Scene.open(pan_path, ms_path) as scene:
        found = datasets.full_resolution_scores(sensor("generic"), gains, scene, fused, Watched())
    assert found == pytest.approx(expected, abs=1e-3 if hole else 1e-9)


def test_mat_files_of_a_folder_are_one_set(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        write_mat(tmp_path / f"Test(HxWxC)_qb_data{number}.mat", sample(number, size=64))
    write_mat(tmp_path / "Test(HxWxC)_qb_data_fr1.mat", sample(4, full=True, size=64))
    found = cases(tmp_path)
    assert [(t.set, t.scene[-2:], t.scale) for t in found] == [
        ("Test(HxWxC)_qb_data", "a1", "RR"),
        ("Test(HxWxC)_qb_data", "a2", "RR"),
        ("Test(HxWxC)_qb_data", "10", "RR"),
        ("Test(HxWxC)_qb_data_fr", "r1", "FR"),
    ]


def test_method_that_cannot_run_is_left_out_with_a_note(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(settings: Settings) -> Any:
        raise ModelError("other", message="There is no model.", remedy="Train one.")

    with_deep(monkeypatch, fail)
    text = perform(data, sets=("quickbird",), methods=("exp", "ksdiff"))["table"]
    assert text.count("There is no model. Train one.") == 1
    assert "| ksdiff" not in text and "| exp" in text
    with raises_code("no-scene-sharpened"):
        perform(data, sets=("quickbird",), methods=("ksdiff",))


def test_steps_reach_the_method(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def make(settings: Settings) -> Exp:
        given.append(settings.steps)
        return Exp(settings)

    use(monkeypatch, {"srino": make})
    rows = measured(data, tmp_path, sets=("spot6",), methods=("srino",), steps=2)
    assert given == [2, 2]
    assert [row["method"] for row in rows] == ["srino"] * 2


def test_scene_that_cannot_be_reduced_is_left_out_with_a_note(data: Path, tmp_path: Path) -> None:
    write_pair(tmp_path / "spot6" / "small", 24)
    for kind in ("pan", "ms"):
        made = tmp_path / "spot6" / "small" / f"{kind}.tif"
        made.rename(tmp_path / "spot6" / f"a_{kind}.tif")
    write_pair(tmp_path / "spot6", 128)
    done = perform(tmp_path, methods=("exp",))
    assert "spot6 a left out: " in done["table"]
    assert "### spot6, reduced resolution, 1 scene" in done["table"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"methods": ("exp", "magic")}, "unknown-methods"),
        ({"sets": ("alps",)}, "unknown-benchmark-set"),
        ({"steps": 0}, "steps-not-positive"),
        ({"phase": "full"}, "unknown-phase"),
        ({"sensor": "eye"}, "unknown-sensor"),
        ({"csv": "{folder}/gone/a.csv"}, "output-folder-missing"),
        ({"csv": "{folder}/a.json"}, "output-suffix"),
        ({"json": "{folder}/a.csv"}, "output-suffix"),
    ],
)
def test_wrong_request_is_refused_before_any_work(
    data: Path,
    tmp_path: Path,
    asked: dict[str, Any],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "measure", lambda *given: pytest.fail("worked"))
    for key in {"csv", "json"} & asked.keys():
        asked = {key: asked[key].format(folder=tmp_path)}
    with raises_code(code):
        perform(data, **asked)


def test_cancel_leaves_no_file(data: Path, tmp_path: Path) -> None:
    request = Bench(str(data), ("exp", "gsa"), csv=str(tmp_path / "a.csv"))
    with pytest.raises(Cancelled):
        perform_request(request, Watched(0.5))
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_the_old_file(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.csv"
    asked = {"sets": ("quickbird",), "methods": ("exp",), "csv": str(target)}
    target.write_text("before", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", _full_disk)
        with raises_code("output-not-writable"):
            perform(data, **asked)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]
    perform(data, **asked)
    assert target.read_text(encoding="utf-8").startswith("set,scene,scale,")
    assert list(tmp_path.iterdir()) == [target]


def _full_disk(path: Path, *given: Any, **more: Any) -> int:
    raise OSError(28, "No space left on device", str(path))


@pytest.mark.numerical
def test_perfect_method_has_perfect_scores(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is scored lies where the truth lies: a method that knows it is without error."""
    truth = read(data / "val" / "spot6" / "ms.tif").astype(np.float32)

    class Oracle(Exp):
        halo = 3

        def fuse(self, patch: Patch, context: None = None) -> np.ndarray:
            if patch.window.row_end > truth.shape[1] or patch.window.col_end > truth.shape[2]:
                return patch.lms  # full resolution
            return truth[(slice(None), *patch.window.slices)]

    with_deep(monkeypatch, Oracle)
    row = measured(data, tmp_path, sets=("spot6",), methods=("ksdiff",), tile=20)[0]
    assert [row[m] for m in ("ERGAS", "SAM", "Q2n")] == pytest.approx([0, 0, 1], abs=1e-4)


def test_nodata_is_not_scored(tmp_path: Path) -> None:
    """A scene that is half collar has scores, and they are those of the other half."""
    _, ms = write_pair(tmp_path / "val" / "spot6", 384, nodata=0)
    edited(ms, lambda values: np.where(np.arange(96) < 32, 0, values))
    rows = measured(tmp_path, tmp_path, methods=("exp", "gsa"), tile=64)
    assert len(rows) == 4
    for row in rows:
        assert all(np.isfinite(v) for v in row.values() if isinstance(v, float))
        if row["scale"] == "RR":
            assert row["ERGAS"] < 10 and row["Q2n"] > 0.5


def test_command_line_gives_the_same_request() -> None:
    request = Bench("my data", ("exp", "gsa"), csv="a.csv", cut=0)
    command = bench.command_line(request)
    assert command == "python -m core bench --data 'my data' --methods exp,gsa --cut 0 --csv a.csv"


def test_pan_is_reduced_in_two_ways(data: Path, tmp_path: Path) -> None:
    rows = measured(data, tmp_path, sets=("spot6",), methods=("exp", "gsa"), pan_gain=0.15)
    scores = {(row["scale"], row["method"]): row.get("ERGAS") for row in rows}
    assert list(scores) == [(scale, m) for scale in ("RR", "RR-MTF", "FR") for m in ("exp", "gsa")]
    assert scores["RR", "exp"] == scores["RR-MTF", "exp"], "MS is the same"
    assert scores["RR", "gsa"] != pytest.approx(scores["RR-MTF", "gsa"], rel=1e-3)


def test_published_tables_have_every_method(root: Path) -> None:
    """Whoever adds a method that has its model, or an index, runs the bench anew."""
    text = (root / "docs" / "bench.md").read_text(encoding="utf-8")
    assert "-m core bench --data ../shared/data" in text
    shipped = modelfile.shipped_models()
    absent = {name for name, info in TABLE.items() if info.model and info.model not in shipped}
    known = [name for name in bench.methods_to_compare(None, 0.0) if name not in absent]
    tables = re.findall(r"^### (\w+), (\w+) resolution, \d.+\n\n((?:\|.+\n)+)", text, re.MULTILINE)
    sets = {"geoeye1", "landsat7", "quickbird_full", "spot6", "worldview2"}
    assert {name for name, scale, _ in tables if scale == "full"} == sets
    assert {name for name, scale, _ in tables if scale == "reduced"} == sets | {"quickbird"}
    for _, scale, table in tables:
        head, _, *rows = [re.findall(r"[^|\s][^|]*[^|\s]", line) for line in table.splitlines()]
        metrics = METRICS["RR" if scale == "reduced" else "FR"]
        assert head == ["method", *metrics, "seconds"]
        assert [row[0].split()[0] for row in rows] == known
