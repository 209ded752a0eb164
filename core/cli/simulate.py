# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``simulate``."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.simulate import perform
from core.errors import OutputError
from core.requests.scenes import Simulate
from core.worker.protocol import EXIT_OK

FILES = {"out_pan": "pan.tif", "out_ms": "ms.tif", "out_reference": "reference.tif"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options; one folder stands for the three files to write."""
    names = ", ".join(FILES.values())
    parser.add_argument("--out", required=True, metavar="FOLDER", help=f"folder to write: {names}")
    add_options(parser, Simulate)


def run(args: argparse.Namespace) -> int:
    """Reduce, and print what was made; a new folder is removed if nothing was."""
    folder = Path(args.out).absolute()
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("folder-not-made", folder=folder, reason=error.strerror) from error
    targets = {field: str(folder / name) for field, name in FILES.items()}
    try:
        done = carry_out(perform, request_of(Simulate, args, **targets))
    finally:
        if new:
            with suppress(OSError):  # only an empty folder can be removed
                folder.rmdir()
    print(
        f"{folder}: {', '.join(FILES.values())}; {done['width']} x {done['height']} pixels, "
        f"{done['bands']} bands, ratio {done['ratio']}, {done['sensor']}, {done['seconds']:.1f} s"
    )
    return EXIT_OK
