# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``collect``."""

from __future__ import annotations

import argparse
from functools import partial

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.collect import perform
from core.requests.jobs import Collect
from core.worker.protocol import EXIT_OK

add_arguments = partial(add_options, request=Collect)


def run(args: argparse.Namespace) -> int:
    """Collect, and print the files."""
    done = carry_out(perform, request_of(Collect, args))
    print("\n".join([*done["files"], *done["mosaics"]]))
    print(done["manifest"] or "Other scenes are not collected yet: there is no manifest.")
    return EXIT_OK
