# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:ksdiff`: sharpen with KSDiff, or with a method that is better on this scene."""

from __future__ import annotations

from typing import Any

from .. import paths
from ..language import tr
from ..runtime import environments, sizes
from . import methods
from . import parameters as p
from .network import NetworkAlgorithm
from .values import Values

_NETWORKS = (methods.KSDIFF, methods.SRINO)


class KSDiffAlgorithm(NetworkAlgorithm):
    """Sharpen a pair with KSDiff, or select the method by a comparison."""

    key = methods.KSDIFF
    summary = "Sharpens a multispectral image with a finer panchromatic one."
    keywords = "pansharpen,pan-sharpening,fusion,multispectral,satellite,deep learning,diffusion"
    compare_default = True

    def fine_tuning_default_s(self) -> int:
        # On a CPU it takes longer than everything else together.
        used = environments.usable(paths.home())
        return 60 if used is not None and used.size == sizes.GPU else 0

    def method_parameters(self) -> list[p.Parameter]:
        return [
            p.method_choice(
                [methods.AUTO, methods.SCENE_FIT, *_NETWORKS, methods.INTERPOLATION],
                methods.AUTO,
                "'auto' uses the method with the lowest expected error in the comparison on this "
                "scene. 'scene-fit' fits weights of PAN's details on the scene, in seconds. "
                "'ksdiff' and 'srino' always use that network. 'exp' only interpolates MS.",
            )
        ]

    def method(self, values: Values) -> str:
        return values.text(p.METHOD)

    def options_problem(self, values: Values) -> str:
        if self.method(values) == methods.AUTO and not values.flag(p.SCENE_TEST):
            return tr(
                "The method 'auto' (best for this scene) needs the comparison: tick 'Compare with "
                "the other methods', or choose another method."
            )
        return super().options_problem(values)

    def method_request(self, values: Values) -> dict[str, Any]:
        fields = super().method_request(values)
        if fields["method"] not in (methods.AUTO, *_NETWORKS):
            fields |= {"model": None, "scene_test": False}
        return fields
