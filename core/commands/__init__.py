# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands, one module each: ``python -m core COMMAND``.

Each has ``add_arguments(parser)`` and ``run(args) -> int``. What QGIS asks of the worker too has
its work in ``perform(request, progress, pace) -> dict``, with the request of `core.requests`;
there ``run`` only makes the request, and shows progress and result. What several commands share
stands below, by subject: nothing of it here.
"""

COMMANDS = {
    "pansharpen": "sharpen a multispectral raster with a panchromatic one",
    "align": "measure how far MS lies from PAN, and take it out",
    "quality": "assess a sharpened raster, with a reference or without",
    "simulate": "reduce a pair by Wald's protocol",
    "bench": "compare methods on folders of scenes",
}
