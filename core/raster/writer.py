# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a GeoTIFF in a hidden folder beside its target, and move it there when it is complete.

Until the move, whatever happens (an error, a cancel, a full disk), an existing file at the target
stays unchanged, and nothing is left behind.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import rasterio.shutil

from core.errors import OutputError
from core.raster.gdal import GDAL_ERRORS
from core.raster.georeference import has_grid, write_sensor_model
from core.raster.geotiff import (
    Layout,
    check_complete,
    check_space,
    cog_options,
    creation_options,
    no_space,
    quietly,
)
from core.raster.metadata import write_metadata
from core.raster.pixels import convert, usual_nodata
from core.raster.targets import check_target, folder_beside, put_in_place

if TYPE_CHECKING:
    from core.raster.window import Window

log = logging.getLogger(__name__)

NO_TEXTS: Mapping[Path, str] = {}


@dataclass(frozen=True)
class Output:
    """Target and format of the result.

    Parameters
    ----------
    path : the target, a GeoTIFF; may exist.
    dtype : numpy name of the type to write; None keeps MS's.
    nodata : value of pixels without data; None takes the scene's.
    creation_options : options of the driver; they override the defaults.
    cog : write a Cloud Optimized GeoTIFF.
    """

    path: Path
    dtype: str | None = None
    nodata: float | None = None
    creation_options: Mapping[str, str] = field(default_factory=dict)
    cog: bool = False


class OutputFile:
    """An unfinished GeoTIFF: ``write`` its windows, then finish it with `write_files`.

    It lies in a folder of its own beside the target, which catches the driver's side files too,
    and makes the move one rename within one file system.
    """

    def __init__(self, output: Output, layout: Layout, tile: int) -> None:
        self.output = output
        self.target = check_target(output.path, layout.inputs)
        self.dtype = layout.dtype
        self._declared = layout.nodata is not None
        self.nodata = usual_nodata(self.dtype) if layout.nodata is None else layout.nodata
        self.missing = 0
        self.profile = {
            "driver": "GTiff",
            "width": layout.width,
            "height": layout.height,
            "count": len(layout.metadata.bands),
            "dtype": self.dtype.name,
            "crs": layout.crs,
            "transform": layout.transform if has_grid(layout.georeference) else None,
            "nodata": layout.nodata,
            **creation_options(self.dtype, tile, {} if output.cog else output.creation_options),
        }
        self._metadata, self._georeference = layout.metadata, layout.georeference
        if output.cog:  # its driver copies the default domain alone
            self._metadata = self._metadata.tagged(self._metadata.tags.get("IMAGERY", {}))
        self._made: Path
        self._dataset: Any = None
        self._stack = ExitStack()

    def __enter__(self) -> OutputFile:
        with ExitStack() as stack:
            self._made = stack.enter_context(folder_beside(self.target)) / self.target.name
            try:
                self._check_space()
                with quietly():
                    self._dataset = rasterio.open(self._made, "w", **self.profile)
                stack.callback(self._close)
                write_metadata(self._dataset, self._metadata)
                if self._georeference:
                    write_sensor_model(self._dataset, self._georeference)
            except GDAL_ERRORS as error:
                raise OutputError("output-not-created", target=self.target, reason=error) from error
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def write(self, window: Window, values: np.ndarray, valid: np.ndarray) -> None:
        """Write float32 DN (C, H, W) of a window; pixels that are not ``valid`` (H, W) as nodata.

        Raises OutputError when the disk is full.
        """
        pixels = convert(values, valid, self.dtype, self.nodata, reserved=self._declared)
        self.missing += int(np.count_nonzero(~valid | ~np.isfinite(values).all(axis=0)))
        # GDAL's compression threads lose the error of a full disk, so look before writing.
        if shutil.disk_usage(self.target.parent).free < 2 * pixels.nbytes:
            raise no_space(self.target)
        area = ((window.row, window.row_end), (window.col, window.col_end))
        try:
            self._dataset.write(pixels, window=area)
        except GDAL_ERRORS as error:
            raise OutputError("output-write-failed", target=self.target, reason=error) from error

    def finish(self) -> Path:
        """Close the file in its hidden folder, and return its path there."""
        made = self._made
        try:
            if self.missing and not self._declared:
                self._dataset.nodata = self.nodata
            self._dataset.close()
            check_complete(made, self.target)
            if self.output.cog:
                made = self._optimise(made)
                check_complete(made, self.target)
        except GDAL_ERRORS as error:
            raise OutputError("output-write-failed", target=self.target, reason=error) from error
        return made

    def _check_space(self) -> None:
        pixels = self.profile["width"] * self.profile["height"] * self.profile["count"]
        # A COG is translated from a plain file that lies beside it for a while.
        check_space(self.target, pixels * self.dtype.itemsize * (2 if self.output.cog else 1))

    def _optimise(self, made: Path) -> Path:
        cog = made.with_name(f"cog{made.suffix or '.tif'}")
        options = cog_options(self.dtype, self.output.creation_options)
        rasterio.shutil.copy(made, cog, driver="COG", **options)
        return cog

    def _close(self) -> None:
        with suppress(*GDAL_ERRORS):
            self._dataset.close()


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write text files, all or none; raise OutputError where one cannot be written."""
    write_files((), texts)


def write_files(files: Iterable[OutputFile], texts: Mapping[Path, str] = NO_TEXTS) -> None:
    """Finish files, write texts, and then move all to their targets.

    Raises OutputError where one cannot be written; then none is.
    """
    try:
        with ExitStack() as stack:
            made = {path: stack.enter_context(folder_beside(path)) / path.name for path in texts}
            for path, text in texts.items():
                # A file name in them may hold bytes that are no text; those are told by number.
                made[path].write_text(text, "utf-8", errors="backslashreplace", newline="")
            whole = {file.target: file.finish() for file in files}
            for path, each in {**whole, **made}.items():
                put_in_place(each, path)
    except OSError as error:
        raise OutputError(
            "output-not-writable", path=error.filename, reason=error.strerror
        ) from error
