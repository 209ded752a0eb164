# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers every task as the real worker does, with rasters by GDAL and fixed numbers."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

SCORES = {
    "with": {"SAM": 1.5, "ERGAS": 2.5, "Q2n": 0.9, "SCC": 0.8, "PSNR": 40.0, "SSIM": 0.97},
    "without": {"D_lambda": 0.1, "D_lambda_K": 0.02, "D_s": 0.03, "QNR": 0.87, "HQNR": 0.95},
}
ROWS = [
    {"method": "bt-h", "error": 1.0, "ERGAS": 2.0, "SAM": 1.0, "Q2n": 0.9, "SCC": 0.9},
    {"method": "ksdiff", "error": 1.25, "ERGAS": 2.5, "SAM": 1.25, "Q2n": 0.8, "SCC": 0.8},
    {"method": "srino", "error": 1.5, "ERGAS": 2.75, "SAM": 1.5, "Q2n": 0.7, "SCC": 0.7},
    {"method": "exp", "error": 3.0, "ERGAS": 5.0, "SAM": 3.0, "Q2n": 0.5, "SCC": 0.1},
]


def pansharpen(asked):
    """Resample MS to PAN's grid.

    bt-h has the lowest error of the comparison, and is used unless KSDIFF_TEST_WINNER is set.
    """
    pan = gdal.Open(asked["pan"])
    size = {"width": pan.RasterXSize, "height": pan.RasterYSize}
    gdal.Translate(asked["out"], asked["ms"], bandList=asked["ms_bands"], **size)
    automatic = asked["method"] in ("auto", "classical")
    winner = os.environ.get("KSDIFF_TEST_WINNER", "bt-h")
    method = os.environ.get("KSDIFF_TEST_USED", winner) if automatic else asked["method"]
    test = None
    if (asked["scene_test"] or automatic) and winner:
        left_out = {"classical": ("ksdiff", "srino")}.get(asked["method"], ())
        rows = [row for row in ROWS if row["method"] not in left_out]
        sentence = f"Compared {len(rows)} methods on 1234 pixels."
        best = rows[0]["method"]
        test = {"rows": rows, "best": best, "winner": winner, "pixels": 1234, "sentence": sentence}
        page(asked["report"])
        say(type="log", level="table", message="     ERGAS\ngsa  1.5")
    report = asked["report"] if test else None
    # A network is fine-tuned whenever it has time.
    title = {"ksdiff": "KSDiff", "srino": "SRINO"}.get(method)
    learns = asked.get("adapt", 0) and title and os.environ.get("KSDIFF_TEST_ADAPTS")
    network = {"device": "cpu", "model": "fake"} if title else {"model": None}
    network |= {"adapted": bool(learns), "adaptation": None}
    if learns:
        method += "-adapted"
        network["adaptation"] = f"Adapting {title} to the scene lowers its error by 9.1 %."
    if title == "SRINO":
        say(type="log", level="info", message="The tiles will take about 70 min.")
        say(type="log", level="warning", message="That is long: take a graphics card.")
        network |= {"steps": asked.get("steps") or 4, "spread": asked.get("spread")}
    if asked.get("spread"):
        painted(asked["spread"], asked["pan"], 2.0)
    numbers = {"ratio": 4.0, "tiles": 1, "seconds": 0.25, "bands": 4, "sensor": "Generic"}
    made = {"out": asked["out"], "report": report, "method": method, "scene_test": test}
    if asked["align"]:
        made |= {"align_rows": 3.0, "align_columns": 2.5}
    return {**made, **numbers, **network}


def quality(asked):
    page(asked["report"])
    for name, value in (("sam_map", 2.0), ("q2n_map", 0.5), ("error_map", -3.0)):
        if asked[name]:
            painted(asked[name], asked["fused"], value)
    known = "with" if asked["reference"] else "without"
    consistency = {"SAM": 0.5, "ERGAS": 0.6, "Q2n": 0.99, "bias_percent": 0.1}
    facts = {"pixels": 30720, "ratio": 4.0, "sensor": "Generic"}
    facts.update({name: asked[name] for name in ("report", "sam_map", "q2n_map", "error_map")})
    # Nothing is wrong unless the test says otherwise.
    good = {"shift": [0.5, -0.5], "pan_shift": None, "biases": [0.25, -0.5], "findings": []}
    facts["scene_test"] = {"rows": ROWS} if asked["scene_test"] else None
    seen = {**good, **json.loads(os.environ.get("KSDIFF_TEST_SEEN", "{}"))}
    biases = seen.pop("biases")
    bands = [{"name": str(i), "bias_percent": bias} for i, bias in enumerate(biases)]
    return {"scores": SCORES[known], "consistency": consistency, "bands": bands, **facts, **seen}


def painted(path, like, value):
    """Write a raster of one band of floats around a value."""
    data = gdal.Open(like)
    shape = data.RasterYSize, data.RasterXSize
    made = gdal.GetDriverByName("GTiff").Create(path, shape[1], shape[0], 1, gdal.GDT_Float32)
    made.SetGeoTransform(data.GetGeoTransform())
    made.SetProjection(data.GetProjection())
    values = np.linspace(0.5 * value, 1.5 * value, shape[0] * shape[1]).reshape(shape)
    made.GetRasterBand(1).WriteArray(values)


def simulate(asked):
    gdal.Translate(asked["out_pan"], asked["pan"], widthPct=25, heightPct=25)
    gdal.Translate(asked["out_ms"], asked["ms"], widthPct=25, heightPct=25)
    gdal.Translate(asked["out_reference"], asked["ms"])
    made = {name: asked[name] for name in ("out_pan", "out_ms", "out_reference")}
    return {**made, "ratio": asked["ratio"] or 4, "sensor": "Generic", "seconds": 0.5, "bands": 4}


