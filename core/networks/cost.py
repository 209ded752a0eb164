# SPDX-License-Identifier: GPL-2.0-or-later
"""What sharpening costs, part by part: parameters and multiply-accumulates (MACs).

Matrix products and convolutions are counted, element-wise operations are not.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from core.networks.bands import DETAILS
from core.networks.config import Batch
from core.networks.ksdiff import KSDiff, KSDiffConfig, fusion_network
from core.networks.srino import SRINO, SRINOConfig

Cost = dict[str, tuple[int, int]]


def cost(config: KSDiffConfig | SRINOConfig, height: int, width: int) -> Cost:
    """(parameters, MACs) of each part for one image.

    The image of `height` x `width` PAN px is one window; a network for any number of bands gets
    four. Parts of KSDiff are `PLFE2`, `denoiser`, `generators` and `network`, or without a prior
    `network` alone; those of SRINO `predictor` (with f_M2P), `blur`, `operator` and `adapters`,
    with the residuals. What runs in every step of a sampling counts as often. Networks run once,
    so this takes as long and as much memory as sharpening such an image does, or a step of it.
    """
    if isinstance(config, SRINOConfig):
        return _of_srino(config, height, width)
    return _of_ksdiff(config, height, width)


def _of_ksdiff(config: KSDiffConfig, height: int, width: int) -> Cost:
    bands = config.bands or 4
    pan, lms = (
        torch.zeros(1, config.pan_channels, height, width),
        torch.zeros(1, bands, height, width),
    )
    scene = (
        (torch.zeros(1, bands), torch.zeros(1, bands, DETAILS, height, width))
        if config.bands is None
        else (None, None)
    )
    plain = fusion_network(config, plain=True)
    network = (_parameters(plain), _macs(lambda: plain(pan, lms, *scene)))
    if not config.modulated:
        return {"network": network}
    model = KSDiff(config)
    z, t = torch.zeros(1, config.tokens, config.c_z), torch.zeros(1, dtype=torch.long)
    runs = config.steps if config.schedule == "compact" else min(config.ddim_steps, config.steps)
    modulated = _macs(lambda: model.net(pan, lms, *scene, model.prior(z, 1)))
    return {
        "PLFE2": (_parameters(model.plfe2), _macs(lambda: model.plfe2(pan, lms))),
        "denoiser": (_parameters(model.denoiser), runs * _macs(lambda: model.denoiser(z, t, z))),
        "generators": (_parameters(model.net) - network[0], modulated - network[1]),
        "network": network,
    }


def _of_srino(config: SRINOConfig, height: int, width: int) -> Cost:
    bands, details = config.bands or 4, DETAILS if config.bands is None else 0
    pan = torch.zeros(1, config.pan_channels, height, width)
    image, scene = torch.zeros(1, bands, height, width), torch.zeros(1, bands)
    batch = Batch(
        pan, image, scene, scene, torch.zeros(1, bands, details, height, width), image, scenes=1
    )
    model, t, abar = SRINO(config), torch.zeros(1, dtype=torch.long), torch.ones(1)
    with torch.no_grad():
        begun = model.beginning.run(pan, image, scene, scene, batch.details)
        kernels = model.ke(pan, image, 1)
    once = _macs(lambda: model.beginning(pan, image, scene, scene, batch.details))
    alone = _macs(lambda: model.operator(image, t, abar, image, image, 1))
    guided = _macs(
        lambda: model.denoise(image, t, image, begun, batch, model.residual(image, kernels, image))
    )
    runs = config.sampling
    return {
        "predictor": (_parameters(model.beginning), once),
        "blur": (_parameters(model.ke), _macs(lambda: model.ke(pan, image, 1))),
        "operator": (_parameters(model.operator), runs * alone),
        "adapters": (_parameters(model.adapters), runs * (guided - alone)),
    }


def _parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def _macs(run: Callable[[], Tensor]) -> int:
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() // 2
