# SPDX-License-Identifier: GPL-2.0-or-later
"""The requests: one frozen dataclass for each task of the core, with plain values only.

The worker reads a request from JSON (`core.worker.protocol`), the command line makes it from its
options (`core.cli.options`), which are the fields with a help text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

Extent = tuple[float, float, float, float]
PHASES = ("product", "benchmark")
#: A pixel of MS is nodata if any band is, only if all bands are, or each band by itself.
NODATA_BANDS = ("any", "all", "each")
#: Bands whose detail PAN hardly explains get the detail of the method, half of it, or none.
UNSEEN_BANDS = ("fit", "gentle", "interpolate")
#: Values that look like missing data, though nothing declares them.
UNDECLARED = ("leave-out", "keep")

FINE_TUNING_SECONDS = 60.0
"""Time for a fine-tuned method that was named without a time."""


def option(default: Any, help: str, metavar: str | None = None, **more: Any) -> Any:
    """Return a field with a default that is an option of the command line.

    Parameters
    ----------
    help : in it, {default} is the field's default, and other braces are the command's.
    metavar : what the help shows for the value; the field's name by default.
    more : ``choices``, the values allowed; ``flag``, the option's name instead of ``--field-name``.
    """
    return field(default=default, metadata={"help": help, "metavar": metavar, **more})


# Options of several requests. Bands are counted from 1; None: as the file declares.
PAN = {
    "help": "the panchromatic raster; or a delivered product, its folder or metadata file; or, "
    "with --pan-from-bands, files of single bands"
}
MS = {
    "help": "the multispectral raster; or files of single bands, which are sorted by wavelength "
    "where it is known; or a delivered product, its folder or metadata file"
}
PAN_BAND = "PAN's band, from 1; needed if it has several", "N"
MS_BANDS = "the MS bands to use, from 1, in this order (all)", "1,2,3"
NODATA = "value of missing pixels (as the files declare)", "V"
PAN_NODATA = "value of PAN's missing pixels, if it is another", "V"
NODATA_RULE = (
    "an MS pixel has no data if any band has none ({default}, default), only if all bands have "
    "none, or each band by itself"
)
UNDECLARED_NODATA = (
    "values that look like missing data, though no file declares them: {default} (default) or keep"
)
SCENE_TEST = "compare all methods at reduced resolution"
MODEL = "a model's name, or a path to a .safetensors file"
DEVICE = "{default} (default), cpu, cuda, or cuda:1 for the second GPU"
RPC_DEM = (
    "a raster of heights: images with RPCs are placed on the map with it (a pair of one sensor "
    "keeps its grid, others take one height)",
    "FILE",
)
TILE = "edge of a tile in PAN pixels ({default})", "N"
SEED = "seed of the method's random numbers ({default})", "S"
STEPS = "SRINO's sampling steps (as its model has)", "N"
BACK_PROJECTION = (
    "passes of back-projection after a classical method or scene-fit, 0 to 10 (none; scene-fit: 3)",
    "N",
)


@dataclass(frozen=True)
class Check:
    """Import the packages a run needs and report their versions.

    ``selftest`` sharpens a small synthetic pair on each device, too; see `core.commands.check`.
    """

    selftest: bool = False


@dataclass(frozen=True, kw_only=True)
class Sharpening:
    """Settings of sharpening that are the same for every pair.

    ``method`` auto is the method that a comparison at reduced resolution selects; ``scene_test``
    makes that comparison for any other method, too. ``adapt`` is the time limit of fine-tuning to
    the scene, in seconds; 0: none. The comparison decides whether its result is used. ``nodata`` is
    that of the inputs and of the output.
    """

    pan_band: int | None = option(None, *PAN_BAND)
    ms_bands: tuple[int, ...] | None = option(None, *MS_BANDS)
    method: str = option(
        "auto",
        "{default} (default): of all the one with the least expected error on this scene; "
        "classical: of those without a network; or {methods}",
    )
    adapt: float = option(
        0.0,
        "if a test shows that it helps, fine-tune the network to the scene for at most so long "
        f"({{default:g}}: not at all; {FINE_TUNING_SECONDS:g} for a fine-tuned method)",
        "SECONDS",
    )
    scene_test: bool = option(False, SCENE_TEST)
    sensor: str = option(
        "auto", "a sensor card's name; {default} (default): from the files' metadata"
    )
    model: str | None = option(None, MODEL)
    device: str = option("auto", DEVICE)
    output_type: str | None = option(
        None,
        "uint8, uint16, int16 or float32 (as MS)",
        "T",
        choices=("uint8", "uint16", "int16", "float32"),
    )
    nodata: float | None = option(None, *NODATA)
    output_nodata: float | None = option(None, "value of the result's missing pixels", "V")
    pan_nodata: float | None = option(None, *PAN_NODATA)
    nodata_bands: str = option("any", NODATA_RULE, choices=NODATA_BANDS)
    undeclared_nodata: str = option("leave-out", UNDECLARED_NODATA, choices=UNDECLARED)
    rpc_dem: str | None = option(None, *RPC_DEM)
    creation_options: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": "a creation option of GDAL's driver; may be repeated",
            "metavar": "KEY=VALUE",
            "flag": "--co",
        },
    )
    cog: bool = option(False, "write a Cloud Optimized GeoTIFF")
    overviews: str = option(
        "auto",
        "write overviews and statistics into the image: {default} (default) above 4096 x 4096 "
        "pixels, yes, or no",
        choices=("auto", "yes", "no"),
    )
    tile: int = option(512, *TILE)
    seed: int = option(0, *SEED)
    steps: int | None = option(None, *STEPS)
    unseen_bands: str = option(
        "fit",
        "bands whose detail PAN hardly explains (SWIR, thermal): as the method has them "
        "({default}, default), gentle: half of the detail, or interpolate: none",
        choices=UNSEEN_BANDS,
    )
    align: bool = option(False, "measure how far MS lies from PAN, and remove that")
    back_projection: int | None = option(None, *BACK_PROJECTION)
    fit: str | None = option(
        None, "the weights of a scene fit that was saved, a .json file", "FILE"
    )


@dataclass(frozen=True)
class Pansharpen(Sharpening):
    """Sharpen a pair."""

    pan: str | tuple[str, ...] = field(metadata=PAN)
    ms: str | tuple[str, ...] = field(metadata=MS)
    out: str = field(metadata={"help": "the GeoTIFF to write"})
    report: str | None = option(None, "write the comparison as an HTML page", "FILE")
    extent: Extent | None = option(
        None, "part to sharpen, in PAN's CRS (all)", "XMIN,YMIN,XMAX,YMAX"
    )
    extent_crs: str | None = option(None, "the CRS of --extent, if it is not PAN's", "CRS")
    pan_from_bands: bool = option(
        False,
        "PAN has several bands, such as the 10 m bands of Sentinel-2: make a PAN of them for each "
        "MS band",
    )
    spread: str | None = option(
        None, "write the error bar, half the width of each pixel's 90 % interval, a GeoTIFF", "FILE"
    )
    save_fit: str | None = option(None, "save the weights of the scene fit, a .json file", "FILE")


@dataclass(frozen=True)
class Folder(Sharpening):
    """Sharpen the pairs of a folder or of a table of files, one after the other.

    A pair that cannot be sharpened does not stop the rest. A pair that has a result of the same
    settings and files is skipped.
    """

    data: str = field(
        metadata={
            "help": "folder of pairs, with the folders below; or a table of files (.csv) with the "
            "columns pan, ms and, if wanted, out"
        }
    )
    out_folder: str = field(metadata={"help": "folder for the results; it is made if missing"})
    csv: str | None = option(None, "write the summary, a row for each pair", "FILE")
    dry_run: bool = option(False, "only show the pairs, and what is missing or doubtful about them")
    skip_doubtful: bool = option(False, "leave doubtful pairs out")
    leave_out: tuple[str, ...] = option((), "leave these pairs out, by their names", "NAME,NAME")
    scheduler: str | None = option(
        None,
        "hand the pairs to the workers of a running Dask scheduler, which see all files (this "
        "process does them)",
        "ADDRESS",
    )


@dataclass(frozen=True)
class Quality:
    """Assess a fused raster on PAN's grid, with a reference or without.

    Files that are None are not written. ``scene_test`` compares all methods on the pair, whichever
    method made the fused raster.
    """

    pan: str | tuple[str, ...] = field(metadata=PAN)
    ms: str | tuple[str, ...] = field(metadata=MS)
    fused: str = field(metadata={"help": "the raster that was made of them, on PAN's grid"})
    reference: str | None = option(None, "the raster it should be, on the same grid")
    pan_band: int | None = option(None, *PAN_BAND)
    ms_bands: tuple[int, ...] | None = option(
        None, "the MS bands that the fused raster was made of, from 1, in its order", "1,2,3"
    )
    nodata: float | None = option(None, *NODATA)
    pan_nodata: float | None = option(None, *PAN_NODATA)
    nodata_bands: str = option("any", NODATA_RULE, choices=NODATA_BANDS)
    undeclared_nodata: str = option("leave-out", UNDECLARED_NODATA, choices=UNDECLARED)
    rpc_dem: str | None = option(None, *RPC_DEM)
    sensor: str = option("auto", "whose MTF and peak: {default}, quickbird...", "NAME")
    scene_test: bool = option(False, SCENE_TEST)
    report: str | None = option(None, "write an HTML page", "FILE")
    sam_map: str | None = option(None, "write a GeoTIFF of SAM in each pixel, degrees", "FILE")
    q2n_map: str | None = option(
        None, "write a GeoTIFF of Q2n in each block of 32 x 32 pixels", "FILE"
    )
    error_map: str | None = option(None, "write a GeoTIFF of the error of each band, DN", "FILE")


@dataclass(frozen=True)
class Simulate:
    """Reduce a pair by Wald's protocol.

    ``out_reference`` is MS itself, on the reduced PAN's grid.
    """

    pan: str | tuple[str, ...] = field(metadata=PAN)
    ms: str | tuple[str, ...] = field(metadata=MS)
    out_pan: str
    out_ms: str
    out_reference: str
    pan_band: int | None = option(None, *PAN_BAND)
    ms_bands: tuple[int, ...] | None = option(None, *MS_BANDS)
    nodata: float | None = option(None, *NODATA)
    pan_nodata: float | None = option(None, *PAN_NODATA)
    nodata_bands: str = option("any", NODATA_RULE, choices=NODATA_BANDS)
    undeclared_nodata: str = option("leave-out", UNDECLARED_NODATA, choices=UNDECLARED)
    rpc_dem: str | None = option(None, *RPC_DEM)
    ratio: int | None = option(None, "how much coarser (the pair's own ratio)", "N")
    sensor: str = option("auto", "whose MTF filters MS: {default}, quickbird...", "NAME")
    phase: str = option(
        "product",
        "of the reduced MS: its pixels cover whole ones (product, default), or are centred on "
        "samples r/2, r/2 + r, ... (benchmark)",
        choices=PHASES,
    )


@dataclass(frozen=True)
class Align:
    """Measure the shift of MS from PAN.

    ``out`` has the pixels of MS on a moved grid. Files that are None are not written.
    """

    pan: str | tuple[str, ...] = field(metadata=PAN)
    ms: str | tuple[str, ...] = field(metadata=MS)
    out: str | None = option(
        None, "write MS, all its bands, with the shift removed, a GeoTIFF", "FILE"
    )
    report: str | None = option(None, "write an HTML page", "FILE")
    pan_band: int | None = option(None, *PAN_BAND)
    ms_bands: tuple[int, ...] | None = option(None, *MS_BANDS)
    nodata: float | None = option(None, *NODATA)
    pan_nodata: float | None = option(None, *PAN_NODATA)
    nodata_bands: str = option("any", NODATA_RULE, choices=NODATA_BANDS)
    undeclared_nodata: str = option("leave-out", UNDECLARED_NODATA, choices=UNDECLARED)
    rpc_dem: str | None = option(None, *RPC_DEM)


@dataclass(frozen=True)
class Bench:
    """Sharpen every scene of a folder or file with every method, and score the results.

    ``cut`` is the border of scores with a reference; None: as usual for the data. Pairs are reduced
    with antialiased bicubic for PAN, and again with an MTF of ``pan_gain`` at the Nyquist frequency
    of MS; 0 leaves that out.
    """

    data: str = field(metadata={"help": "folder with val/ or sets of pairs; PanCollection file(s)"})
    methods: tuple[str, ...] | None = option(
        None, "{methods} if absent, and with --adapt {fine_tuned}", "A,B"
    )
    sets: tuple[str, ...] | None = option(None, "folders or files by name (all)", "A,B")
    sensor: str = option("auto", "{default} (default): from metadata and names of files")
    model: str | None = option(None, MODEL)
    device: str = option("auto", DEVICE)
    seed: int = option(0, *SEED)
    adapt: float = option(
        0.0,
        "include networks and auto fine-tuned to each scene for so long ({default:g}: leave "
        "them out; it is slow)",
        "SECONDS",
    )
    steps: int | None = option(None, *STEPS)
    tile: int = option(512, *TILE)
    cut: int | None = option(
        None, "border left out of the scores, PAN px (0, {toolbox_cut} for PanCollection)", "N"
    )
    phase: str = option(
        "benchmark",
        "of the reduced MS: samples r/2, r/2 + r, ... (benchmark, default), or centred on "
        "r x r pixels (product)",
        choices=PHASES,
    )
    back_projection: int | None = option(None, *BACK_PROJECTION)
    pan_gain: float = option(
        0.15,
        "reduce pairs by bicubic, and again with PAN under an MTF of this gain at MS' Nyquist "
        "frequency ({default}; 0: only bicubic)",
        "GAIN",
    )
    csv: str | None = option(None, "write a row per scene, scale and method", "FILE")
    json: str | None = option(None, "write the same, with means, settings and versions", "FILE")


#: Requests that name a PAN, an MS, and bands of theirs.
PairRequest = Pansharpen | Quality | Simulate | Align


#: Their fields that name rasters to read.
_RASTERS = ("pan", "ms", "fused", "reference", "rpc_dem")


def inputs_of(request: PairRequest) -> list[str]:
    """Return the names of all rasters that a request reads."""
    given = [getattr(request, each.name) for each in fields(request) if each.name in _RASTERS]
    several = [
        (names,) if isinstance(names, str) else names for names in given if names is not None
    ]
    return [name for names in several for name in names]


Request = Check | Pansharpen | Folder | Quality | Simulate | Align | Bench
#: Task -> its request. Each but ``check`` is a module of `core.commands` with ``perform``.
TASKS: dict[str, type[Request]] = {
    "check": Check,
    "pansharpen": Pansharpen,
    "folder": Folder,
    "quality": Quality,
    "simulate": Simulate,
    "align": Align,
    "bench": Bench,
}
