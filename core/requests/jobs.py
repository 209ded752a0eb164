# SPDX-License-Identifier: GPL-2.0-or-later
"""The requests of jobs: sharpening in parts, by any number of processes; see `core.jobs`."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.requests.scenes import Extent, Sharpening, option

JOB = {"help": "folder of the job, or /vsis3/BUCKET/KEY; a name that all processes can open"}

MOSAIC_ONLY = "make the VRT or GTI of each scene's parts, but no file of them"


@dataclass(frozen=True, kw_only=True)
class Plan(Sharpening):
    """Prepare one pair, or those of a folder, and write the job of sharpening them."""

    job: str = field(metadata=JOB)
    pan: str | tuple[str, ...] | None = option(None, "the panchromatic raster of one pair")
    ms: str | tuple[str, ...] | None = option(None, "its multispectral raster")
    out: str | None = option(None, "the GeoTIFF to write of that pair")
    data: str | None = option(
        None, "in place of a pair: folder of pairs, or a table of files, see the command folder"
    )
    items: str | None = option(
        None, "in place of a pair: a file of STAC items, each with PAN and MS", "FILE"
    )
    out_folder: str | None = option(None, "folder for their results; it is made if missing")
    extent: Extent | None = option(
        None, "part of the pair to sharpen, in PAN's CRS (all)", "XMIN,YMIN,XMAX,YMAX"
    )
    extent_crs: str | None = option(None, "the CRS of --extent, if it is not PAN's", "CRS")
    report: str | None = option(None, "write the pair's comparison as an HTML page", "FILE")
    spread: str | None = option(None, "write the error bar of the pair, a GeoTIFF", "FILE")
    part_size: int = option(4096, "edge of a part in PAN pixels, about ({default})", "N")
    shared_fit: bool = option(
        False, "fit all scenes together (scene-fit and networks), so that their colours agree"
    )
    part: str | None = option(
        None, "prepare the I-th of N shares of the scenes; others do the rest (all)", "I/N"
    )
    list_only: bool = option(
        False, "prepare no scene: the command cluster, or plan with --part, does that"
    )


@dataclass(frozen=True)
class Run:
    """Do parts of a job that are not done yet."""

    job: str = field(metadata=JOB)
    part: str | None = option(
        None,
        "a part by its number, from 1; or I/N, the I-th of N shares of all parts (all)",
        "I[/N]",
    )
    threads: int | None = option(
        None, "threads of a network (as the processor has; give cores / processes)", "N"
    )


@dataclass(frozen=True)
class Collect:
    """Join the parts of a job into files, unless parts are missing."""

    job: str = field(metadata=JOB)
    mosaic_only: bool = option(False, MOSAIC_ONLY)
    part: str | None = option(None, "the I-th of N shares of the scenes (all)", "I/N")


@dataclass(frozen=True)
class Cluster:
    """Do the parts of a job on the workers of a Dask scheduler, and collect each scene."""

    job: str = field(metadata=JOB)
    scheduler: str = option(
        "local", "address of a Dask scheduler; {default} (default) starts one here", "ADDRESS"
    )
    workers: int = option(2, "worker processes of a local one ({default})", "N")
    mosaic_only: bool = option(False, MOSAIC_ONLY)


#: Task -> its request, as `core.requests.scenes.TASKS` has them.
JOB_TASKS: dict[str, type[Plan | Run | Collect | Cluster]] = {
    "plan": Plan,
    "run": Run,
    "collect": Collect,
    "cluster": Cluster,
}
