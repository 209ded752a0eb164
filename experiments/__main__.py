# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiments: ``python -m experiments EXPERIMENT ...``.

Each is a folder of its name here with a module ``command``, as those of `core.cli` are.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.__main__ import run_command

EXPERIMENTS = {
    "ablate": "train the papers' ablations alike and compare them",
    "blur": "compare the blur that SRINO's f_KE tells with the true one",
    "cluster": "measure the throughput of a job over the number of workers",
    "cost": "count the parameters and operations of each part of a network",
    "displaced": "measure what a displaced PAN costs",
    "error_bar": "measure how many errors the error bar covers",
    "growth": "measure time and memory of SRINO's operator over the size of the image",
    "regimes": "compare what a learned method can know a scene from",
    "shapes": "draw the error of the network's shapes over their speed",
    "seams": "measure steps of colour between scenes, with a fit for each and one for all",
    "steps": "compare SRINO in one and in several steps",
    "tuning": "measure what fine-tuning to a scene changes, at reduced and at full resolution",
    "kernels": "give a trained KSDiff the kernels of other scenes, or fixed ones",
    "speed": "measure time and memory of whole processes, file to file",
    "selection": "compare what the scene test selects with what is best",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one experiment. Returns the exit code."""
    return run_command("experiments", EXPERIMENTS, "experiments.{}.command", arguments)


if __name__ == "__main__":
    sys.exit(main())
