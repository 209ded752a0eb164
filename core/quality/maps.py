# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality maps as GeoTIFFs: SAM of each pixel, Q2n of each block, error of each band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
from affine import Affine

from core.errors import OutputError
from core.pair.scene import Scene
from core.quality.q2n import BLOCK
from core.quality.streaming import BlockTile, TileErrors
from core.raster.geotiff import Layout
from core.raster.writer import Output, OutputFile, check_target
from core.requests import Quality

TILE = 512  # px, of the GeoTIFFs


def check_map_targets(request: Quality) -> None:
    """Raise OutputError if a map that is asked for cannot be written."""
    inputs = [
        path
        for path in (request.pan, request.ms, request.fused, request.reference)
        if path is not None
    ]
    wanted = [path for path in (request.sam_map, request.q2n_map, request.error_map) if path]
    found = [check_target(Path(path), inputs) for path in wanted]
    if len(set(found)) < len(found):
        raise OutputError("maps-are-one-file", path=found[0])


class QualityMaps:
    """The maps that are asked for, open for writing; use it in a `with` statement."""

    def __init__(self, request: Quality, scene: Scene) -> None:
        self._stack = ExitStack()
        blocks = -(-scene.height // BLOCK), -(-scene.width // BLOCK)
        coarse = scene.transform * Affine.scale(BLOCK)
        if scene.transform.is_identity:
            coarse = scene.transform
        error = [f"error of {name or number}" for number, name in enumerate(scene.band_names, 1)]
        self._sam = self._file(request.sam_map, scene, ("SAM, degrees",))
        self._q2n = self._file(request.q2n_map, scene, ("Q2n",), blocks, coarse)
        self._error = self._file(request.error_map, scene, error)

    def _file(
        self,
        path: str | None,
        scene: Scene,
        names: Sequence[str],
        shape: tuple[int, int] | None = None,
        transform: Affine | None = None,
    ) -> OutputFile | None:
        if not path:
            return None
        layout = Layout(
            inputs=(scene.pan_path, scene.ms_path),
            height=(shape or scene.whole.shape)[0],
            width=(shape or scene.whole.shape)[1],
            dtype=np.dtype("float32"),
            nodata=math.nan,
            crs=scene.crs,
            transform=transform or scene.transform,
            band_names=tuple(names),
        )
        return OutputFile(Output(Path(path)), layout, TILE)

    def __enter__(self) -> QualityMaps:
        with ExitStack() as stack:
            for each in self.files:
                stack.enter_context(each)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def write(self, tile: BlockTile, errors: TileErrors) -> None:
        """Write one tile of every map."""
        for file, window, values in (
            (self._sam, tile.inner, errors.angles[None]),
            (self._q2n, tile.blocks, errors.q2n[None]),
            (self._error, tile.inner, errors.error),
        ):
            if file:
                file.write(window, values, np.ones(window.shape, bool))

    @property
    def files(self) -> list[OutputFile]:
        """The open files."""
        return [file for file in (self._sam, self._q2n, self._error) if file]
