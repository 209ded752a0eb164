# SPDX-License-Identifier: GPL-2.0-or-later
"""The request that each fusion algorithm sends, and its outputs; with a stand-in worker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis_helpers import create, refused, run_unchecked, simulated, write_model, write_raster

from ksdiff_qgis import models

NO_OPTIONS = {
    "pan_band": None,
    "ms_bands": None,
    "nodata": None,
    "pan_nodata": None,
    "nodata_bands": "any",
    "undeclared_nodata": "leave-out",
    "rpc_dem": None,
}
SHARPEN = {
    **NO_OPTIONS,
    "sensor": "auto",
    "align": False,
    "report": None,
    "extent": None,
    "extent_crs": None,
    "output_nodata": None,
    "output_type": None,
    "creation_options": {},
    "cog": False,
    "overviews": "auto",
    "pan_from_bands": False,
    "unseen_bands": "fit",
    "tile": 512,
}
NETWORK = {**SHARPEN, "model": None, "device": "auto", "seed": 0}
# Values that reach the worker under other names, or as they are.
OPTIONS = {
    "PAN_BAND": 1,
    "MS_BANDS": [4, 2, 1],
    "SENSOR": "quickbird",
    "EXTENT": "500010,500020,4999960,4999970 [EPSG:32633]",
    "OUTPUT_TYPE": "float32",
    "NODATA": -1.5,
    "PAN_NODATA": 0,
    "OUTPUT_NODATA": -9999,
    "NODATA_BANDS": "each",
    "UNDECLARED_NODATA": "keep",
    "UNSEEN_BANDS": "gentle",
    "CREATION_OPTIONS": "COMPRESS=LZW|TILED=YES",
    "COG": True,
    "OVERVIEWS": "no",
    "TILE": 128,
    "ALIGN": True,
}
SENT = {name.lower(): value for name, value in OPTIONS.items()} | {
    "extent": [500010.0, 4999960.0, 500020.0, 4999970.0],
    "creation_options": {"COMPRESS": "LZW", "TILED": "YES"},
}


def request_of(task, given, **fields):
    """The request of a task on a pair, in which no option was set but for some fields."""
    pair = {"pan": given["PAN"], "ms": given["MS"]}
    return {**NO_OPTIONS, **pair, "protocol": 2, "language": "en", "task": task, **fields}


def part(mapping, names):
    return {name: mapping[name] for name in names}


def title(algorithm, name):
    """The title of a parameter, by which messages call it."""
    made = create(algorithm)  # owns the definition
    return made.parameterDefinition(name).description()


# --- sharpening ---


@pytest.mark.parametrize(
    ("name", "request_fields"),
    [
        # Fine-tuning is off where no runtime for a GPU is installed.
        ("ksdiff", {**NETWORK, "method": "auto", "adapt": 0, "scene_test": True}),
        (
            "srino",
            {**NETWORK, "method": "srino", "adapt": 0, "scene_test": False}
            | {"steps": None, "spread": None},
        ),
        (
            "classical",
            {**SHARPEN, "method": "scene-fit", "scene_test": False}
            | {"back_projection": None, "fit": None, "save_fit": None},
        ),
    ],
)
def test_defaults(ask, given, name, request_fields):
    request, _, _ = ask(name, given)
    report = request.pop("report")
    wanted = request_of("pansharpen", given, out=given["OUTPUT"], **request_fields)
    assert {**request, "report": None} == wanted
    # What compares the methods writes a temporary report, where there is a window to open it.
    assert (report is not None) == request_fields["scene_test"]


@pytest.mark.parametrize(
    ("name", "own", "sent"),
    [
        ("ksdiff", {"METHOD": "ksdiff", "ADAPT": 15, "SCENE_TEST": False, "DEVICE": "cpu",
                    "SEED": 7},
         {"method": "ksdiff", "adapt": 15, "scene_test": False, "device": "cpu", "seed": 7}),
        ("srino", {"STEPS": 8, "SPREAD_SEEDS": 6, "SCENE_TEST": True},
         {"steps": 8, "scene_test": True, "method": "srino"}),
        ("classical", {"METHOD": "gsa", "BACK_PROJECTION": 2},
         {"method": "gsa", "back_projection": 2}),
    ],
)  # fmt: skip
def test_every_parameter_reaches_the_worker(ask, given, name, own, sent):
    request, _, _ = ask(name, {**given, **OPTIONS, **own})
    assert part(request, {**SENT, **sent}) == {**SENT, **sent}


def test_choice_that_is_not_made_is_the_default(ask, given):
    """Models saved before a choice was there have no value for it."""
    names = ("NODATA_BANDS", "UNDECLARED_NODATA", "OVERVIEWS", "UNSEEN_BANDS", "PAN_FROM_BANDS")
    request, _, _ = ask("classical", {**given, **dict.fromkeys(names)})
    for name in names:
        assert request[name.lower()] == SHARPEN[name.lower()]


@pytest.mark.parametrize(("given_passes", "sent"), [(None, None), (0, None), ("", None), (2, 2)])
def test_passes_that_are_not_set_are_those_of_the_method(ask, given, given_passes, sent):
    """Models saved when 0 was the default have it among their values."""
    request, _, _ = ask("classical", {**given, "BACK_PROJECTION": given_passes})
    assert request["back_projection"] == sent


def test_classical_auto_compares_the_classical_methods(ask, given):
    request, result, _ = ask("classical", {**given, "METHOD": "auto"})
    assert (request["method"], request["scene_test"]) == ("classical", False)
    assert (result["METHOD_USED"], result["WINNER"]) == ("bt-h", "bt-h")
    methods = {row["method"] for row in json.loads(result["SCENE_TEST_TABLE"])}
    assert not methods & {"ksdiff", "srino"}


def test_model_is_sent_by_path_unless_it_is_shipped(ask, given, home, tmp_path):
    own = write_model(models.folder() / "own" / "own.safetensors", method="srino")
    file = write_model(tmp_path / "mine.safetensors", method="srino")
    for chosen, sent in (
        ({"MODEL": "custom", "MODEL_FILE": str(file)}, str(file)),
        ({"MODEL": "own"}, str(own)),
        ({"MODEL": "srino-scene"}, "srino-scene"),
        ({"MODEL": "auto"}, None),
    ):
        request, _, _ = ask("srino", {**given, **chosen})
        assert request["model"] == sent


def test_extent_is_transformed_to_the_crs_of_pan(ask, given):
    extent = "15.0001,15.0003,45.1530,45.1534 [EPSG:4326]"
    request, _, _ = ask("ksdiff", {**given, "EXTENT": extent})
    xmin, ymin, xmax, ymax = request["extent"]
    assert 500000 < xmin < xmax < 500030
    assert 4999900 < ymin < ymax < 5000000


@pytest.fixture
def band_files(tmp_path):
    """Files of one band each."""
    return [
        str(write_raster(tmp_path / f"B{number}.tif", 1, (40, 48), 2.0)) for number in (2, 3, 4)
    ]


@pytest.mark.parametrize("name", ["ksdiff", "classical", "align", "quality", "simulate"])
def test_ms_of_a_file_for_each_band(ask, given, band_files, tmp_path, name):
    three = str(write_raster(tmp_path / "three.tif", 3, (160, 192), 0.5))
    given = {**given, "FUSED": three, "MS": band_files[0], "MS_LAYERS": band_files[1:]}
    request, _, _ = ask(name, given)
    assert (request["ms"], request["ms_bands"]) == (band_files, None)
    if name == "quality":
        assert request["fused"] == three
        refused(name, {**given, "MS_LAYERS": band_files[1:2]}, "three", "3", "2")
    refused(name, {**given, "MS_BANDS": [1]}, title(name, "MS_BANDS"))
    refused(name, {**given, "MS_LAYERS": [*band_files[1:], given["PAN"]]}, "PAN")
    missing = str(tmp_path / "none.tif")
    refused(name, {**given, "MS_LAYERS": [band_files[1], missing]}, "MS_LAYERS")
    output = {"simulate": "OUTPUT_PAN", "quality": "SAM_MAP"}.get(name, "OUTPUT")
    refused(name, {**given, output: band_files[2]}, band_files[2])


def test_unchecked_run_without_all_files_of_ms_is_refused_too(use_worker, given, band_files):
    """A band would be missing."""
    use_worker()
    given = {**given, "MS": band_files[0], "MS_LAYERS": [band_files[1], "/none.tif"]}
    good, log = run_unchecked("classical", given)
    assert not good and not Path(given["OUTPUT"]).exists()
    assert title("classical", "MS_LAYERS") in log


@pytest.mark.parametrize("name", ["ksdiff", "srino", "classical"])
def test_pan_of_several_bands_reaches_the_worker_whole(ask, given, tmp_path, name):
    """For sensors without PAN."""
    fine = str(write_raster(tmp_path / "fine.tif", 4, (160, 192), 0.5))
    sensor = {**given, "PAN": fine, "PAN_FROM_BANDS": True}
    request, _, _ = ask(name, sensor)
    assert (request["pan"], request["pan_band"], request["pan_from_bands"]) == (fine, None, True)
    refused(name, {**sensor, "PAN_FROM_BANDS": False}, "fine", "4")
    refused(name, {**sensor, "PAN": given["PAN"]}, "scene_pan")
    refused(name, {**sensor, "PAN_BAND": 1}, title(name, "PAN_BAND"))
    report = {"TEST_REPORT": str(tmp_path / "a.html")}
    fit = {"METHOD": "scene-fit", "SAVE_FIT": str(tmp_path / "a.json")}
    spread = {"SPREAD": str(tmp_path / "a.tif")}
    for more in (report, {"classical": fit, "srino": spread}.get(name, report)):
        refused(name, {**sensor, **more}, "PAN")


@pytest.mark.parametrize("name", ["ksdiff", "srino", "classical", "align", "quality", "simulate"])
def test_heights_reach_the_worker(ask, given, tmp_path, name):
    heights = str(write_raster(tmp_path / "heights.tif", 1, (20, 20), 30.0))
    request, _, _ = ask(name, {**given, "RPC_DEM": heights})
    assert request["rpc_dem"] == heights


def test_relative_paths_are_made_absolute(ask, files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenes").mkdir()
    write_model(tmp_path / "mine.safetensors")
    request, _, _ = ask("bench", {"DATA": "scenes"})
    assert request["data"] == str(tmp_path / "scenes")
    model = {"MODEL": "custom", "MODEL_FILE": "mine.safetensors", "OUTPUT": "result.tif"}
    request, result, _ = ask("ksdiff", {**files, **model})
    assert request["model"] == str(tmp_path / "mine.safetensors")
    assert request["out"] == str(tmp_path / "result.tif")
    assert result["OUTPUT"] == "result.tif"


# --- outputs of sharpening ---


def test_outputs_of_the_method_selected_by_the_comparison(ask, given):
    _, result, log = ask("ksdiff", given)
    table = json.loads(result.pop("SCENE_TEST_TABLE"))
    assert [row["method"] for row in table] == ["bt-h", "ksdiff", "srino", "exp"]
    reason = result.pop("METHOD_REASON")
    assert Path(result.pop("TEST_REPORT")).is_file()
    assert result == {
        "OUTPUT": given["OUTPUT"],
        "RATIO": 4.0,
        "TILES": 1,
        "SECONDS": 0.25,
        "METHOD_USED": "bt-h",
        "SENSOR_USED": "Generic",
        "WINNER": "bt-h",
        "BEST_CLASSICAL": "bt-h",
        "ERGAS": 2.0,
        "SAM": 1.0,
        "TEST_PIXELS": 1234,
        "ADAPTED": False,
    }
    assert "BT-H" in log.textLog() and reason in log.textLog()


def test_each_reason_for_a_method_has_its_own_sentence(ask, given, monkeypatch):
    reasons = {}
    for winner, used, method in (
        ("ksdiff", "ksdiff", "auto"),  # the lowest expected error
        ("", "ksdiff", "auto"),  # no comparison
        ("ksdiff", "mtf-glp-fs", "auto"),  # selected, but not usable
        ("bt-h", "ksdiff", "ksdiff"),  # chosen by the user
    ):
        monkeypatch.setenv("KSDIFF_TEST_WINNER", winner)
        monkeypatch.setenv("KSDIFF_TEST_USED", used)
        _, result, log = ask("ksdiff", {**given, "METHOD": method})
        assert result["METHOD_USED"] == used
        assert result.get("WINNER", "") == winner
        assert result["METHOD_REASON"] in log.textLog()
        reasons[result["METHOD_REASON"]] = winner
    assert len(reasons) == 4


@pytest.mark.parametrize(("name", "ergas", "sam"), [("ksdiff", 2.5, 1.25), ("srino", 2.75, 1.5)])
def test_scores_are_those_of_the_method_used(ask, given, name, ergas, sam):
    method = {"METHOD": "ksdiff"} if name == "ksdiff" else {}
    _, result, _ = ask(name, {**given, **method, "SCENE_TEST": True})
    assert (result["METHOD_USED"], result["WINNER"]) == (name, "bt-h")
    assert (result["ERGAS"], result["SAM"]) == (ergas, sam)
    assert (result["DEVICE_USED"], result["MODEL_USED"]) == ("cpu", "fake")
    _, result, _ = ask(name, {**given, **method, "SCENE_TEST": False})
    assert not {"WINNER", "BEST_CLASSICAL", "ERGAS", "SCENE_TEST_TABLE"} & set(result)


@pytest.mark.parametrize(("name", "method"), [("ksdiff", {"METHOD": "ksdiff"}), ("srino", {})])
def test_fine_tuning_is_reported(ask, given, monkeypatch, name, method):
    monkeypatch.setenv("KSDIFF_TEST_ADAPTS", "1")
    _, result, _ = ask(name, {**given, **method, "ADAPT": 30})
    assert (result["METHOD_USED"], result["ADAPTED"]) == (f"{name}-adapted", True)
    assert "9.1 %" in result["ADAPTATION"]
    _, result, _ = ask(name, {**given, **method, "ADAPT": 0})
    assert (result["METHOD_USED"], result["ADAPTED"]) == (name, False)
    assert "ADAPTATION" not in result


@pytest.mark.parametrize("name", ["ksdiff", "classical"])
@pytest.mark.parametrize("temporary", [False, True])
def test_report_switches_the_comparison_on(ask, given, tmp_path, name, temporary):
    method = {"ksdiff": {"METHOD": "ksdiff", "SCENE_TEST": False}, "classical": {}}[name]
    report = "TEMPORARY_OUTPUT" if temporary else str(tmp_path / "report.html")
    request, result, _ = ask(name, {**given, **method, "TEST_REPORT": report})
    assert request["scene_test"] is True
    assert result["TEST_REPORT"] == request["report"]
    assert temporary or request["report"] == report
    assert Path(result["TEST_REPORT"]).is_file()


def test_file_of_an_earlier_run_is_no_output(ask, given, tmp_path, monkeypatch):
    """The scene could not be compared, so the report there is of another scene."""
    monkeypatch.setenv("KSDIFF_TEST_WINNER", "")
    monkeypatch.setenv("KSDIFF_TEST_USED", "ksdiff")
    old = tmp_path / "report.html"
    old.write_text("another scene")
    request, result, _ = ask("ksdiff", {**given, "TEST_REPORT": str(old)})
    assert request["report"] == str(old)
    assert "TEST_REPORT" not in result
    assert result["OUTPUT"] == given["OUTPUT"]


@pytest.mark.parametrize("name", ["ksdiff", "srino", "classical"])
def test_shift_is_an_output_only_if_it_was_corrected(ask, given, name):
    _, result, _ = ask(name, given)
    assert "ALIGN_ROWS" not in result
    _, result, _ = ask(name, {**given, "ALIGN": True})
    assert (result["ALIGN_ROWS"], result["ALIGN_COLUMNS"]) == (3.0, 2.5)


def test_srino_outputs_and_log_of_the_worker(ask, given, tmp_path):
    spread = str(tmp_path / "spread.tif")
    request, result, log = ask("srino", {**given, "STEPS": 8, "SPREAD": spread})
    assert (request["spread"], result["SPREAD"], result["STEPS_USED"]) == (spread, spread, 8)
    assert "about 70 min" in log.textLog()
    assert log.warnings == ["That is long: take a graphics card."]


# --- align ---


def test_align(ask, given, tmp_path):
    report = str(tmp_path / "report.html")
    request, result, log = ask("align", {**given, "MS_BANDS": [2, 1], "REPORT": report})
    fields = {"out": given["OUTPUT"], "ms_bands": [2, 1], "report": report}
    assert request == request_of("align", given, **fields)
    assert result == {
        "OUTPUT": given["OUTPUT"],
        "REPORT": report,
        "SHIFT_ROWS": 3.0,
        "SHIFT_COLUMNS": 2.5,
        "CONFIDENCE": 0.97,
        "BLOCKS": 1,
        "FINDINGS": "",
    }
    for fact in ("The MS lies apart.", "0.97", "0.71", "1 of 9"):
        assert fact in log.textLog()


def test_align_can_measure_only(ask, files, monkeypatch):
    request, result, _ = ask("align", files)
    assert (request["out"], request["report"]) == (None, None)
    assert "OUTPUT" not in result
    assert result["SHIFT_ROWS"] == 3.0
    monkeypatch.setenv("KSDIFF_TEST_SHIFT", "")  # no measurable shift
    _, result, _ = ask("align", files)
    assert "SHIFT_ROWS" not in result and "SHIFT_COLUMNS" not in result
    assert result["BLOCKS"] == 0


# --- quality ---


def test_quality_defaults(ask, given):
    request, result, _ = ask("quality", given)
    fields = dict.fromkeys(("report", "sam_map", "q2n_map", "error_map", "reference"))
    fields |= {"fused": given["FUSED"], "sensor": "auto", "scene_test": False}
    assert request == request_of("quality", given, **fields)
    assert result == {
        "D_LAMBDA": 0.1,
        "D_LAMBDA_K": 0.02,
        "D_S": 0.03,
        "QNR": 0.87,
        "HQNR": 0.95,
        "CONSISTENCY_SAM": 0.5,
        "CONSISTENCY_ERGAS": 0.6,
        "CONSISTENCY_Q2N": 0.99,
        "SHIFT_ROWS": 0.5,
        "SHIFT_COLS": -0.5,
        "BIAS_PERCENT": -0.5,
        "FINDINGS": "",
        "PIXELS": 30720,
        "RATIO": 4.0,
        "SENSOR_USED": "Generic",
    }


def test_quality_with_all_options(ask, given, tmp_path):
    outputs = {name: str(tmp_path / f"{name}.tif") for name in ("SAM_MAP", "Q2N_MAP", "ERROR_MAP")}
    outputs["REPORT"] = str(tmp_path / "report.html")
    reference = str(write_raster(tmp_path / "reference.tif", 4, (160, 192), 0.5))
    options = {"MS_BANDS": [4, 3, 2, 1], "PAN_BAND": 1, "NODATA": 0, "SENSOR": "worldview2"}
    options["REFERENCE"] = reference
    request, result, log = ask("quality", {**given, **options, **outputs, "SCENE_TEST": True})
    sent = {key.lower(): value for key, value in {**options, **outputs}.items()}
    assert part(request, sent) == sent
    scores = {"SAM": 1.5, "ERGAS": 2.5, "Q2N": 0.9, "SCC": 0.8, "PSNR": 40.0, "SSIM": 0.97}
    assert part(result, {**scores, **outputs}) == {**scores, **outputs}
    assert "HQNR" not in result
    assert "\n2.5000  ERGAS: " in log.textLog()
    table = json.loads(result["SCENE_TEST_TABLE"])
    assert [row["method"] for row in table] == ["bt-h", "ksdiff", "srino", "exp"]


@pytest.mark.parametrize(
    ("shift", "pan_shift", "warned"),
    [
        ([0.5, -0.5], [0.0, 0.7], ()),
        ([0.75, 0.0], None, ("0.75", "0.00", "MS")),
        ([-0.6, 0.6], None, ("-0.60", "0.60", "MS")),
        ([0.0, 0.0], [0.0, -3.0], ("0.00", "-3.00", "PAN")),
        (None, None, ()),
    ],
)
def test_quality_warns_of_a_large_shift(ask, given, monkeypatch, shift, pan_shift, warned):
    monkeypatch.setenv("KSDIFF_TEST_SEEN", json.dumps({"shift": shift, "pan_shift": pan_shift}))
    _, result, log = ask("quality", given)
    assert len(log.warnings) == bool(warned)
    assert all(fact in log.warnings[0] for fact in warned)
    wanted = dict(zip(("SHIFT_ROWS", "SHIFT_COLS"), shift or (), strict=False))
    assert {name: result[name] for name in result if name.startswith("SHIFT")} == wanted


def test_quality_warns_of_findings(ask, given, monkeypatch):
    findings = ["The band order looks wrong.", "The brightness departs from the MS."]
    seen = {"findings": findings, "biases": [1.0, -4.0, 2.0], "shift": None}
    monkeypatch.setenv("KSDIFF_TEST_SEEN", json.dumps(seen))
    _, result, log = ask("quality", given)
    assert log.warnings == findings
    assert result["FINDINGS"] == "\n".join(findings)
    assert result["BIAS_PERCENT"] == -4.0


def test_temporary_outputs_have_the_suffix_of_their_kind(ask, given):
    outputs = dict.fromkeys(("REPORT", "SAM_MAP"), "TEMPORARY_OUTPUT")
    request, result, _ = ask("quality", {**given, **outputs})
    assert request["report"].endswith(".html")
    assert request["sam_map"].endswith(".tif")
    assert (result["REPORT"], result["SAM_MAP"]) == (request["report"], request["sam_map"])


# --- simulate ---


def test_simulate(ask, files, tmp_path):
    outputs = simulated(tmp_path)
    request, result, _ = ask("simulate", {**files, **outputs})
    sent = {name.lower().replace("output", "out"): path for name, path in outputs.items()}
    fields = {**sent, "ratio": None, "sensor": "auto", "phase": "product"}
    assert request == request_of("simulate", files, **fields)
    assert result == {**outputs, "RATIO_USED": 4, "SENSOR_USED": "Generic"}
    options = {"RATIO": 3, "PHASE": "benchmark", "SENSOR": "ikonos", "MS_BANDS": [2], "NODATA": 7}
    request, result, _ = ask("simulate", {**files, **options, **outputs})
    sent = {name.lower(): value for name, value in options.items()}
    assert part(request, sent) == sent
    assert result["RATIO_USED"] == 3


# --- bench ---


def test_bench(ask, tmp_path):
    table = str(tmp_path / "table.csv")
    request, result, log = ask("bench", {"DATA": str(tmp_path), "CSV": table})
    fields = {"data": str(tmp_path), "methods": None, "adapt": 0, "csv": table, "json": None}
    assert request == {**fields, "protocol": 2, "language": "en", "task": "bench"}
    assert result == {"CSV": table, "ROWS": 2, "SECONDS": 0.5}
    assert "method ERGAS\nexp 5.0\n" in log.textLog().replace("\u00a0", " ")
    chosen = ["exp", "ksdiff-adapted"]
    options = {"METHODS": chosen, "ADAPT": 20, "JSON": str(tmp_path / "table.json")}
    request, result, _ = ask("bench", {"DATA": str(tmp_path), **options})
    assert (request["methods"], request["adapt"], request["csv"]) == (chosen, 20, None)
    assert request["json"] == options["JSON"] == result["JSON"]


# --- choices by number ---


def test_a_choice_may_be_the_number_that_the_help_of_commands_shows(ask, given, tmp_path):
    request, _, _ = ask("ksdiff", {**given, "METHOD": "1", "DEVICE": 1})
    algorithm = create("ksdiff")
    options = algorithm.parameterDefinition("METHOD").options()
    assert (request["method"], request["device"]) == (options[1], "cpu")
    request, _, _ = ask("bench", {"DATA": str(tmp_path), "METHODS": [0, 2]})
    assert request["methods"] == ["auto", "srino"]
