# SPDX-License-Identifier: GPL-2.0-or-later
"""The error that a method is expected to have on the scene, from its error in the test.

The test judges by the scale below, and not all methods alike: a scene fit and a fine-tuned network
are judged on the pixels that they were fitted on, and a classical method that leads there, leads
less often at the scale above. How much is told by scenes on which the error at both scales is
known: ``python -m experiments selection`` prints it, each set judged by what the others say, and
``experiments tuning --guard`` what becomes of fine-tuning.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.methods.classical import Exp
from core.methods.registry import METHODS, PUBLISHED
from core.methods.scene_fit import SceneFit


@dataclass(frozen=True)
class SelectionRule:
    """Corrections of the errors of the test.

    published, fitted : factor for the methods of the literature, and for the scene fit.
    kept : share of the gain of fine-tuning, in logarithms, that holds at the scale above.
    believed : least error of a fine-tuned network, over that of the plain one, that is believed.
        One with less has learnt what holds at the scale of the test alone, and errs more above.
    """

    published: float = 1.5
    fitted: float = 1.12
    kept: float = 0.2
    believed: float = 0.9

    def expected(self, errors: Mapping[str, float]) -> dict[str, float]:
        """Return the expected error of each method, from those of the test."""
        return {name: self._expected(name, errors) for name in errors}

    def select(self, errors: Mapping[str, float], given_back: Mapping[str, float]) -> str | None:
        """Return the sharpening method with the least expected error; None where there is none.

        One that gives MS back worse than interpolation does, by its error `given_back`, is taken
        only where all do.
        """
        expected = self.expected(errors)
        expected.pop(Exp.name, None)
        most = given_back.get(Exp.name, math.inf)
        able = [name for name in expected if given_back.get(name, 0.0) <= most] or list(expected)
        return min(able, key=expected.__getitem__) if able else None

    def too_good(self, plain: float, fine_tuned: float) -> bool:
        """Tell whether the error of a fine-tuned network is too small to be believed."""
        return fine_tuned < self.believed * plain

    def _expected(self, name: str, errors: Mapping[str, float]) -> float:
        plain = METHODS[name].fine_tunes if name in METHODS else None
        if plain and plain in errors:
            gain = errors[name] / errors[plain] if errors[plain] else 1.0
            kept = -self.kept if self.too_good(errors[plain], errors[name]) else self.kept
            return self._expected(plain, errors) * gain**kept
        if name in PUBLISHED:
            return self.published * errors[name]
        return (self.fitted if name == SceneFit.name else 1.0) * errors[name]


def error(scores: Mapping[str, float]) -> float:
    """Return one number for the error of a method: geometric mean of ERGAS, SAM and 1 - Q2n."""
    parts = [scores["ERGAS"], scores["SAM"], 1.0 - scores["Q2n"]]
    # One band has no angle, and a scene full of holes has no block for Q2n.
    finite = [max(part, 0.0) for part in parts if math.isfinite(part)]
    return float(np.prod(finite) ** (1 / len(finite))) if finite else math.inf
