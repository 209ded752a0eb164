# SPDX-License-Identifier: GPL-2.0-or-later
"""Does this environment work? A tiny made-up pair, sharpened by KSDiff on each device there is."""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import rasterio
from numpy.typing import NDArray
from rasterio.transform import Affine

from core.errors import PansharpenError
from core.fusion.tiled import in_memory
from core.methods.interface import Settings
from core.methods.registry import create
from core.models.onnx_session import CUDA
from core.pair.scene import Scene
from core.synthetic import pairs

SIZE, BANDS, SEED = 64, 4, 1
#: Devices round differently: this much of the values' range is no difference.
TOLERANCE = 0.01


def selftest() -> dict[str, object]:
    """Sharpen, on the CPU and on CUDA where onnxruntime lists it; write and read a raster.

    Returns, as plain JSON:

    - ``devices``: one object each: ``device`` that was asked for, ``ran`` (where the network's
      session really ran, empty if nowhere), ``passed``, ``seconds``, ``difference`` to the CPU
      (the largest, as a share of the values' range), ``reason`` where it did not pass
    - ``raster``: whether a raster comes back as it was written
    - ``torch``: None, or its ``version`` and the ``devices`` it multiplied two matrices on
    """
    with tempfile.TemporaryDirectory(prefix="ksdiff-selftest-") as folder:
        pan, ms, _ = pairs.write_pair(Path(folder), SIZE, BANDS, SEED)
        with Scene.open(pan, ms) as scene:
            cpu, image = _on(scene, "cpu", None)
            devices = [cpu]
            if CUDA in onnxruntime.get_available_providers():
                devices.append(_on(scene, "cuda", image)[0])
        same = image is not None and _comes_back(image, Path(folder) / "copy.tif")
    return {"devices": devices, "raster": same, "torch": _torch()}


def _on(
    scene: Scene, device: str, truth: NDArray[np.float32] | None
) -> tuple[dict[str, object], NDArray[np.float32] | None]:
    """What is told of a device, and the sharpened image."""
    started = time.monotonic()
    told: dict[str, object] = {"device": device, "ran": "", "passed": False}
    try:
        method = create("ksdiff", Settings(scene.ratio, device=device))
        context = method.prepare(scene, lambda *_: None)
        image = in_memory(scene, method, context, SIZE)
    except PansharpenError as error:
        return {**told, "reason": str(error)}, None
    except Exception as error:  # a driver fails in any way, and with any class
        return {**told, "reason": f"{type(error).__name__}: {error}"}, None
    told["ran"] = method.describe(context)["device"]
    told["seconds"] = round(time.monotonic() - started, 2)
    if not np.isfinite(image).all() or float(image.std()) == 0.0:
        return {**told, "reason": "The result is no image."}, None
    if truth is not None:
        difference = float(np.abs(image - truth).max() / np.ptp(truth))
        told["difference"] = round(difference, 6)
        if difference > TOLERANCE:
            return {**told, "reason": "The result differs from that of the CPU."}, image
    if told["ran"] != device:
        return {**told, "reason": f"It ran on {told['ran']}."}, image
    return {**told, "passed": True}, image


def _comes_back(image: NDArray[np.float32], path: Path) -> bool:
    count, height, width = image.shape
    with rasterio.open(
        path, "w", driver="GTiff", count=count, height=height, width=width, dtype="float32",
        crs=pairs.CRS, transform=Affine(2, 0, 0, 0, -2, 0), compress="deflate",
    ) as target:  # fmt: skip
        target.write(image)
    with rasterio.open(path) as source:
        back, crs = source.read(), source.crs
    return bool(np.array_equal(back, image)) and crs == rasterio.CRS.from_string(pairs.CRS)


def _torch() -> dict[str, Any] | None:
    """Of torch, if it is here: on which devices it works."""
    if importlib.util.find_spec("torch") is None:
        return None
    try:
        torch = importlib.import_module("torch")
        found: dict[str, Any] = {"version": str(torch.__version__), "devices": []}
        names = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
        for name in names:
            ones = torch.ones(8, 8, device=name)
            if float((ones @ ones).sum()) == 512.0:
                found["devices"].append(name)
    except Exception as error:  # a library that is missing, a driver that fails
        return {"version": "", "devices": [], "reason": f"{type(error).__name__}: {error}"}
    return found
