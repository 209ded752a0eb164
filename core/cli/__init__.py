# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line, one module for each command: ``python -m core COMMAND``.

Each has ``add_arguments(parser)`` and ``run(args) -> int``: it makes the request of its options,
has the work done by ``perform`` of the module of its name in `core.commands`, and prints the
result.
"""

COMMANDS = {
    "pansharpen": "sharpen a multispectral raster with a panchromatic one",
    "folder": "sharpen all pairs of a folder, or of a table of files",
    "plan": "prepare scenes for sharpening in parts, on any number of machines",
    "run": "do parts of a job that was planned",
    "collect": "put the parts of a job together",
    "cluster": "do a job on the workers of a Dask scheduler, and collect it",
    "align": "measure how far MS lies from PAN, and take it out",
    "quality": "assess a sharpened raster, with a reference or without",
    "simulate": "reduce a pair by Wald's protocol",
    "bench": "compare methods on folders of scenes",
}
