# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a GeoTIFF in a hidden folder beside its target, and move it there when it is complete.

Until the move, whatever happens (an error, a cancel, a full disk), an existing file at the target
stays unchanged, and nothing is left behind.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.errors import RasterioError

from core.errors import OutputError
from core.raster.geotiff import (
    Layout,
    check_complete,
    check_space,
    cog_options,
    creation_options,
    no_space,
    quietly,
)
from core.raster.pixels import convert, usual_nodata
from core.raster.reader import files_of

if TYPE_CHECKING:
    from core.raster.window import Window

log = logging.getLogger(__name__)

SUFFIXES = ("", ".tif", ".tiff", ".gtiff")
SIDECARS = (".aux.xml", ".ovr", ".msk")
NO_TEXTS: Mapping[Path, str] = {}
_unfinished: set[Path] = set()


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


def check_target(
    path: Path, inputs: Iterable[Path | str], suffixes: tuple[str, ...] = SUFFIXES
) -> Path:
    """Return the real path to write to; raise OutputError where it cannot be written."""
    target = Path(os.path.realpath(path))
    if target.suffix.lower() not in suffixes:
        ending = next(filter(None, suffixes))
        kind = "a GeoTIFF's name" if suffixes == SUFFIXES else f"the name of a {ending} file"
        raise OutputError("output-suffix", path=path, kind=kind, ending=ending)
    if not target.parent.is_dir():
        raise OutputError("output-folder-missing", folder=target.parent)
    if target.exists() and not target.is_file():
        raise OutputError("output-not-a-file", path=path)
    for source in inputs:
        if Path(os.path.realpath(source)) == target:
            raise OutputError("output-is-input", path=path)
        # What does not exist yet is no part of an input.
        if target.exists() and any(_same_file(target, name) for name in files_of(source)):
            raise OutputError("output-is-source-of-input", path=path, source=source)
    return target


def _same_file(target: Path, name: str) -> bool:
    try:
        return target.samefile(name)
    except OSError:  # no file, but what else GDAL can open
        return False


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
            "count": len(layout.band_names),
            "dtype": self.dtype.name,
            "crs": layout.crs,
            "transform": layout.transform,
            "nodata": layout.nodata,
            **creation_options(self.dtype, tile, {} if output.cog else output.creation_options),
        }
        self._names = layout.band_names
        self._colours, self._tags = layout.color_interp, layout.tags
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
                self._describe_bands()
            except (RasterioError, OSError) as error:
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
        except (RasterioError, OSError) as error:
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
        except (RasterioError, OSError) as error:
            raise OutputError("output-write-failed", target=self.target, reason=error) from error
        return made

    def _describe_bands(self) -> None:
        for band, name in enumerate(self._names, start=1):
            if name:
                self._dataset.set_band_description(band, name)
        if self._colours:
            self._dataset.colorinterp = tuple(self._colours)
        self._dataset.update_tags(**self._tags)

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
        with suppress(RasterioError, OSError):
            self._dataset.close()


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """Provide a hidden folder beside the target, which is always removed afterwards."""
    remove_stale(target)
    try:
        prefix = f"{_prefix(target)}{os.getpid()}-"
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    except OSError as error:
        raise OutputError(
            "output-folder-not-writable", folder=target.parent, reason=error.strerror
        ) from error
    _unfinished.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _unfinished.discard(folder)


def put_in_place(made: Path, target: Path) -> None:
    """Replace a target and its side files, whose statistics would be wrong."""
    _sync(made)
    try:
        made.replace(target)
    except PermissionError as error:
        raise OutputError("output-in-use", target=target) from error
    for suffix in SIDECARS:
        side, old = Path(f"{made}{suffix}"), Path(f"{target}{suffix}")
        with suppress(OSError):
            if side.exists():
                side.replace(old)
            else:
                old.unlink(missing_ok=True)
    _sync(target.parent)


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


def _sync(path: Path) -> None:
    """Flush to disk, so that a power cut cannot leave an empty target."""
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prefix(target: Path) -> str:
    return f".{target.name}.{socket.gethostname()}-"


def remove_stale(target: Path) -> None:
    """Remove what a killed run for the same target left, once its process is gone."""
    if os.name == "nt":  # there, asking whether a process lives would end it
        return
    try:
        found = [each for each in target.parent.iterdir() if each.name.startswith(_prefix(target))]
    except OSError:  # a folder may be closed to looking and open to writing
        return
    for folder in found:
        number = folder.name[len(_prefix(target)) :].partition("-")[0]
        if number.isdigit() and not _alive(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def remove_unfinished() -> None:
    """Remove all unfinished files: for a process about to end without unwinding."""
    for folder in tuple(_unfinished):
        shutil.rmtree(folder, ignore_errors=True)
