# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be asked of the core: one frozen dataclass a task, of plain values only.

The worker reads them from JSON, the command line makes them of its options.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Check:
    """Import what a run needs, and tell the versions.

    ``selftest`` sharpens a tiny pair on each device, too, and tells what ran; see
    `core.commands.check`.
    """

    selftest: bool = False


@dataclass(frozen=True)
class Pansharpen:
    """Sharpen a pair, as the plugin and the command line ask for it.

    ``method`` auto is the winner of the scene test, which ``scene_test`` asks for with any other
    method too; ``report`` is where its HTML page goes. ``adapt`` is for how many seconds at
    most the network learns in the scene test, and again on the scene if that shows that it helps; 0
    is not at all. ``steps`` are those of SRINO's sampling, None is what its model wants; ``spread``
    is where the spread of its results over ``spread_seeds`` seeds goes, a raster in DN.
    ``extent`` is (xmin, ymin, xmax, ymax) in PAN's CRS; ``tile`` is in PAN px; band numbers count
    from 1; ``nodata`` is read from the inputs and written to the output; ``sensor`` is a sensor
    card or auto. ``align`` is whether the shift between the two is measured and taken out.
    """

    pan: str
    ms: str
    out: str
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    method: str = "auto"
    adapt: float = 60.0
    scene_test: bool = False
    report: str | None = None
    sensor: str = "auto"
    model: str | None = None
    device: str = "auto"
    extent: Extent | None = None
    output_type: str | None = None
    nodata: float | None = None
    creation_options: dict[str, str] = field(default_factory=dict)
    cog: bool = False
    tile: int = 512
    seed: int = 0
    steps: int | None = None
    spread: str | None = None
    spread_seeds: int = 4
    align: bool = False


@dataclass(frozen=True)
class Quality:
    """Assess a fused raster on PAN's grid; what is written is named, None is left out.

    ``report`` is an HTML page; the maps are GeoTIFFs: SAM per pixel (degrees), Q2n per block,
    error per band (DN). ``scene_test`` asks what every method reaches on the scene one ratio
    coarser, whatever the fused raster was made by.
    """

    pan: str
    ms: str
    fused: str
    reference: str | None = None
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    nodata: float | None = None
    sensor: str = "auto"
    scene_test: bool = False
    report: str | None = None
    sam_map: str | None = None
    q2n_map: str | None = None
    error_map: str | None = None


@dataclass(frozen=True)
class Simulate:
    """Reduce a pair by Wald's protocol; ``out_reference`` is MS itself on the reduced PAN's grid.

    ``ratio`` None is the pair's own, rounded; ``phase`` is product or benchmark.
    """

    pan: str
    ms: str
    out_pan: str
    out_ms: str
    out_reference: str
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    nodata: float | None = None
    ratio: int | None = None
    sensor: str = "auto"
    phase: str = "product"


@dataclass(frozen=True)
class Align:
    """Measure how far MS lies from PAN; what is written is named, None is left out.

    ``out`` is MS with the shift taken out, the same pixels on a grid that was moved; ``report`` is
    an HTML page.
    """

    pan: str
    ms: str
    out: str | None = None
    report: str | None = None
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    nodata: float | None = None


@dataclass(frozen=True)
class Bench:
    """Every method on every scene of a folder or file; ``methods`` and ``sets`` None are all.

    ``adapt`` is for how many seconds adapted methods may learn on a scene; they are left out for 0.
    ``steps`` are those of SRINO's sampling, None is what its model wants.
    ``cut`` is the border left out of scores with a reference, PAN px; None is the source's own.
    """

    data: str
    methods: tuple[str, ...] | None = None
    sets: tuple[str, ...] | None = None
    sensor: str = "auto"
    model: str | None = None
    device: str = "auto"
    seed: int = 0
    adapt: float = 0.0
    steps: int | None = None
    tile: int = 512
    cut: int | None = None
    phase: str = "benchmark"
    csv: str | None = None
    json: str | None = None


Request = Check | Pansharpen | Quality | Simulate | Align | Bench
#: The tasks of a request; but for ``check`` each is a module of core.commands with ``perform``.
TASKS: dict[str, type[Request]] = {
    "check": Check,
    "pansharpen": Pansharpen,
    "quality": Quality,
    "simulate": Simulate,
    "align": Align,
    "bench": Bench,
}
