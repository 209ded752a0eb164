# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality maps as GeoTIFFs: SAM of each pixel, Q2n of each block, error of each band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from affine import Affine

from core.errors import OutputError
from core.pair.scene import Scene
from core.quality.q2n import BLOCK
from core.quality.streaming import BlockTile, TileErrors
from core.raster.geotiff import Layout
from core.raster.metadata import only_names
from core.raster.output_files import check_target
from core.raster.writer import Output, OutputFile, rehearse_files
from core.requests.scenes import Quality, inputs_of

TILE = 512  # px, of the GeoTIFFs


def check_map_targets(request: Quality) -> None:
    """Raise OutputError if a requested map cannot be written."""
    wanted = [path for path in (request.sam_map, request.q2n_map, request.error_map) if path]
    found = [check_target(Path(path), inputs_of(request)) for path in wanted]
    if len(set(found)) < len(found):
        raise OutputError("maps-are-one-file", path=found[0])


class QualityMaps:
    """The requested maps, open for writing within a `with` statement."""

    def __init__(self, request: Quality, scene: Scene) -> None:
        self._stack = ExitStack()
        grid = scene.whole.shape, scene.transform
        by_blocks = scene.transform
        if not scene.transform.is_identity:
            by_blocks = scene.transform * Affine.scale(BLOCK)
        blocks = (-(-scene.height // BLOCK), -(-scene.width // BLOCK)), by_blocks
        errors = [f"error of {name or number}" for number, name in enumerate(scene.band_names, 1)]
        self._files = {
            name: OutputFile(Output(Path(path)), _layout(scene, *where, bands), TILE)
            for name, path, where, bands in (
                ("sam", request.sam_map, grid, ["SAM, degrees"]),
                ("q2n", request.q2n_map, blocks, ["Q2n"]),
                ("error", request.error_map, grid, errors),
            )
            if path
        }

    def __enter__(self) -> QualityMaps:
        rehearse_files(self.files)
        with ExitStack() as stack:
            for each in self.files:
                stack.enter_context(each)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def write(self, tile: BlockTile, errors: TileErrors) -> None:
        """Write one tile of every map."""
        parts = {
            "sam": (tile.inner, errors.angles[None]),
            "q2n": (tile.blocks, errors.q2n[None]),
            "error": (tile.inner, errors.error),
        }
        for name, file in self._files.items():
            window, values = parts[name]
            file.write(window, values, np.ones(window.shape, bool))

    @property
    def files(self) -> list[OutputFile]:
        """The open files."""
        return list(self._files.values())


def _layout(
    scene: Scene, shape: tuple[int, int], transform: Affine, band_names: Sequence[str]
) -> Layout:
    return Layout(
        inputs=(scene.pan_name, scene.ms_name),
        height=shape[0],
        width=shape[1],
        dtype=np.dtype("float32"),
        nodata=math.nan,
        crs=scene.crs,
        transform=transform,
        metadata=only_names(*band_names),
    )
