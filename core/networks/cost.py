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
from core.networks.ksdiff import KSDiff, KSDiffConfig, fusion_network


def cost(config: KSDiffConfig, height: int, width: int) -> dict[str, tuple[int, int]]:
    """(parameters, MACs) of `PLFE2`, `denoiser`, `generators` and `network` for one image.

    The image of `height` x `width` PAN px is one window; a network for any number of bands gets
    four. The denoiser's MACs are those of all its steps. Without a prior there is `network` alone.
    The network runs once, so this takes as long and as much memory as sharpening such an image.
    """
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


def _parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def _macs(run: Callable[[], Tensor]) -> int:
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() // 2
