# SPDX-License-Identifier: GPL-2.0-or-later
"""Estimate a run before the first of its kind here, from measurements on another machine.

The numbers are those of docs/performance.md and docs/gpu.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..language import later, tr
from . import methods


@dataclass(frozen=True)
class Machine:
    """A machine on which rates were measured.

    Parameters
    ----------
    title : what dialogs call it.
    rates : of each method.
    comparison_s, classical_comparison_s : seconds in which the methods are compared on a scene, all
        or the classical ones, with four and with eight bands.
    comparison_gb : of the process that compares all (GB of 2^30 bytes).
    """

    title: str
    rates: dict[str, Rate]
    comparison_s: tuple[float, float]
    classical_comparison_s: tuple[float, float]
    comparison_gb: tuple[float, float]


@dataclass(frozen=True)
class Rate:
    """Seconds of a whole process, and the most memory that it takes.

    Parameters
    ----------
    fixed_s : for any scene.
    megapixel_s : for a million PAN pixels with four and with eight bands.
    gigabytes : with four and with eight bands (GB of 2^30 bytes).
    """

    fixed_s: float
    megapixel_s: tuple[float, float]
    gigabytes: tuple[float, float]

    def seconds(self, megapixels: float, bands: int) -> float:
        return self.fixed_s + _at(self.megapixel_s, bands) * megapixels

    def memory(self, bands: int) -> float:
        """Return bytes; of fewer than four bands as of four."""
        return _at(self.gigabytes, max(bands, 4)) * 2**30


def _at(of_four_and_eight: tuple[float, float], bands: int) -> float:
    """Return a value for a number of bands, in proportion between four and eight and beyond."""
    four, eight = of_four_and_eight
    return four + (eight - four) * (bands - 4) / 4


# From 1024 x 1024 and 8192 x 8192 pixels; memory is that of the larger scene.
TWO_CORES = Machine(
    later("two processor cores"),
    {
        "bdsd-pc": Rate(1.0, (0.130, 0.241), (0.38, 0.47)),
        "mtf-glp-fs": Rate(0.9, (0.194, 0.363), (0.39, 0.53)),
        methods.SCENE_FIT: Rate(1.2, (0.154, 0.277), (0.37, 0.46)),
        methods.KSDIFF: Rate(2.9, (1.105, 1.745), (1.28, 1.83)),
        methods.SRINO: Rate(4.0, (2.763, 4.273), (1.14, 1.91)),
    },
    comparison_s=(6.2, 10.9),
    classical_comparison_s=(2.5, 4.5),
    comparison_gb=(1.68, 2.84),
)
# One scene, 4096 x 4096 with four bands: preparing, and tiles. Comparing was not measured there.
GPU = Machine(
    later("a data centre's GPU (NVIDIA H100)"),
    {
        methods.KSDIFF: Rate(10.5, (0.139, 0.139), (3.8, 3.8)),
        methods.SRINO: Rate(13.2, (0.287, 0.287), (6.1, 6.1)),
    },
    comparison_s=TWO_CORES.comparison_s,
    classical_comparison_s=TWO_CORES.classical_comparison_s,
    comparison_gb=(6.1, 6.1),
)
# The slowest of the classical methods that were measured; no other one took more
# than about a fifth more processor time.
_SLOWEST_CLASSICAL = "mtf-glp-fs"


@dataclass(frozen=True)
class First:
    """Seconds and bytes of memory to expect, and where that was measured."""

    seconds: float
    memory: float
    machine: str


def first(
    method: str, *, compared: bool, tuning_s: float, pixels: int, bands: int, gpu: bool
) -> First:
    """Estimate a run of a kind that was not made on this machine yet.

    Parameters
    ----------
    method : as in a request; `auto` is estimated as the slowest method that it may select.
    compared : whether the methods are compared first.
    tuning_s : seconds for fine-tuning, which may be spent twice.
    pixels, bands : of the result.
    gpu : whether a network would run on a GPU.
    """
    networks = method in (methods.AUTO, *methods.NETWORKS)
    machine = GPU if gpu and networks else TWO_CORES
    taken = methods.SRINO if method == methods.AUTO else method
    rate = machine.rates.get(taken) or TWO_CORES.rates[_SLOWEST_CLASSICAL]
    seconds = rate.seconds(pixels / 1e6, bands) + (2 * tuning_s if networks else 0.0)
    compared |= method in (methods.AUTO, methods.CLASSICAL_AUTO)
    if compared:
        of_pair = machine.comparison_s if networks else machine.classical_comparison_s
        seconds += _at(of_pair, bands)
    memory = rate.memory(bands)
    if networks and compared:  # two networks are run at a time then
        memory = max(memory, _at(machine.comparison_gb, max(bands, 4)) * 2**30)
    return First(seconds, memory, tr(machine.title))
