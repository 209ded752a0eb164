# SPDX-License-Identifier: GPL-2.0-or-later
"""The methods by name; this imports all of them, torch only for fine-tuning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from core.errors import InputError, ModelError
from core.methods.classical import CLASSICAL
from core.methods.interface import Method
from core.methods.ksdiff import KSDiffMethod
from core.methods.network_method import LearnedMethod
from core.methods.srino import SRINOMethod

if TYPE_CHECKING:
    from core.methods.fine_tuning import Adapted


#: Methods with a network, as the literature writes them.
LEARNED = {"ksdiff": "KSDiff", "srino": "SRINO"}


def adapted(name: str) -> str:
    """What a learned method is called that adapts to the scene."""
    return f"{name}-adapted"


#: Of those that adapt to the scene, the methods they are without.
PLAIN = {adapted(name): name for name in LEARNED}
METHODS = (*(each for name in LEARNED for each in (name, adapted(name))), *CLASSICAL)


def create(
    name: str,
    *,
    ratio: float,
    gains: Sequence[float] | None = None,
    model: str | None = None,
    device: str = "auto",
    seed: int = 0,
    adapt: float = 60.0,
    steps: int | None = None,
) -> Method:
    """A method by name, for scenes of a ratio.

    `gains` are the MTF of each MS band at its Nyquist frequency; by default the generic sensor's.

    `adapt` is the time in seconds in which the adapted methods adapt to the scene; `steps` are
    those of SRINO's sampling, by default as many as its model wants.

    Raises InputError for an unknown name, ModelError for a model that cannot be used.
    """
    if name in CLASSICAL:
        return cast(Method, CLASSICAL[name](ratio, gains))
    if name not in METHODS:
        raise InputError("unknown-method", method=name, known=", ".join(METHODS))
    kind = _adapted() if name in PLAIN else None
    settings = ratio, model, device, seed, gains
    method: LearnedMethod = (
        KSDiffMethod(*settings)
        if PLAIN.get(name, name) == KSDiffMethod.name
        else SRINOMethod(*settings, steps)
    )
    return kind(method, adapt) if kind else method


def _adapted() -> type[Adapted]:
    """What trains, where there is torch: fusing goes without."""
    try:
        from core.methods.fine_tuning import Adapted
    except ModuleNotFoundError as error:
        raise ModelError("fine-tuning-needs-package", package=error.name) from error
    return Adapted
