# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a GeoTIFF in a hidden folder beside its target, and move it there when it is complete.

Until the move, whatever happens (an error, a cancel, a full disk), an existing file at the target
stays unchanged, and nothing is left behind.
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
from core.raster.counts import Counts
from core.raster.gdal import GDAL_ERRORS
from core.raster.georeference import has_grid, write_sensor_model
from core.raster.geotiff import (
    Layout,
    check_complete,
    check_space,
    no_space,
    quietly,
)
from core.raster.metadata import Tags, write_metadata
from core.raster.options import (
    cog_options,
    complaints,
    creation_options,
    packed_bits,
    try_options,
)
from core.raster.output_files import check_target, folder_beside, put_in_place
from core.raster.overviews import LARGE, SHARE, build_overviews
from core.raster.pixels import convert, limits, usual_nodata
from core.raster.readback import Sample

if TYPE_CHECKING:
    from core.raster.window import Window

log = logging.getLogger(__name__)

NO_TEXTS: Mapping[Path, str] = {}
CLIPPED = 0.001  # share of values that is worth a warning


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
    overviews : write overviews and statistics, too; None does so in large files.
    """

    path: Path
    dtype: str | None = None
    nodata: float | None = None
    creation_options: Mapping[str, str] = field(default_factory=dict)
    cog: bool = False
    overviews: bool | None = None


class OutputFile:
    """An unfinished GeoTIFF: ``write`` its windows, then finish it with `write_files`.

    It lies in a folder of its own beside the target, which catches the driver's side files too,
    and makes the move one rename within one file system.

    Parameters
    ----------
    tile : edge of the windows that are written, PAN px.
    part : of the layout, that the file has; it is put together with others, so that it has neither
        metadata nor overviews.
    """

    def __init__(
        self, output: Output, layout: Layout, tile: int, part: Window | None = None
    ) -> None:
        self.output = output
        self.target = check_target(output.path, layout.inputs)
        self.dtype = layout.dtype
        self._declared = layout.nodata is not None
        self.nodata = usual_nodata(self.dtype) if layout.nodata is None else layout.nodata
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
        self._sample = Sample(self.profile["transform"])
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
        # Whoever chooses how colours are stored decides what they are, if MS has none.
        chosen = {"PHOTOMETRIC", "ALPHA"} & set(map(str.upper, self._user))
        colours = not chosen or self._metadata.has_colours
        write_metadata(self._dataset, self._metadata, colours=colours)
        if self._georeference:
            write_sensor_model(self._dataset, self._georeference)

    @property
    def missing(self) -> int:
        """Pixels without data, of those written."""
        return self.counts.missing

    @property
    def _user(self) -> Mapping[str, str]:
        return self.output.creation_options

    @property
    def needed(self) -> int:
        """Bytes that the file may take while it is made."""
        pixels = self.profile["width"] * self.profile["height"] * self.profile["count"]
        bare = pixels * self.dtype.itemsize
        # A COG is translated from a plain file that lies beside it for a while.
        return 2 * bare if self.output.cog else int(bare * (SHARE if self._overviews else 1))

    @property
    def least(self) -> float:
        """Bytes that the file takes in any case; compressed, no more than half is sure."""
        return self.needed if self.profile.get("COMPRESS") == "NONE" else self.needed / 2

    def rehearse(self, span: Callable[[], tuple[float, float]]) -> None:
        """Try folder and creation options with a few pixels, see `rehearse_files`."""
        with folder_beside(self.target) as folder:
            if self._user:
                ends = span() if self.dtype.kind == "f" else (0.0, 1.0)
                try_options(folder, self.profile, self._user, self._cog_options(), ends)

    def tag(self, tags: Tags) -> None:
        """Add tags; before the first `write`, where they are found fastest."""
        self._dataset.update_tags(**tags)

    def write(self, window: Window, values: np.ndarray, valid: np.ndarray) -> None:
        """Write float32 DN (C, H, W) of a window; pixels that are not ``valid`` (H, W) as nodata.

        Raises OutputError when the disk is full.
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

    def put(self, window: Window, pixels: np.ndarray, good: np.ndarray) -> None:
        """Write pixels (C, H, W) as they are, which are counted elsewhere; `good`: with data."""
        self._sample.offer(window, pixels, good)
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
            if self.counts.holes and not self._declared:
                self._dataset.nodata = self.nodata
            declared = self._dataset.nodata
            if self._overviews and self.counts.statistics:
                self.counts.statistics.write(self._dataset)
            self._dataset.close()
            check_complete(made, self.target)
            if self._overviews and not self.output.cog:
                if shutil.disk_usage(made.parent).free < (SHARE - 1) * made.stat().st_size:
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
            self._say_clipped()
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
        folder = made.parent / "cog"  # where its side files have their names, too
        folder.mkdir()
        options = self._cog_options() or {}
        with complaints():  # which `rehearse` has told
            rasterio.shutil.copy(made, folder / made.name, driver="COG", **options)
        return folder / made.name

    def _say_clipped(self) -> None:
        """Say how many values the type, or the bits of a pixel, cannot hold."""
        if self.counts.clipped:
            low, high = limits(self.dtype, self._bits)
            values = self.profile["width"] * self.profile["height"] * self.profile["count"]
            share = self.counts.clipped / values
            level = logging.WARNING if share > CLIPPED else logging.INFO
            text = "%d values (%.3g %%) were clipped to what the file can hold, %.0f to %.0f."
            log.log(level, text, self.counts.clipped, 100.0 * share, low, high)

    def _close(self) -> None:
        with suppress(*GDAL_ERRORS):
            self._dataset.close()


def rehearse_files(
    files: Iterable[OutputFile], span: Callable[[], tuple[float, float]] = lambda: (0.0, 1.0)
) -> None:
    """Try whether files, not yet open, can be written; nothing is left behind.

    `span` returns the least and the greatest value that floats may have. Raises OutputError for a
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
