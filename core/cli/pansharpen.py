# SPDX-License-Identifier: GPL-2.0-or-later
"""The command ``pansharpen``."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import TypeVar

from core.cli.console import carry_out
from core.cli.options import add_options, request_of
from core.commands.pansharpen import perform
from core.fusion import comparison
from core.fusion.method_selection import reason
from core.language import counted
from core.methods.registry import METHODS
from core.requests.scenes import FINE_TUNING_SECONDS, Pansharpen, Sharpening
from core.worker.protocol import EXIT_OK

R = TypeVar("R", bound=Sharpening)

add_arguments = partial(add_options, request=Pansharpen, methods=", ".join(METHODS))


def run(args: argparse.Namespace) -> int:
    """Sharpen, and print where the result is."""
    request = request_from(args)
    done = carry_out(perform, request)
    why = f"By {done['method']}: {reason(request.method, done['scene_test'], done['method'])}."
    if done["scene_test"]:
        print("\n".join([why, *comparison.lines(done["scene_test"])]))
    bands, tiles = counted(done["bands"], "band"), counted(done["tiles"], "tile")
    print(f"{done['out']}: {bands}, {tiles}, {done['seconds']:.1f} s. {why}")
    if done["spread"]:
        print(f"{done['spread']}: half-width of the 90 % interval of each pixel and band, DN")
    return EXIT_OK


def request_from(args: argparse.Namespace) -> Pansharpen:
    """Return the request; a report needs the comparison, and fine-tuning needs time."""
    request = with_fine_tuning_time(request_of(Pansharpen, args), args)
    return replace(request, scene_test=True) if request.report else request


def with_fine_tuning_time(request: R, args: argparse.Namespace) -> R:
    """Return a request that gives a fine-tuned method the usual time where none was given."""
    tuned = request.method in METHODS and METHODS[request.method].fine_tunes
    if tuned and not hasattr(args, "adapt"):
        return replace(request, adapt=FINE_TUNING_SECONDS)
    return request
