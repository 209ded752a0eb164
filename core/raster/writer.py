# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a GeoTIFF in a hidden folder beside its target, and move it there when it is complete.

After an error, a cancel or a full disk, an existing file at the target is unchanged, and nothing
else is left.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import rasterio.shutil

from core.errors import OutputError
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.georeference import has_grid, write_sensor_model
from core.raster.geotiff import (
    LARGE,
    OVERVIEW_FACTOR,
    Layout,
    build_overviews,
    check_complete,
    check_space,
    no_space,
)
from core.raster.metadata import Tags, write_metadata
from core.raster.options import (
    cog_options,
    creation_options,
    gdal_warnings,
    packed_bits,
    try_options,
)
from core.raster.output_files import check_target, folder_beside, put_in_place
from core.raster.pixels import convert, default_nodata, limits
from core.raster.readback import ReadbackTile
from core.raster.statistics import Counts

if TYPE_CHECKING:
    from core.raster.window import Window

log = logging.getLogger(__name__)

NO_TEXTS: Mapping[Path, str] = {}
CLIPPED = 0.001  # share of clipped values that is a warning


@dataclass(frozen=True)
class Output:
    """Target and format of the result.

    Parameters
    ----------
    path : the target, a GeoTIFF; may exist.
    dtype : numpy name of the type; None for that of MS.
    nodata : nodata value; None for that of the scene.
    creation_options : options of the driver, which override the defaults.
    cog : write a Cloud Optimized GeoTIFF.
    overviews : write overviews and statistics; None does so in large files.
    """

    path: Path
    dtype: str | None = None
    nodata: float | None = None
    creation_options: Mapping[str, str] = field(default_factory=dict)
    cog: bool = False
    overviews: bool | None = None


