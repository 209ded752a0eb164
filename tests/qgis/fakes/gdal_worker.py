# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a real raster: MS on PAN's grid by GDAL, nearest neighbour. Needs no network."""

import json
import os
import sys
from pathlib import Path

from osgeo import gdal

gdal.UseExceptions()
print(json.dumps({"type": "hello", "protocol": 2, "version": "0.1.0"}), flush=True)
request = json.loads(sys.stdin.readline())
if os.environ.get("KSDIFF_TEST_REQUEST"):
    Path(os.environ["KSDIFF_TEST_REQUEST"]).write_text(json.dumps(request))
pan = gdal.Open(request["pan"])
box = request["extent"]
bounds = {"projWin": [box[0], box[3], box[2], box[1]]} if box else {}
print(json.dumps({"type": "progress", "fraction": 0.5, "message": "tile 1 of 1"}), flush=True)
step = pan.GetGeoTransform()
options = gdal.TranslateOptions(bandList=request["ms_bands"], xRes=step[1], yRes=-step[5], **bounds)
gdal.Translate(request["out"], request["ms"], options=options)
result = {"out": request["out"], "ratio": 4.0, "tiles": 1, "seconds": 0.25, "bands": 4}
result.update(device="cpu", model="gdal-nearest", method="ksdiff")
print(json.dumps({"type": "result", **result}), flush=True)
