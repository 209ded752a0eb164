# SPDX-License-Identifier: GPL-2.0-or-later
"""Where training pixels come from: real pairs and generated scenes, at the resolution of MS.

Wald's protocol: the MS itself is the reference, PAN is reduced to its grid. What is degraded
further, and how, is drawn anew for every batch (`training.variation`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from core.errors import InputError
from core.scenery import generate

log = logging.getLogger(__name__)

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Source:
    """One scene on one grid: ms (C, h, w) and pan (h, w) in DN; `weight` is its share."""

    name: str
    ms: Image
    pan: Image
    weight: float


def reduction_matrix(centres: NDArray[np.float64], ratio: float, size: int) -> Image:
    """Weights (N, size) of an antialiased bicubic reduction, evaluated at fractional positions.

    The cubic kernel (a = -0.5) stretched by `ratio`, as in MATLAB's imresize, but centred where
    the grids say and not where the corner does.
    """
    t = np.abs(np.arange(size)[None, :] - centres[:, None]) / ratio
    near = (1.5 * t - 2.5) * t * t + 1
    far = ((-0.5 * t + 2.5) * t - 4) * t + 2
    weights = np.where(t <= 1, near, np.where(t < 2, far, 0.0))
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def load_pair(pan_path: Path, ms_path: Path, average_ms: int = 1) -> tuple[Image, Image]:
    """MS (C, h, w) and PAN reduced to its grid (h, w).

    ``average_ms=2`` undoes an MS that was delivered up-sampled by two.
    """
    with rasterio.open(pan_path) as pan_file, rasterio.open(ms_path) as ms_file:
        pan = pan_file.read(1).astype(np.float32)
        ms = ms_file.read().astype(np.float32)
        grid = ms_file.transform * ms_file.transform.scale(average_ms)
        to_pan = ~pan_file.transform * grid
    if average_ms > 1:
        c, h, w = (n // average_ms * average_ms if i else n for i, n in enumerate(ms.shape))
        blocks = ms[:, :h, :w].reshape(c, h // average_ms, average_ms, w // average_ms, average_ms)
        ms = blocks.mean(axis=(2, 4), dtype=np.float32)
    cols = (np.arange(ms.shape[2]) + 0.5) * to_pan.a + to_pan.c - 0.5
    rows = (np.arange(ms.shape[1]) + 0.5) * to_pan.e + to_pan.f - 0.5
    reduced = reduction_matrix(rows, to_pan.e, pan.shape[0]) @ pan
    return ms, reduced @ reduction_matrix(cols, to_pan.a, pan.shape[1]).T


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
        sources += [Source(name, ms, pan, weight) for name, ms, pan in found]
        log.info("%s: %d scenes", entry.get("folder", "generated"), len(found))
    return sources


def _generated(entry: dict[str, Any], index: int) -> tuple[str, Image, Image]:
    scene = generate(entry["size"], 8, entry["seed"] + index)
    return f"generated-{entry['seed'] + index}", scene.truth, scene.pan
