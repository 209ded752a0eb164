# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen arrays of xarray, for notebooks: the result is lazy, its chunks are parts of a job.

PAN and MS are written to the job's folder and the scene is prepared at once, since statistics and
fits need all of it. A chunk is sharpened when it is computed, in threads of this process or on the
workers of a cluster that can read the folder; each once, to the bytes that `collect` would write.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from core.errors import EnvironmentFault, InputError
from core.jobs.frozen_scene import thawed
from core.jobs.job import Job
from core.jobs.on_dask import do_part
from core.jobs.planning import SceneRequest, finish_plan, freeze_scene, list_scenes
from core.progress import silent
from core.raster.gdal import quietly
from core.raster.geotiff import Layout
from core.requests.scenes import Pansharpen, Sharpening

if TYPE_CHECKING:
    import xarray

CHUNK = 2048  # PAN px; edge of a chunk, about
GRID_TOLERANCE = 1e-3  # px


def sharpen(
    pan: xarray.DataArray,
    ms: xarray.DataArray,
    *,
    job: Path | str | None = None,
    chunk: int = CHUNK,
    threads: int = 0,
    **settings: Any,
) -> xarray.DataArray:
    """Return MS sharpened by PAN, on PAN's grid: `(band, y, x)`, lazy, in chunks of whole tiles.

    Parameters
    ----------
    pan : `(y, x)` or `(1, y, x)`, DN, with CRS, transform and nodata as rioxarray reads them.
    ms : `(band, y, x)`, DN; the names of its bands are `attrs["long_name"]`.
    job : a new folder, or that of an earlier call with the same arguments; all workers of a cluster
        must be able to read it. By default a temporary one, removed when the process ends.
    threads : of a network, in each chunk that is computed; 0: as many as the processor has.
    settings : fields of `core.requests.scenes.Sharpening`: method, seed, output_type and so on.

    Raises
    ------
    InputError : PAN and MS do not fit together, or there is no such setting.
    EnvironmentFault : a package of the group `cluster` is missing.
    """
    try:
        import dask.array
        import rioxarray  # noqa: F401, the accessor
        import xarray
    except ModuleNotFoundError as error:
        raise EnvironmentFault("cluster-needs-package", package=error.name) from error
    unknown = settings.keys() - {each.name for each in fields(Sharpening)}
    if unknown:
        raise InputError("settings-unknown", settings=", ".join(sorted(unknown)))
    folder = Path(job).absolute() if job else _temporary()
    folder.mkdir(parents=True, exist_ok=True)
    names = [str(folder / f"{name}.tif") for name in ("pan", "ms", "out")]
    for name, array in zip(names, (pan, ms), strict=False):
        _write(Path(name), array)
    request = Pansharpen(names[0], names[1], names[2], **settings)
    list_scenes(folder, [SceneRequest("arrays", request)], chunk, alone=True)
    freeze_scene(folder, 0, silent)
    planned = finish_plan(folder)[0] or Job.open(folder)
    with thawed(planned.scene(0)) as frozen:
        layout, windows = frozen.planned.layouts[0][1], frozen.parts
    pixels = dask.delayed(part_pixels, pure=True)
    bands = len(layout.metadata.bands)
    rows: list[list[Any]] = []
    for number, window in enumerate(windows, start=1):
        made = pixels(str(folder), number, threads, dask_key_name=f"{folder}-{number}")
        block = dask.array.from_delayed(made, (bands, *window.shape), layout.dtype)
        if window.col == 0:
            rows.append([])
        rows[-1].append(block)
    return _georeferenced(xarray.DataArray(dask.array.block(rows), dims=("band", "y", "x")), layout)


def part_pixels(folder: str, number: int, threads: int) -> NDArray[Any]:
    """Return the pixels `(band, y, x)` of a part, from 1, which is sharpened unless it is done."""
    do_part(folder, number, threads)
    job = Job.open(Path(folder))
    part = job.parts[number - 1]
    record = job.scene(part.scene).done(part.at)
    if record is None:
        raise InputError("job-parts-missing", count=1, all=len(job.parts), parts=number)
    path = job.scene(part.scene).record(part.at).with_name(record["files"][0]["name"])
    with quietly(), rasterio.open(path) as dataset:
        return np.asarray(dataset.read())


def _temporary() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ksdiff-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _write(path: Path, array: xarray.DataArray) -> None:
    """Write an array as a GeoTIFF, chunk by chunk, unless it is there."""
    if path.exists():
        return
    unfinished = path.with_suffix(".part.tif")
    more = {"lock": Lock()} if array.chunks else {}
    with quietly():
        array.rio.to_raster(
            unfinished, driver="GTiff", tiled=True, photometric="MINISBLACK", alpha="NO",
            recalc_transform=not _transform_holds(array), **more,
        )  # fmt: skip
    unfinished.replace(path)


def _transform_holds(array: xarray.DataArray) -> bool:
    """Return whether the stored transform of an array still agrees with its coordinates.

    One calculated from the coordinates has rounding errors, which would move MS against PAN.
    """
    known, found = (array.rio.transform(recalc=recalc) for recalc in (False, True))
    size = array.rio.width, array.rio.height
    apart = [~known * (found * corner) for corner in ((0, 0), size)]
    off = np.abs(np.subtract(apart, ((0, 0), size))).max()
    return bool(off < GRID_TOLERANCE)


def _georeferenced(made: xarray.DataArray, layout: Layout) -> xarray.DataArray:
    """Return an array with the bands, coordinates, CRS and nodata that a layout declares."""
    names = [band.name for band in layout.metadata.bands]
    made = made.assign_coords(band=np.arange(1, len(names) + 1))
    if layout.crs:
        made = made.rio.write_crs(layout.crs)
    made = made.rio.write_transform(layout.transform)
    if layout.transform.b == layout.transform.d == 0:
        at = layout.transform
        made = made.assign_coords(
            x=at.c + at.a * (np.arange(layout.width) + 0.5),
            y=at.f + at.e * (np.arange(layout.height) + 0.5),
        )
    if all(names):
        made.attrs["long_name"] = tuple(names)
    return made if layout.nodata is None else made.rio.write_nodata(layout.nodata)
