# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel-space modulation: convolution kernels computed from a scene's prior and features.

KSDiff (arXiv 2505.18991): the kernel is W1 = W0 * W (element-wise) with a learned base kernel W0
and a Tucker product

    W[i,o,k,l] = sum_abcd G[a,b,c,d] U1[a,i] U2[b,o] U3[c,k] U4[d,l].

The core G is computed from the prior, the factors U1..U4 from the input features of the layer,
averaged over the K windows of a scene, which share one kernel (see `core.networks.batch.Batch`).
K = 1 is the usual kernel per sample, S = 1 one kernel for a whole scene.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.networks.batch import scene_mean

Ranks = tuple[int, int, int, int]

CORE_HIDDEN = 64  # hidden units of the layer that predicts the core
INIT_NOISE = 0.1  # standard deviation of the initial biases, of their mean


def tucker(core: Tensor, u1: Tensor, u2: Tensor, u3: Tensor, u4: Tensor) -> Tensor:
    """Return W of dense layers: (S, r1, r2, r3, r4), (S, r_n, d_n) -> (S, Cout, Cin, k, k)."""
    return torch.einsum("nabcd,nai,nbo,nck,ndl->noikl", core, u1, u2, u3, u4)


def tucker_depthwise(core: Tensor, u1: Tensor, u2: Tensor, u3: Tensor, u4: Tensor) -> Tensor:
    """Return the diagonal i = o of `tucker`: (S, C, 1, k, k).

    A depth-wise convolution is a dense one whose base kernel is zero off the diagonal, so that only
    the diagonal of W is used. Contracted in steps, which is cheap and can be exported.
    """
    spatial = torch.einsum("nabcd,nck,ndl->nabkl", core, u3, u4)
    channels = torch.einsum("naj,nbj->njab", u1, u2)
    return torch.einsum("njab,nabkl->njkl", channels, spatial).unsqueeze(2)


class KernelGenerator(nn.Module):
    """The modulation W of one layer, from the prior e and the mean of the layer's input.

    Parameters
    ----------
    shape : (Cin, Cout, kh, kw) of the dense kernel; Cin = Cout for depth-wise layers.
    ranks : Tucker ranks; each is clipped to its mode's size.
    c_z : length of the prior e.
    """

    def __init__(
        self, shape: tuple[int, int, int, int], ranks: Ranks, c_z: int, depthwise: bool
    ) -> None:
        super().__init__()
        self.shape = shape
        self.depthwise = depthwise
        self.ranks = tuple(min(r, d) for r, d in zip(ranks, shape, strict=True))
        size = math.prod(self.ranks)
        hidden = max(shape[0] // 4, 16)
        self.core = nn.Sequential(nn.Linear(c_z, CORE_HIDDEN), nn.GELU())
        self.core_head = nn.Linear(CORE_HIDDEN, size)
        self.shared = nn.Sequential(nn.Linear(shape[0], hidden), nn.GELU())
        heads = [nn.Linear(hidden, r * d) for r, d in zip(self.ranks, shape, strict=True)]
        self.heads = nn.ModuleList(heads)
        # W starts near 1, so that training starts at the base kernel. Without noise on the biases
        # all components would get the same gradient, and stay equal.
        for head in heads:
            nn.init.normal_(head.weight, std=1e-3)
            nn.init.normal_(head.bias, mean=1.0, std=INIT_NOISE)
        nn.init.normal_(self.core_head.weight, std=1e-3)
        nn.init.normal_(self.core_head.bias, mean=1.0 / size, std=INIT_NOISE / size)

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        """Return W: mean features (S, Cin), prior (S, C_z) -> (S, Cout, Cin or 1, k, k)."""
        core = self.core_head(self.core(prior)).unflatten(1, self.ranks)
        hidden = self.shared(features)
        factors = [
            head(hidden).unflatten(1, (r, d))
            for head, r, d in zip(self.heads, self.ranks, self.shape, strict=True)
        ]
        return (tucker_depthwise if self.depthwise else tucker)(core, *factors)


class KSConv2d(nn.Module):
    """A 'same' convolution whose kernel may be modulated.

    Its parameters have the names of a plain convolution's: a network whose kernels are computed
    becomes a plain one by replacing each ``weight``.

    Parameters
    ----------
    ranks : Tucker ranks; None for a plain convolution.
    c_z : length of the prior.
    """

    def __init__(
        self,
        cin: int,
        cout: int,
        kernel: int,
        *,
        depthwise: bool,
        ranks: Ranks | None,
        c_z: int,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.groups = cin if depthwise else 1
        plain = nn.Conv2d(cin, cout, kernel, padding=kernel // 2, groups=self.groups, bias=bias)
        self.padding = kernel // 2
        self.weight = plain.weight
        self.bias = plain.bias
        self.generator: nn.Module | None = None
        if ranks:
            self.generator = KernelGenerator((cin, cout, kernel, kernel), ranks, c_z, depthwise)

    def kernels(self, x: Tensor, prior: Tensor | None) -> Tensor | None:
        """Return W1 = W0 * W: (K*S, Cin, H, W), (S, C_z) -> (S, Cout, Cin/groups, k, k).

        None without a prior, or for a plain convolution.
        """
        if self.generator is None or prior is None:
            return None
        # Products of many small numbers: half precision would cost accuracy and save nothing.
        with torch.autocast(x.device.type, enabled=False):
            features = scene_mean(x.float().mean(dim=(2, 3)), prior.shape[0])
            return self.weight * self.generator(features, prior.float())

    def forward(self, x: Tensor, kernels: Tensor | None = None) -> Tensor:
        """Convolve with the scenes' kernels, or W0: (K*S, Cin, H, W) -> (K*S, Cout, H, W)."""
        if kernels is None:
            return F.conv2d(x, self.weight, self.bias, padding=self.padding, groups=self.groups)
        scenes = kernels.shape[0]
        if scenes == 1:
            return F.conv2d(x, kernels[0], self.bias, padding=self.padding, groups=self.groups)
        # One grouped convolution: scenes as groups of channels, windows as the batch.
        stacked = x.unflatten(0, (-1, scenes)).flatten(1, 2)  # (K, S*Cin, H, W)
        y = F.conv2d(
            stacked, kernels.flatten(0, 1), padding=self.padding, groups=scenes * self.groups
        )
        y = y.unflatten(1, (scenes, -1)).flatten(0, 1)  # (K*S, Cout, H, W)
        return y if self.bias is None else y + self.bias[:, None, None]


def kernel_names(network: nn.Module) -> list[str]:
    """Return the names of a network's modulated weights, in the order in which they run.

    The modules of a network must be registered in that order.
    """
    return [
        f"{name}.weight"
        for name, module in network.named_modules()
        if isinstance(module, KSConv2d) and module.generator is not None
    ]
