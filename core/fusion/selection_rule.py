# SPDX-License-Identifier: GPL-2.0-or-later
"""The error that a method is expected to have on the scene, from its error in the test.

The test judges by the scale below, and not all methods alike: a scene fit and a fine-tuned network
are judged on the pixels that they were fitted on, and a classical method that leads there, leads
less often at the scale above. How much is told by scenes on which the error at both scales is
known: ``python -m experiments selection`` prints it, each set judged by what the others say.
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
    """

    published: float = 1.5
    fitted: float = 1.12
    kept: float = 0.2

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

    def _expected(self, name: str, errors: Mapping[str, float]) -> float:
        plain = METHODS[name].fine_tunes if name in METHODS else None
        if plain and plain in errors:
            gain = errors[name] / errors[plain] if errors[plain] else 1.0
            return self._expected(plain, errors) * gain**self.kept
        if name in PUBLISHED:
            return self.published * errors[name]
        return (self.fitted if name == SceneFit.name else 1.0) * errors[name]


def error(scores: Mapping[str, float]) -> float:
    """Return one number for the error of a method: geometric mean of ERGAS, SAM and 1 - Q2n."""
    parts = [scores["ERGAS"], scores["SAM"], 1.0 - scores["Q2n"]]
    # One band has no angle, and a scene full of holes has no block for Q2n.
    finite = [max(part, 0.0) for part in parts if math.isfinite(part)]
    return float(np.prod(finite) ** (1 / len(finite))) if finite else math.inf
