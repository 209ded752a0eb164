# SPDX-License-Identifier: GPL-2.0-or-later
"""KSDiff on a whole scene: kernels from scattered windows, then a plain network for each tile.

The prior and the features of the generators are means over pixels. After `prepare` the kernels
W1 = W0 * W are constants of the scene in the fusion graph: `fuse` costs as much as the network
without modulation, and does not depend on the position of the tile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from core.imaging.arrays import Image
from core.methods.interface import OnStep
from core.methods.network_inputs import Inputs
from core.methods.network_method import NetworkContext, NetworkMethod
from core.methods.scene_network import SEEN
from core.models import modelfile
from core.models.onnx_session import Graph
from core.progress import Progress
from core.raster.window import Window

if TYPE_CHECKING:
    from core.networks.pannext import PanNeXtU


@dataclass(frozen=True)
class FusionNetwork:
    """The fusion network with weights of the scene by name: its kernels or, fine-tuned, all."""

    graph: Graph
    weights: Mapping[str, Image]

    @property
    def device(self) -> str:
        """``cpu`` or ``cuda``."""
        return self.graph.device

    def __call__(
        self, inputs: Mapping[str, Image], window: Window, *, on_step: OnStep | None = None
    ) -> Image:
        """Return HRMS (C, H, W), normalised; the window is not used."""
        (hrms,) = self.graph.run(**{name: value[None] for name, value in inputs.items()})
        return cast(Image, hrms[0])


class KSDiffMethod(NetworkMethod[FusionNetwork]):
    """KSDiff with a model file; see `NetworkMethod`."""

    method = "ksdiff"
    share = 0.4
    part = 600
    input_names = ("pan", "lms", "gain", "details")

    def receptive_field(self) -> float:
        """Return the receptive field of the network (radius, PAN px), as far as it matters."""
        return SEEN * self.card.receptive

    def calibrate(self, windows: Inputs, progress: Progress) -> FusionNetwork:
        """Return the fusion network with the kernels generated from the windows (K, ...)."""
        progress(0.0, "Diffusing the prior, making the kernels")
        return self.with_kernels(self.context_graph(), windows, self.settings.seed)

    def context_graph(self) -> Graph:
        """Load the graph that generates the kernels."""
        return Graph(self.model.graph("context"), self.settings.device, alone=True)

    def with_kernels(self, context_graph: Graph, windows: Inputs, seed: int) -> FusionNetwork:
        """Return the fusion network with the kernels of windows; `seed` is that of the prior."""
        noise = np.random.default_rng(seed).standard_normal((1, *self.card.latent), np.float32)
        kernels = context_graph.run(**windows, noise=noise)
        return self._fusion(dict(zip(self.card.kernels, kernels, strict=True)))

    def _fusion(self, weights: Mapping[str, Image]) -> FusionNetwork:
        return FusionNetwork(self.graph("fuse", weights), weights)

    def to_torch(self, context: NetworkContext[FusionNetwork]) -> PanNeXtU:
        """Return the fusion network with the scene's kernels."""
        import torch

        from core.networks.ksdiff import KSDiffConfig, fusion_network

        net = fusion_network(KSDiffConfig.from_json(self.card.network), plain=True)
        stored = {
            name.removeprefix("net."): value
            for name, value in modelfile.read_weights(self.model.path).items()
            if name.startswith("net.") and ".generator." not in name
        }
        stored.update(context.network.weights)
        net.load_state_dict({name: torch.tensor(value) for name, value in stored.items()})
        return net

    def with_weights(
        self, context: NetworkContext[FusionNetwork], weights: Mapping[str, Image]
    ) -> NetworkContext[FusionNetwork]:
        """Return the context with these weights of the fusion network."""
        return replace(context, network=self._fusion(weights))
