# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``run``."""

from __future__ import annotations

import argparse
from functools import partial

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.run import perform
from core.language import counted
from core.requests.jobs import Run
from core.worker.protocol import EXIT_OK

add_arguments = partial(
    add_options,
    request=Run,
    epilog="Started again, it does what is not done yet; a run that is killed loses one part.",
)


def run(args: argparse.Namespace) -> int:
    """Do parts, and print how many are left."""
    done = carry_out(perform, request_of(Run, args))
    parts = counted(done["done"], "part")
    print(f"{parts} done, {done['before']} done before, {done['missing']} of the job missing.")
    return EXIT_OK
