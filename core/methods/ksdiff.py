# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff on a whole scene: kernels once from scattered windows, then a plain network per tile.

The prior and the generators' features are means over pixels. After `prepare` the kernels
W1 = W0 * W are constants of the scene, folded into the fusion graph: `fuse` costs what the
unmodulated network costs, and does not know where its tile came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from core.imaging.arrays import Image
from core.methods.network_method import LearnedContext, LearnedMethod
from core.models import modelfile
from core.models.onnx_session import Graph
from core.progress import Progress
from core.raster.window import Window

if TYPE_CHECKING:
    from core.networks.pannext import PanNeXtU


@dataclass(frozen=True)
class Folded:
    """The fusion network with weights of the scene in it, its kernels or all of them, by name."""

    graph: Graph
    weights: Mapping[str, Image]

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda``."""
        return self.graph.device

    def __call__(self, inputs: Mapping[str, Image], window: Window) -> Image:
        """HRMS (C, H, W), wherever the window lies."""
        (hrms,) = self.graph.run(**{name: value[None] for name, value in inputs.items()})
        return cast(Image, hrms[0])


class KSDiffMethod(LearnedMethod):
    """KSDiff with a model file; see `LearnedMethod`."""

    name = "ksdiff"
    takes = ("pan", "lms", "gain", "details")

    def reach(self) -> int:
        """How far (PAN px) the fusion network looks."""
        return self.card.receptive

    def sharpener(self, windows: dict[str, Image], progress: Progress) -> Folded:
        """The fusion network with the kernels that the windows make."""
        progress(0.0, "Diffusing the prior, making the kernels")
        return self._modulated(Graph(self.model.graph("context"), self.device), windows, self.seed)

    def _modulated(self, maker: Graph, windows: dict[str, Image], seed: int) -> Folded:
        """The same; `maker` makes the kernels, and `seed` is that of the prior's noise."""
        noise = np.random.default_rng(seed).standard_normal((1, *self.card.latent), np.float32)
        found = maker.run(**windows, noise=noise)
        return self._folded(dict(zip(self.card.kernels, found, strict=True)))

    def _folded(self, weights: Mapping[str, Image]) -> Folded:
        return Folded(Graph(self.model.graph("fuse"), self.device, weights), weights)

    def trainable(self, context: LearnedContext) -> PanNeXtU:
        """The fusion network with the scene's kernels."""
        import torch

        from core.networks.ksdiff import KSDiffConfig
        from core.networks.pannext import PanNeXtU

        config = KSDiffConfig.from_json(self.card.network)
        net = PanNeXtU(config.bands, config.unet_dims, config.unet_depths, None, config.c_z)
        stored = {
            name.removeprefix("net."): value
            for name, value in modelfile.read_weights(self.model.path).items()
            if name.startswith("net.") and ".generator." not in name
        }
        stored.update(cast(Folded, context.network).weights)
        net.load_state_dict({name: torch.tensor(value) for name, value in stored.items()})
        return net

    def adopted(self, context: LearnedContext, weights: Mapping[str, Image]) -> LearnedContext:
        """The context whose fusion network has these weights."""
        return replace(context, network=self._folded(weights))
