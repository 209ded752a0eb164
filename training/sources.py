# SPDX-License-Identifier: GPL-2.0-or-later
"""Where training pixels come from: real pairs and generated scenes, at the resolution of MS.

Wald's protocol: the MS itself is the reference, PAN is reduced to its grid. What is degraded
further, and how, is drawn anew for every batch (`training.variation`).
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion

from core.errors import InputError
from core.scenery import generate
from core.simulate import reduce_pan
from training.patches import Image, Source

log = logging.getLogger(__name__)


def load_pair(
    pan_path: Path, ms_path: Path, average_ms: int = 1
) -> tuple[Image, Image, NDArray[np.bool_]]:
    """MS (C, h, w), PAN reduced to its grid (h, w), and where both have data (h, w).

    No data is what the files declare, and black collars: zero in PAN and in every band.
    ``average_ms=2`` undoes an MS that was delivered up-sampled by two.
    """
    with rasterio.open(pan_path) as pan_file, rasterio.open(ms_path) as ms_file:
        pan = pan_file.read(1).astype(np.float32)
        ms = ms_file.read().astype(np.float32)
        valid = ms_file.dataset_mask() > 0
        pan_valid = pan_file.dataset_mask() > 0
        grid = ms_file.transform * ms_file.transform.scale(average_ms)
        to_pan = ~pan_file.transform * grid
    valid &= np.any(ms != 0, axis=0)
    pan_valid &= pan != 0
    if average_ms > 1:
        ms, valid = _average(ms, average_ms), _average(valid[None], average_ms)[0] == 1
    rows = (np.arange(ms.shape[1]) + 0.5) * to_pan.e + to_pan.f - 0.5
    cols = (np.arange(ms.shape[2]) + 0.5) * to_pan.a + to_pan.c - 0.5
    ratio_yx = to_pan.e, to_pan.a
    reduced = reduce_pan(pan, rows, cols, ratio_yx).astype(np.float32)
    # Dark ground is no collar: only where PAN is zero all around is there no PAN.
    valid &= reduce_pan(pan_valid, rows, cols, ratio_yx) > 0.5
    return ms, reduced, binary_erosion(valid, iterations=2, border_value=1)


def _average(image: NDArray[Any], factor: int) -> Image:
    """Blocks of factor x factor averaged: (C, h, w) -> (C, h // factor, w // factor)."""
    c, h, w = image.shape
    whole = image[:, : h // factor * factor, : w // factor * factor]
    blocks = whole.reshape(c, h // factor, factor, w // factor, factor)
    return blocks.mean(axis=(2, 4), dtype=np.float32)


def find_pairs(folder: Path) -> list[tuple[Path, Path]]:
    """All ``*pan.tif`` of a folder that have an ``*ms.tif`` beside them, sorted."""
    pairs = [
        (pan, pan.with_name(pan.name[: -len("pan.tif")] + "ms.tif"))
        for pan in sorted(folder.rglob("*pan.tif"))
    ]
    return [(pan, ms) for pan, ms in pairs if ms.exists()]


def load_sources(entries: list[dict[str, Any]], data: Path) -> list[Source]:
    """Read a recipe's ``sources``: real folders under `data`, and generated scenes.

    ``{"folder": str, "weight": float, "average_ms": int}`` or
    ``{"generated": count, "size": PAN px, "seed": int, "weight": float}``; a weight is shared by
    the scenes of its entry. Raises InputError when a folder holds no pair.
    """
    sources: list[Source] = []
    for entry in entries:
        if "generated" in entry:
            found = [_generated(entry, i) for i in range(entry["generated"])]
        else:
            pairs = find_pairs(data / entry["folder"])
            if not pairs:
                raise InputError(
                    f"No pairs in {data / entry['folder']}.",
                    "A pair is a file ending in pan.tif and one ending in ms.tif beside it.",
                )
            found = [
                (ms.stem, *load_pair(pan, ms, entry.get("average_ms", 1))) for pan, ms in pairs
            ]
        weight = entry.get("weight", 1.0) / len(found)
        sources += [Source(*scene, weight) for scene in found]
        log.info("%s: %d scenes", entry.get("folder", "generated"), len(found))
    return sources


def _generated(entry: dict[str, Any], index: int) -> tuple[str, Image, Image, NDArray[np.bool_]]:
    scene = generate(entry["size"], 8, entry["seed"] + index)
    name = f"generated-{entry['seed'] + index}"
    return name, scene.truth, scene.pan, np.ones(scene.pan.shape, bool)
