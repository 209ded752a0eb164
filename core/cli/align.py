# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``align``."""

from __future__ import annotations

import argparse
from functools import partial

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.align import perform
from core.requests.scenes import Align
from core.worker.protocol import EXIT_OK

add_arguments = partial(add_options, request=Align)


def run(args: argparse.Namespace) -> int:
    """Measure, and print the shift."""
    done = carry_out(perform, request_of(Align, args))
    print(done["sentence"])
    if done["rows"] is not None:
        blocks = f"{len(done['blocks'])} of {done['looked']} blocks"
        print(f"Match {done['confidence']:.2f}, without the shift {done['unmoved']:.2f}; {blocks}.")
    for path in filter(None, (done["out"], done["report"])):
        print(path)
    return EXIT_OK