class OutputFile:
    """An unfinished GeoTIFF: `write` its windows, then finish it with `write_files`.

    It has a folder of its own beside the target, so that side files of the driver are found, and
    the move is a rename within a file system.

    Parameters
    ----------
    tile : edge of the windows that are written (PAN px).
    part : window of the layout that this file is for, without metadata and overviews; parts are
        mosaicked later.
    """

    def __init__(
        self, output: Output, layout: Layout, tile: int, part: Window | None = None
    ) -> None:
        self.output = output
        self.target = check_target(output.path, layout.inputs)
        self.dtype = layout.dtype
        self._declared = layout.nodata is not None
        self.nodata = default_nodata(self.dtype) if layout.nodata is None else layout.nodata
        self._bits = packed_bits(self.dtype, output.creation_options)
        size = layout.width * layout.height
        wanted = size > LARGE if output.overviews is None else output.overviews
        self.counts = Counts(len(layout.metadata.bands), wanted)
        self._overviews = wanted and part is None
        self._part = part
        layout = layout.part(part) if part else layout
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
        self._user = output.creation_options
        self._sample = ReadbackTile(self.profile["transform"])
        self._metadata, self._georeference = layout.metadata, layout.georeference
        if output.cog:  # whose driver copies the default domain only
            self._metadata = self._metadata.tagged(self._metadata.tags.get("IMAGERY", {}))
        self._made: Path
        self._dataset: Any = None
        self._stack = ExitStack()

    def __enter__(self) -> OutputFile:
        with ExitStack() as stack:
            self._made = stack.enter_context(folder_beside(self.target)) / self.target.name
            try:
                check_space(self.target, self.needed, self.least)
                with quietly():
                    self._dataset = rasterio.open(self._made, "w", **self.profile)
                stack.callback(self._close)
                if self._part is None:
                    self._describe()
            except GDAL_ERRORS as error:
                raise OutputError("output-not-created", target=self.target, reason=error) from error
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def _describe(self) -> None:
        # Without colours of MS, the user's options for colours apply.
        chosen = {"PHOTOMETRIC", "ALPHA"} & set(map(str.upper, self._user))
        colours = not chosen or self._metadata.has_colours
        write_metadata(self._dataset, self._metadata, colours=colours)
        if self._georeference:
            write_sensor_model(self._dataset, self._georeference)

    @property
    def missing(self) -> int:
        """Number of written pixels without data in any band."""
        return self.counts.missing

    @property
    def _values(self) -> int:
        return self.profile["width"] * self.profile["height"] * self.profile["count"]

    @property
    def needed(self) -> int:
        """Bytes that the file may need while it is made."""
        bare = self._values * self.dtype.itemsize
        if self.output.cog:  # converted from a plain file
            return 2 * bare
        return int(bare * (OVERVIEW_FACTOR if self._overviews else 1))

    @property
    def least(self) -> float:
        """Bytes that the file needs at least; half of `needed` if compressed."""
        return self.needed if self.profile.get("COMPRESS") == "NONE" else self.needed / 2

    def rehearse(self, span: Callable[[], tuple[float, float]]) -> None:
        """Try the folder and the creation options with a few pixels, see `rehearse_files`."""
        with folder_beside(self.target) as folder:
            if self._user:
                ends = span() if self.dtype.kind == "f" else (0.0, 1.0)
                try_options(folder, self.profile, self._user, self._cog_options(), ends)

    def tag(self, tags: Tags) -> None:
        """Add tags; before the first `write` they are stored at the start of the file."""
        self._dataset.update_tags(**tags)

    def write(self, window: Window, values: np.ndarray, valid: np.ndarray) -> None:
        """Write float32 DN `(C, H, W)` of a window; pixels that are not `valid` `(H, W)` as nodata.

        Raises OutputError if the disk is full.
        """
        pixels = convert(
            values, valid, self.dtype, self.nodata, reserved=self._declared, bits=self._bits
        )
        found = valid & np.isfinite(values)
        clipped = 0
        if self.dtype.kind != "f":
            low, high = limits(self.dtype, self._bits)
            beyond = (values < low - 0.5) | (values > high + 0.5)
            clipped = int(np.count_nonzero(beyond & found))
        self.counts.add(pixels, found, clipped)
        if self._part:
            window = window.shift(-self._part.row, -self._part.col)
        self.put(window, pixels, found.all(axis=0))

    def put(self, window: Window, pixels: np.ndarray, valid: np.ndarray) -> None:
        """Write pixels `(C, H, W)` with valid mask `(H, W)` unchanged, without counting them."""
        self._sample.offer(window, pixels, valid)
        # GDAL's compression threads do not report a full disk.
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
            if self.counts.holes and not self._declared:
                self._dataset.nodata = self.nodata
            declared = self._dataset.nodata
            if self._overviews and self.counts.statistics:
                self.counts.statistics.write(self._dataset)
            self._dataset.close()
            check_complete(made, self.target)
            if self._overviews and not self.output.cog:
                more = (OVERVIEW_FACTOR - 1) * made.stat().st_size
                if shutil.disk_usage(made.parent).free < more:
                    raise no_space(self.target)
                check_complete(made, self.target, build_overviews(made))
            if self.output.cog:
                made = self._optimise(made)
                check_complete(made, self.target)
            exact = not self._user or self._part is not None
            self._sample.compare(made, self.target, declared, exact=exact)
        except GDAL_ERRORS as error:
            raise OutputError("output-write-failed", target=self.target, reason=error) from error
        if self._part is None:
            self._log_clipped()
        return made

    def _cog_options(self) -> dict[str, Any] | None:
        """Return the options of the COG driver; None for a plain file."""
        if not self.output.cog:
            return None
        options = cog_options(self.dtype, self._user)
        if self.output.overviews is False:
            options.setdefault("OVERVIEWS", "NONE")
        return options

    def _optimise(self, made: Path) -> Path:
        folder = made.parent / "cog"  # so that file and side files have their final names
        folder.mkdir()
        options = self._cog_options() or {}
        with gdal_warnings():  # reported by `rehearse`
            rasterio.shutil.copy(made, folder / made.name, driver="COG", **options)
        return folder / made.name

    def _log_clipped(self) -> None:
        """Log how many values the type, or the bits of a pixel, cannot hold."""
        if self.counts.clipped:
            low, high = limits(self.dtype, self._bits)
            share = self.counts.clipped / self._values
            level = logging.WARNING if share > CLIPPED else logging.INFO
            text = "%d values (%.3g %%) were clipped to what the file can hold, %.0f to %.0f."
            log.log(level, text, self.counts.clipped, 100.0 * share, low, high)

    def _close(self) -> None:
        with suppress(*GDAL_ERRORS):
            self._dataset.close()


def rehearse_files(
    files: Iterable[OutputFile], span: Callable[[], tuple[float, float]] = lambda: (0.0, 1.0)
) -> None:
    """Try whether files that are not open yet can be written; nothing is left of it.

    `span` returns the least and the greatest value, for float types. Raises OutputError for a
    folder that cannot be written to, too little space, or creation options that do not work.
    """
    needed: dict[int, int] = {}
    least: dict[int, float] = {}
    for file in files:
        disk = file.target.parent.stat().st_dev
        needed[disk] = needed.get(disk, 0) + file.needed
        least[disk] = least.get(disk, 0.0) + file.least
        check_space(file.target, needed[disk], least[disk])
        file.rehearse(span)


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write text files, all or none; raise OutputError if one cannot be written."""
    write_files((), texts)


def write_files(files: Iterable[OutputFile], texts: Mapping[Path, str] = NO_TEXTS) -> None:
    """Finish files, write texts, then move all to their targets.

    Raises OutputError if one cannot be written; then none is moved.
    """
    try:
        with ExitStack() as stack:
            made = {path: stack.enter_context(folder_beside(path)) / path.name for path in texts}
            for path, text in texts.items():
                # Bytes of a file name that are no text are written as numbers.
                made[path].write_text(text, "utf-8", errors="backslashreplace", newline="")
            whole = {file.target: file.finish() for file in files}
            for path, each in {**whole, **made}.items():
                put_in_place(each, path)
    except OSError as error:
        raise OutputError(
            "output-not-writable", path=error.filename, reason=error.strerror
        ) from error
