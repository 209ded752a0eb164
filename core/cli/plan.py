# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``plan``."""

from __future__ import annotations

import argparse
from functools import partial

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.cli.pansharpen import with_fine_tuning_time
from core.commands.plan import perform
from core.language import counted
from core.methods.registry import METHODS
from core.requests.jobs import Plan
from core.worker.protocol import EXIT_OK

add_arguments = partial(
    add_options,
    request=Plan,
    epilog="Then run its parts, by any number of processes, and collect them.",
    methods=", ".join(METHODS),
)


def run(args: argparse.Namespace) -> int:
    """Plan, and print how many parts there are."""
    done = carry_out(perform, with_fine_tuning_time(request_of(Plan, args), args))
    scenes, parts = counted(done["scenes"], "scene"), counted(done["parts"], "part")
    if done["ready"]:
        print(f"{done['job']}: {scenes}, {parts}, {done['bytes'] / 1e9:.2f} GB of pixels.")
        print(f"A process that does parts takes up to {done['memory'] / 1e9:.1f} GB of memory.")
    else:
        print(f"{done['job']}: {scenes}, which are not all prepared yet.")
    for name, why in done["failed"].items():
        print(f"{name} is not in it: {why}")
    return EXIT_OK
