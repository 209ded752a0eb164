# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands, one module each: ``python -m core COMMAND``.

Each has ``add_arguments(parser)`` and ``run(args) -> int``. What QGIS asks of the worker too has
its work in ``perform(request, progress, pace) -> dict``, with the request of `core.worker.protocol`;
there ``run`` only makes the request, and shows progress and result.
"""

COMMANDS = {
    "pansharpen": "sharpen a multispectral raster with a panchromatic one",
    "align": "measure how far MS lies from PAN, and take it out",
    "quality": "assess a sharpened raster, with a reference or without",
    "simulate": "reduce a pair by Wald's protocol",
    "bench": "compare methods on folders of scenes",
    "regimes": "compare what a learned method can know a scene from",
    "tilecheck": "show that the result does not depend on the tile size",
    "demo": "make a scene, sharpen it, and show the difference",
}
