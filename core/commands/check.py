# SPDX-License-Identifier: GPL-2.0-or-later
"""Self-test of the environment: sharpen a small synthetic pair with KSDiff on each device."""

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
#: Largest difference between devices, which round differently, as a share of the range of values.
TOLERANCE = 0.01


def selftest() -> dict[str, object]:
    """Sharpen on the CPU, and on CUDA if onnxruntime lists it; write and read a raster.

    Returns, as plain JSON:

    - ``devices``: for each, ``device`` as requested, ``ran`` (the device of the network's session,
      empty if there was none), ``passed``, ``seconds``, ``difference`` (the largest one to the CPU,
      as a share of the range of values), ``reason`` if it did not pass
    - ``raster``: whether a raster is read as it was written
    - ``torch``: None, or its ``version``, the ``devices`` it multiplied two matrices on, and the
      names of all ``gpus``, in the order of their numbers
    """
    with tempfile.TemporaryDirectory(prefix="ksdiff-selftest-") as folder:
        pan, ms, _ = pairs.write_pair(Path(folder), SIZE, BANDS, SEED)
        with Scene.open(pan, ms) as scene:
            cpu, image = _run_on(scene, "cpu", None)
            devices = [cpu]
            if CUDA in onnxruntime.get_available_providers():
                devices.append(_run_on(scene, "cuda", image)[0])
        same = image is not None and _reads_as_written(image, Path(folder) / "copy.tif")
    return {"devices": devices, "raster": same, "torch": _torch()}


def _run_on(
    scene: Scene, device: str, reference: NDArray[np.float32] | None
) -> tuple[dict[str, object], NDArray[np.float32] | None]:
    """Return the result of a device, and the sharpened image `(C, H, W)`."""
    started = time.monotonic()
    result: dict[str, object] = {"device": device, "ran": "", "passed": False}
    try:
        method = create("ksdiff", Settings(scene.ratio, device=device))
        context = method.prepare(scene, lambda *_: None)
        image = in_memory(scene, method, context, SIZE)
    except PansharpenError as error:
        return {**result, "reason": str(error)}, None
    except Exception as error:  # a driver may raise anything
        return {**result, "reason": f"{type(error).__name__}: {error}"}, None
    result["ran"] = method.describe(context)["device"]
    result["seconds"] = round(time.monotonic() - started, 2)
    if not np.isfinite(image).all() or float(image.std()) == 0.0:
        return {**result, "reason": "The result is not an image."}, None
    if reference is not None:
        difference = float(np.abs(image - reference).max() / np.ptp(reference))
        result["difference"] = round(difference, 6)
        if difference > TOLERANCE:
            return {**result, "reason": "The result differs from that of the CPU."}, image
    if result["ran"] != device:
        return {**result, "reason": f"It ran on {result['ran']}."}, image
    return {**result, "passed": True}, image


def _reads_as_written(image: NDArray[np.float32], path: Path) -> bool:
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
    """Return the version of torch and the devices it works on; None if it is not installed."""
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
        found["gpus"] = [
            str(torch.cuda.get_device_name(n)) for n in range(torch.cuda.device_count())
        ]
    except Exception as error:  # a library may be missing, a driver may fail
        return {"version": "", "devices": [], "reason": f"{type(error).__name__}: {error}"}
    return found
