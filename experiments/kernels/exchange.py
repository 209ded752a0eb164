# SPDX-License-Identifier: GPL-2.0-or-later
"""A trained KSDiff with other kernels than those that it makes for a scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import torch
from torch import Tensor

from core.models import modelfile
from core.models.modelfile import ModelFile
from core.networks.batch import Batch
from core.networks.ksdiff import KSDiff, KSDiffConfig, fusion_network

Kernels = dict[str, Tensor]
"""The modulated weights of the fusion network by name, of one scene."""


class Exchange:
    """The networks of a model file: one that makes kernels, and one that is given them."""

    def __init__(self, model: ModelFile) -> None:
        config = KSDiffConfig.from_json(model.card.network)
        stored = {k: torch.from_numpy(v) for k, v in modelfile.read_weights(model.path).items()}
        self.config = config
        self.net = KSDiff(config).eval()
        self.net.load_state_dict(stored)
        plain = self.net.net.state_dict()
        self.given = fusion_network(config, plain=True).eval()
        self.given.load_state_dict({k: v for k, v in plain.items() if ".generator." not in k})
        self.noise = torch.randn(
            1, config.tokens, config.c_z, generator=torch.Generator().manual_seed(0)
        )

    def of(self, scene: Batch) -> Kernels:
        """Return the kernels that the windows of one scene give."""
        with torch.no_grad():
            made = self.net.scene_kernels(
                scene.pan, scene.lms, scene.gain, scene.details, self.noise
            )
        return dict(zip(self.net.net.kernel_names(), made, strict=True))

    def sharpen(self, batch: Batch, choose: Callable[[Batch], Kernels]) -> Tensor:
        """Return the images (B, C, H, W) of a batch, each scene with the kernels chosen for it."""
        image = torch.empty_like(batch.gt)
        for number, scene in enumerate(by_scene(batch)):
            inputs = scene.pan, scene.lms, scene.gain, scene.details
            image[number :: batch.scenes] = torch.func.functional_call(
                self.given, choose(scene), inputs
            )
        return image


def by_scene(batch: Batch) -> list[Batch]:
    """Return a batch of each scene's windows."""
    names = [each.name for each in fields(batch) if each.name not in ("scenes", "seen")]
    return [
        replace(
            batch,
            scenes=1,
            seen=None,
            **{name: getattr(batch, name)[scene :: batch.scenes] for name in names},
        )
        for scene in range(batch.scenes)
    ]


def mean(kernels: Sequence[Kernels]) -> Kernels:
    """Return the mean kernels of several scenes."""
    return {name: torch.stack([each[name] for each in kernels]).mean(0) for name in kernels[0]}


def spread(kernels: Sequence[Kernels]) -> float:
    """Return how far the kernels of scenes are from their mean, relative to it, all weights."""
    middle = mean(kernels)
    flat, centre = (
        torch.stack([torch.cat([each[name].flatten() for name in middle]) for each in of])
        for of in (kernels, [middle])
    )
    return float(((flat - centre).norm(dim=1) / centre.norm()).mean())
