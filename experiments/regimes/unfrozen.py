# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO with nothing frozen: at every step its means over pixels are those of the image itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor

from core.imaging.arrays import Image
from core.methods.interface import OnStep
from core.methods.noise import normal
from core.methods.srino import SRINOMethod
from core.models import modelfile
from core.networks.batch import Batch
from core.networks.srino import SRINO, SRINOConfig
from core.raster.window import Window


class Unfrozen:
    """The network as it was trained, on images at once, with the noise of their place.

    Parameters
    ----------
    method : whose model, steps, seed and limits these are; its model is for any number of bands.
    """

    def __init__(self, method: SRINOMethod, device: str) -> None:
        self.method, self.device = method, device
        net = SRINO(SRINOConfig.from_json(method.card.network))
        stored = modelfile.read_weights(method.model.path)
        net.load_state_dict({name: torch.tensor(value) for name, value in stored.items()})
        self.net = net.to(self.device).eval()

    def __call__(
        self,
        inputs: Mapping[str, Image],
        window: Window,
        *,
        on_step: OnStep | None = None,
    ) -> Image:
        """Return HRMS (C, H, W)."""
        method, lms = self.method, inputs["lms"][None]
        noise = normal(method.settings.seed, lms.shape[1], window)[None]
        low, high = (self._tensor(limit) for limit in method.chain(lms).limits(lms))
        given = {name: self._tensor(value[None]) for name, value in inputs.items()}
        batch = Batch(**given, gt=given["lms"], scenes=1)
        with torch.inference_mode():
            image = self.net.sample(batch, self._tensor(noise), method.steps, (low, high))
        return cast(Image, image[0].cpu().numpy())

    def _tensor(self, values: Image) -> Tensor:
        return torch.from_numpy(values).to(self.device)
