# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``bench``."""

from __future__ import annotations

import argparse
from functools import partial

from core.benchmark.datasets import TOOLBOX_CUT
from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.bench import ADAPTING, DEFAULT_METHODS, perform
from core.requests.scenes import Bench
from core.worker.protocol import EXIT_OK

add_arguments = partial(
    add_options,
    request=Bench,
    epilog="A sharpened scene is held in memory until it is scored: 4 bytes per pixel and band.",
    methods=",".join(DEFAULT_METHODS),
    fine_tuned=",".join(ADAPTING),
    toolbox_cut=TOOLBOX_CUT,
)


def run(args: argparse.Namespace) -> int:
    """Measure, and print the tables, which are Markdown."""
    print(carry_out(perform, request_of(Bench, args))["table"], end="")
    return EXIT_OK
