# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps of the quality of an image, as GeoTIFFs: SAM per pixel, Q2n per block, error per band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, cast

import numpy as np
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import ColorInterp

from core.assess.tally import Compared, Place
from core.blocks import BLOCK
from core.errors import OutputError
from core.protocol import Quality
from core.tiles import Window
from core.writer import Output, OutputFile, check_target

if TYPE_CHECKING:
    from core.scene import Scene

TILE = 512


def targets(request: Quality) -> list[Path]:
    """The maps to write, if they can be; raises OutputError."""
    inputs = [
        path
        for path in (request.pan, request.ms, request.fused, request.reference)
        if path is not None
    ]
    wanted = [path for path in (request.sam_map, request.q2n_map, request.error_map) if path]
    found = [check_target(Path(path), inputs) for path in wanted]
    if len(set(found)) < len(found):
        raise OutputError(f"Two maps are to be written to {found[0]}.", "Name them differently.")
    return found


@dataclass(frozen=True)
class _Grid:
    """What a file needs to know of the scene that it is written for."""

    pan_path: Path
    ms_path: Path
    height: int
    width: int
    crs: CRS | None
    transform: Affine
    band_names: tuple[str | None, ...]
    color_interp: tuple[ColorInterp, ...] = ()
    dtype: np.dtype = field(default_factory=lambda: np.dtype("float32"))
    nodata: float = math.nan

    @property
    def bands(self) -> int:
        return len(self.band_names)


class Maps:
    """The maps that were asked for, in the making; use it in a `with` statement, then `commit`."""

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
        height, width = shape or scene.whole.shape
        place = (height, width, scene.crs, transform or scene.transform)
        grid = _Grid(scene.pan_path, scene.ms_path, *place, tuple(names))
        output = Output(Path(path), dtype="float32", nodata=math.nan)
        return OutputFile(output, cast("Scene", grid), TILE)

    def __enter__(self) -> Maps:
        with ExitStack() as stack:
            for each in (self._sam, self._q2n, self._error):
                if each:
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

    def write(self, place: Place, shown: Compared) -> None:
        """One tile of every map."""
        inner = place.inner
        rows, cols = shown.q2n.shape
        blocks = Window(inner.row // BLOCK, inner.col // BLOCK, rows, cols)
        for file, window, values in (
            (self._sam, inner, shown.angles[None]),
            (self._q2n, blocks, shown.q2n[None]),
            (self._error, inner, shown.error),
        ):
            if file:
                file.write(window, values, np.ones(window.shape, bool))

    def commit(self) -> None:
        """Put all of them in their places."""
        for file in (self._sam, self._q2n, self._error):
            if file:
                file.commit()
