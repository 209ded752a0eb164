# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line, one module for each command: ``python -m core COMMAND``.

Each has ``add_arguments(parser)`` and ``run(args) -> int``, which makes the request from the
options, calls ``perform`` of the module of the same name in `core.commands`, and prints the result.
"""

COMMANDS = {
    "pansharpen": "sharpen a multispectral raster with a panchromatic one",
    "folder": "sharpen all pairs of a folder, or of a table of files",
    "plan": "prepare scenes for sharpening in parts, on any number of machines",
    "run": "do parts of a job that was planned",
    "collect": "join the parts of a job into files",
    "cluster": "do a job on the workers of a Dask scheduler, and collect it",
    "align": "measure the shift of MS from PAN, and remove it",
    "quality": "assess a sharpened raster, with a reference or without",
    "simulate": "reduce a pair by Wald's protocol",
    "bench": "compare methods on folders of scenes",
}
