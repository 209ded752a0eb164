# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``folder``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.cli.pansharpen import with_fine_tuning_time
from core.commands import folder
from core.methods.registry import METHODS
from core.requests.scenes import Folder
from core.worker.protocol import EXIT_ERROR, EXIT_OK

add_arguments = partial(
    add_options,
    request=Folder,
    epilog=(
        "Started again with the same options, it continues where it was stopped. It exits with 1 "
        "if a pair was not sharpened."
    ),
    methods=", ".join(METHODS),
)


def run(args: argparse.Namespace) -> int:
    """Show the plan, sharpen all pairs, and print the summary."""
    request = with_fine_tuning_time(request_of(Folder, args), args)
    done = carry_out(partial(folder.perform, show=_show), request)
    if not request.dry_run:
        print(done["table"])
    return EXIT_ERROR if done["failed"] else EXIT_OK


def _show(rows: Sequence[folder.Row]) -> None:
    print("\n".join(folder.plan_lines(rows)), flush=True)
