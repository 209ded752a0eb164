# SPDX-License-Identifier: GPL-2.0-or-later
"""The requests: one frozen dataclass for each task of the core, with plain values only.

The worker reads a request from JSON (`core.worker.protocol`), the command line makes it of options
(`core.cli.options`): a field annotated with an `Option` is one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

Extent = tuple[float, float, float, float]
PHASES = ("product", "benchmark")


class Option(NamedTuple):
    """How a field of a request is given at the command line.

    Parameters
    ----------
    help : in it, {default} is the field's default, and other braces are the command's.
    metavar : what the help shows for the value; the field's name by default.
    choices : the values allowed.
    flag : the option's name, ``--field-name`` by default.
    """

    help: str
    metavar: str | None = None
    choices: tuple[str, ...] | None = None
    flag: str | None = None


# Fields of several requests. Band numbers count from 1; None is what the file has.
Pan = Annotated[str, Option("the panchromatic raster")]
Ms = Annotated[str, Option("the multispectral raster")]
PanBand = Annotated[int | None, Option("PAN's band, from 1; needed if it has several", "N")]
MsBands = Annotated[
    tuple[int, ...] | None, Option("the MS bands to use, from 1, in this order (all)", "1,2,3")
]
Nodata = Annotated[float | None, Option("value of missing pixels (as the files declare)", "V")]
Model = Annotated[str | None, Option("a model's name, or a path to a .safetensors file")]
Device = Annotated[str, Option("{default} (default), cpu or cuda")]
Tile = Annotated[int, Option("edge of a tile in PAN pixels ({default})", "N")]
Seed = Annotated[int, Option("seed of the method's random numbers ({default})", "S")]
Steps = Annotated[int | None, Option("SRINO's sampling steps (as its model has)", "N")]
BackProjection = Annotated[
    int | None,
    Option(
        "passes of back-projection after a classical method or scene-fit, 0 to 10 (none; "
        "scene-fit: 3)",
        "N",
    ),
]


@dataclass(frozen=True)
class Check:
    """Import the packages a run needs and report their versions.

    ``selftest`` sharpens a small synthetic pair on each device, too; see `core.commands.check`.
    """

    selftest: bool = False


@dataclass(frozen=True)
class Pansharpen:
    """Sharpen a pair.

    ``method`` auto is the method that a comparison at reduced resolution selects; ``scene_test``
    makes that comparison for any other method too. ``adapt`` is for how many seconds at most a
    network is fine-tuned in the comparison, and again on the scene if the comparison shows that
    this helps; 0 leaves the network as it is. ``nodata`` is read from the inputs and written to the
    output.
    """

    pan: Pan
    ms: Ms
    out: Annotated[str, Option("the GeoTIFF to write")]
    pan_band: PanBand = None
    ms_bands: MsBands = None
    method: Annotated[
        str,
        Option(
            "{default} (default): the best of all on this scene, or KSDiff where that is nearly as "
            "good; classical: the best of the classical ones; or {methods}"
        ),
    ] = "auto"
    adapt: Annotated[
        float,
        Option(
            "if a test shows that it helps, fine-tune the network to the scene for at most so long "
            "({default:g}; srino: 0, which is not at all)",
            "SECONDS",
        ),
    ] = 60.0
    scene_test: Annotated[bool, Option("compare all methods at reduced resolution")] = False
    report: Annotated[str | None, Option("write the comparison as an HTML page", "FILE")] = None
    sensor: Annotated[
        str, Option("a sensor card's name; {default} (default): from the files' metadata")
    ] = "auto"
    model: Model = None
    device: Device = "auto"
    extent: Annotated[
        Extent | None, Option("part to sharpen, in PAN's CRS (all)", "XMIN,YMIN,XMAX,YMAX")
    ] = None
    output_type: Annotated[
        str | None,
        Option(
            "uint8, uint16, int16 or float32 (as MS)", "T", ("uint8", "uint16", "int16", "float32")
        ),
    ] = None
    nodata: Nodata = None
    creation_options: Annotated[
        dict[str, str],
        Option("a creation option of GDAL's driver; may be repeated", "KEY=VALUE", flag="--co"),
    ] = field(default_factory=dict)
    cog: Annotated[bool, Option("write a Cloud Optimized GeoTIFF")] = False
    tile: Tile = 512
    seed: Seed = 0
    steps: Steps = None
    spread: Annotated[
        str | None,
        Option("write SRINO's uncertainty, its standard deviation over seeds, a GeoTIFF", "FILE"),
    ] = None
    spread_seeds: Annotated[int, Option("number of those seeds ({default})", "N")] = 4
    align: Annotated[bool, Option("measure how far MS lies from PAN, and remove that")] = False
    back_projection: BackProjection = None
    fit: Annotated[
        str | None, Option("the weights of a scene fit that was saved, a .json file", "FILE")
    ] = None
    save_fit: Annotated[
        str | None, Option("save the weights of the scene fit, a .json file", "FILE")
    ] = None


@dataclass(frozen=True)
class Quality:
    """Assess a fused raster on PAN's grid, with a reference or without.

    Files that are None are not written. ``scene_test`` compares all methods on the pair, whichever
    method made the fused raster.
    """

    pan: Pan
    ms: Ms
    fused: Annotated[str, Option("the raster that was made of them, on PAN's grid")]
    reference: Annotated[str | None, Option("the raster it should be, on the same grid")] = None
    pan_band: PanBand = None
    ms_bands: Annotated[
        tuple[int, ...] | None,
        Option("the MS bands that the fused raster was made of, from 1, in its order", "1,2,3"),
    ] = None
    nodata: Nodata = None
    sensor: Annotated[str, Option("whose MTF and peak: {default}, quickbird...", "NAME")] = "auto"
    scene_test: Annotated[bool, Option("compare all methods at reduced resolution")] = False
    report: Annotated[str | None, Option("write an HTML page", "FILE")] = None
    sam_map: Annotated[
        str | None, Option("write a GeoTIFF of SAM in each pixel, degrees", "FILE")
    ] = None
    q2n_map: Annotated[
        str | None, Option("write a GeoTIFF of Q2n in each block of 32 x 32 pixels", "FILE")
    ] = None
    error_map: Annotated[
        str | None, Option("write a GeoTIFF of the error of each band, DN", "FILE")
    ] = None


@dataclass(frozen=True)
class Simulate:
    """Reduce a pair by Wald's protocol.

    ``out_reference`` is MS itself, on the reduced PAN's grid.
    """

    pan: Pan
    ms: Ms
    out_pan: str
    out_ms: str
    out_reference: str
    pan_band: PanBand = None
    ms_bands: MsBands = None
    nodata: Nodata = None
    ratio: Annotated[int | None, Option("how much coarser (the pair's own ratio)", "N")] = None
    sensor: Annotated[str, Option("whose MTF filters MS: {default}, quickbird...", "NAME")] = "auto"
    phase: Annotated[
        str,
        Option(
            "of the reduced MS: its pixels cover whole ones (product, default), or are centred on "
            "samples r/2, r/2 + r, ... (benchmark)",
            choices=PHASES,
        ),
    ] = "product"


@dataclass(frozen=True)
class Align:
    """Measure how far MS lies from PAN.

    ``out`` has the pixels of MS on a moved grid. Files that are None are not written.
    """

    pan: Pan
    ms: Ms
    out: Annotated[
        str | None, Option("write MS, all its bands, with the shift removed, a GeoTIFF", "FILE")
    ] = None
    report: Annotated[str | None, Option("write an HTML page", "FILE")] = None
    pan_band: PanBand = None
    ms_bands: MsBands = None
    nodata: Nodata = None


@dataclass(frozen=True)
class Bench:
    """Sharpen every scene of a folder or file with every method, and score the results.

    ``cut`` is of scores with a reference; None is what is usual for the data. ``pan_gain`` None is
    antialiased bicubic.
    """

    data: Annotated[str, Option("folder with val/ or sets of pairs; PanCollection file(s)")]
    methods: Annotated[
        tuple[str, ...] | None,
        Option("{methods} if absent, and with --adapt {fine_tuned}", "A,B"),
    ] = None
    sets: Annotated[tuple[str, ...] | None, Option("folders or files by name (all)", "A,B")] = None
    sensor: Annotated[str, Option("{default} (default): from metadata and names of files")] = "auto"
    model: Model = None
    device: Device = "auto"
    seed: Seed = 0
    adapt: Annotated[
        float,
        Option(
            "include networks and auto fine-tuned to each scene for so long ({default:g}: leave "
            "them out; it is slow)",
            "SECONDS",
        ),
    ] = 0.0
    steps: Steps = None
    tile: Tile = 512
    cut: Annotated[
        int | None,
        Option("border left out of the scores, PAN px (0, {toolbox_cut} for PanCollection)", "N"),
    ] = None
    phase: Annotated[
        str,
        Option(
            "of the reduced MS: samples r/2, r/2 + r, ... (benchmark, default), or centred on "
            "r x r pixels (product)",
            choices=PHASES,
        ),
    ] = "benchmark"
    back_projection: BackProjection = None
    pan_gain: Annotated[
        float | None,
        Option("reduce PAN under an MTF of this gain at MS' Nyquist frequency (bicubic)", "GAIN"),
    ] = None
    csv: Annotated[str | None, Option("write a row per scene, scale and method", "FILE")] = None
    json: Annotated[
        str | None, Option("write the same, with means, settings and versions", "FILE")
    ] = None


#: Requests that name a PAN, an MS, and bands of theirs.
PairRequest = Pansharpen | Quality | Simulate | Align
Request = Check | Pansharpen | Quality | Simulate | Align | Bench
#: Task -> its request. Each but ``check`` is a module of `core.commands` with ``perform``.
TASKS: dict[str, type[Request]] = {
    "check": Check,
    "pansharpen": Pansharpen,
    "quality": Quality,
    "simulate": Simulate,
    "align": Align,
    "bench": Bench,
}
