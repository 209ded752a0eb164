# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``cluster``."""

from __future__ import annotations

import argparse
from functools import partial

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.cluster import perform
from core.language import counted
from core.requests.jobs import Cluster
from core.worker.protocol import EXIT_OK

add_arguments = partial(add_options, request=Cluster)


def run(args: argparse.Namespace) -> int:
    """Do the job, and print the files."""
    done = carry_out(perform, request_of(Cluster, args))
    print("\n".join([*done["files"], *done["mosaics"], str(done["manifest"])]))
    print(f"{counted(done['done'], 'part')} in {done['seconds']:.1f} s.")
    return EXIT_OK