def align(asked):
    """Shift MS by 3 rows and 2.5 columns of PAN, unless KSDIFF_TEST_SHIFT has other values."""
    told = os.environ.get("KSDIFF_TEST_SHIFT", "3.0 2.5").split()
    rows, columns = (float(text) for text in told) if told else (None, None)
    page(asked["report"])
    if asked["out"]:
        pan, ms = gdal.Open(asked["pan"]).GetGeoTransform(), as_raster(asked["ms"])
        moved = list(ms.GetGeoTransform())
        moved[0], moved[3] = moved[0] - (columns or 0) * pan[1], moved[3] - (rows or 0) * pan[5]
        gdal.Translate(asked["out"], ms).SetGeoTransform(moved)
    blocks = [{"row": 9.0, "col": 9.0, "shift": [rows, columns], "match": 0.9}] if told else []
    found = {"rows": rows, "columns": columns, "metres": None, "blocks": blocks, "looked": 9}
    found |= {"confidence": 0.97, "unmoved": 0.71, "findings": [], "sentence": "The MS lies apart."}
    return {**found, "out": asked["out"], "report": asked["report"], "seconds": 0.25}


def folder(asked):
    """Two pairs, of which one is sharpened, in the folder for the results."""
    Path(asked["out_folder"]).mkdir(exist_ok=True)
    page(asked["csv"])
    say(type="log", level="warning", message="b: only a PAN.")
    row = {
        "pair": "a",
        "pan": "a_pan.tif",
        "ms": "a_ms.tif",
        "out": "a.tif",
        "method": "gsa",
        "why": "",
    }
    row |= {"state": "sharpened", "seconds": 1.25, "ergas": 2.5, "sam": None, "remark": ""}
    other = {**row, "pair": "b", "state": "no pair", "method": "", "seconds": None, "ergas": None}
    rows = [row, {**other, "remark": "No MS was found for it."}]
    counts = {"pairs": 2, "sharpened": 1, "there": 0, "failed": 1, "left_out": 0, "rows": rows}
    places = {"csv": asked["csv"], "out_folder": asked["out_folder"]}
    return {**counts, **places, "seconds": 0.5}


def bench(asked):
    for name in ("csv", "json"):
        page(asked[name])
    found = {"rows": 2, "sets": ["a"], "table": "method ERGAS\nexp 5.0", "seconds": 0.5}
    return {**found, "csv": asked["csv"], "json": asked["json"]}


def trainingset(asked):
    Path(asked["out"]).write_bytes(b"patches")
    facts = {"pairs": len(asked["pans"]), "patches": 12, "held_out": 3, "made_up": 0, "refused": 0}
    facts["shares"] = {"trained": 0.75, "held_out": 0.2, "no_data": 0.03, "between": 0.02}
    facts["reasons"] = ["x_ms.tif: too small."]
    return {**facts, "out": asked["out"], "recipe": "r.json", "mb": 1.5, "bands": [4],
            "sensors": ["quickbird"], "seconds": 0.5}  # fmt: skip


def train(asked):
    Path(asked["run"]).mkdir(parents=True)
    for stage, steps in ((1, asked["stage1"]), (2, asked["stage2"])):
        for step in range(1, steps + 1):
            point = {"stage": stage, "step": step, "steps": steps, "loss": 1.0 / (step + stage)}
            errors = {"ksdiff": 1.25, "bdsd-pc": 2.5} if stage == 2 else None
            say(type="measure", **point, validation=errors)
            say(type="progress", fraction=0.5, message="Training", remaining_s=60)
            time.sleep(float(os.environ.get("KSDIFF_TEST_STEP_S", "0")))
    target = Path(asked["models"]) / asked["name"]
    source = Path(os.environ["KSDIFF_TEST_MODEL"])
    shutil.copytree(source, target)
    return {
        "file": str(target / (asked["name"] + ".safetensors")),
        "name": asked["name"],
        "run": asked["run"],
        "steps_done": asked["stage1"] + asked["stage2"],
        "seconds": 1.5,
        "loss": 0.125,
        "device": "cpu",
        "ergas": 1.25,
        "ergas_before": 1.5,
        "ergas_classical": 2.5,
        "sentence": "On 2 windows that were held out ERGAS is 1.25.",
        **json.loads(os.environ.get("KSDIFF_TEST_IN_USE", "{}")),
        "scores": {"held out": {"scenes": 2}},
    }


def model(asked):
    refusal = os.environ.get("KSDIFF_TEST_REFUSE")
    if refusal:
        say(type="error", kind="ModelError", message=refusal, remedy="Take another.")
        sys.exit(1)
    if asked["action"] == "import":
        source = Path(asked["file"]).parent
        shutil.copytree(source, Path(asked["models"]) / asked["name"])
    return {"file": asked["file"], "name": asked["name"]}


def as_raster(ms):
    return gdal.Open(ms) if isinstance(ms, str) else ms


def page(path):
    if path:
        Path(path).write_text("<html><body>made up</body></html>")


def say(**event):
    print(json.dumps(event), flush=True)


say(type="hello", protocol=2, version="0.1.0")
request = json.loads(sys.stdin.readline())
if os.environ.get("KSDIFF_TEST_REQUEST"):
    Path(os.environ["KSDIFF_TEST_REQUEST"]).write_text(json.dumps(request))
if isinstance(request.get("ms"), list):  # a file for each band
    request["ms"] = gdal.BuildVRT("", request["ms"], separate=True)
done = globals()[request["task"]](request)
say(type="result", **done)
