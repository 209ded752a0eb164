# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel-space modulation: a global prior and local features shape a convolution's weights.

KSDiff (arXiv 2505.18991): the final kernel is W1 = W0 * W (element-wise) with a learned base
kernel W0 and a Tucker product

    W[i,o,k,l] = sum_abcd G[a,b,c,d] U1[a,i] U2[b,o] U3[c,k] U4[d,l].

The core G comes from the prior, the factors U1..U4 from the layer's input features.

Batches are grouped: a batch of ``K * S`` windows holds K windows of each of S scenes, window-major
(index ``k * S + s``). Features are averaged over a scene's K windows, so all of them share one
kernel. ``K = 1`` is the usual kernel per sample, ``S = 1`` one kernel for a whole scene.

`MLPGenerator` is the paper's counter-example "w/o Structure-Aware" (Table 4).
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Ranks = tuple[int, int, int, int]
Generator = Literal["tucker", "mlp"]


def scene_mean(x: Tensor, scenes: int) -> Tensor:
    """Mean over positions and over each scene's windows: (K*S, C, H, W) -> (S, C)."""
    return x.mean(dim=(2, 3)).unflatten(0, (-1, scenes)).mean(dim=0)


def tucker(core: Tensor, u1: Tensor, u2: Tensor, u3: Tensor, u4: Tensor) -> Tensor:
    """Dense kernels, torch layout: (S, r1..r4), (S, r_n, d_n) -> (S, Cout, Cin, kh, kw)."""
    return torch.einsum("nabcd,nai,nbo,nck,ndl->noikl", core, u1, u2, u3, u4)


def tucker_depthwise(core: Tensor, u1: Tensor, u2: Tensor, u3: Tensor, u4: Tensor) -> Tensor:
    """The diagonal i = o of `tucker`: (S, C, 1, kh, kw).

    A depth-wise convolution is a dense one whose base kernel is zero off the diagonal, so only
    the diagonal of W is ever used. Contracted in steps, to stay cheap and exportable.
    """
    spatial = torch.einsum("nabcd,nck,ndl->nabkl", core, u3, u4)
    channels = torch.einsum("naj,nbj->njab", u1, u2)
    return torch.einsum("njab,nabkl->njkl", channels, spatial).unsqueeze(2)


class KernelGenerator(nn.Module):
    """The modulation W of one layer, from the prior e and the mean of the layer's input.

    Parameters
    ----------
    shape : (Cin, Cout, kh, kw) of the dense kernel (for depth-wise layers Cin = Cout).
    ranks : Tucker ranks; each is clipped to its mode's size.
    c_z : length of the prior e.
    """

    def __init__(
        self,
        shape: tuple[int, int, int, int],
        ranks: Ranks,
        c_z: int,
        depthwise: bool,
        core_hidden: int = 64,
        init_noise: float = 0.1,
    ) -> None:
        super().__init__()
        self.shape = shape
        self.depthwise = depthwise
        self.ranks = tuple(min(r, d) for r, d in zip(ranks, shape, strict=True))
        size = math.prod(self.ranks)
        hidden = max(shape[0] // 4, 16)
        self.core = nn.Sequential(nn.Linear(c_z, core_hidden), nn.GELU())
        self.core_head = nn.Linear(core_hidden, size)
        self.shared = nn.Sequential(nn.Linear(shape[0], hidden), nn.GELU())
        heads = [nn.Linear(hidden, r * d) for r, d in zip(self.ranks, shape, strict=True)]
        self.heads = nn.ModuleList(heads)
        # W starts near 1, so training starts at the base kernel; without noise on the biases all
        # rank components would receive the same gradient and never separate.
        for head in heads:
            nn.init.normal_(head.weight, std=1e-3)
            nn.init.normal_(head.bias, mean=1.0, std=init_noise)
        nn.init.normal_(self.core_head.weight, std=1e-3)
        nn.init.normal_(self.core_head.bias, mean=1.0 / size, std=init_noise / size)

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        """(S, Cin), (S, C_z) -> W (S, Cout, Cin or 1, kh, kw)."""
        core = self.core_head(self.core(prior)).unflatten(1, self.ranks)
        hidden = self.shared(features)
        factors = [
            head(hidden).unflatten(1, (r, d))
            for head, r, d in zip(self.heads, self.ranks, self.shape, strict=True)
        ]
        return (tucker_depthwise if self.depthwise else tucker)(core, *factors)


class MLPGenerator(nn.Module):
    """The modulation W of one layer from the prior alone, entry by entry, without structure.

    As many hidden features as the core of `KernelGenerator` has; W starts at 1 here too.
    """

    def __init__(self, shape: tuple[int, ...], c_z: int, hidden: int = 64) -> None:
        super().__init__()
        self.shape = shape
        self.inward = nn.Sequential(nn.Linear(c_z, hidden), nn.GELU())
        self.outward = nn.Linear(hidden, math.prod(shape))
        nn.init.normal_(self.outward.weight, std=1e-3)
        nn.init.ones_(self.outward.bias)

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        """(S, Cin), which is not looked at, and (S, C_z) -> W (S, *shape)."""
        return self.outward(self.inward(prior)).unflatten(1, self.shape)


class KSConv2d(nn.Module):
    """A 'same' convolution whose kernel may be modulated.

    Without a prior it is a plain convolution with the same parameter names, so a modulated
    network, once its kernels are known, becomes a plain one by replacing ``weight``.

    Parameters
    ----------
    ranks : Tucker ranks; None makes a plain convolution.
    c_z : length of the prior.
    generator : what makes the modulation; ``mlp`` takes no ranks into account.
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
        generator: Generator = "tucker",
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.groups = cin if depthwise else 1
        plain = nn.Conv2d(cin, cout, kernel, padding=kernel // 2, groups=self.groups, bias=bias)
        self.padding = kernel // 2
        self.weight = plain.weight
        self.bias = plain.bias
        self.generator: nn.Module | None = None
        if ranks and generator == "mlp":
            self.generator = MLPGenerator(tuple(plain.weight.shape), c_z)
        elif ranks:
            self.generator = KernelGenerator((cin, cout, kernel, kernel), ranks, c_z, depthwise)

    def kernels(self, x: Tensor, prior: Tensor) -> Tensor:
        """W1 = W0 * W of each scene: (K*S, Cin, H, W), (S, C_z) -> (S, Cout, Cin/groups, k, k)."""
        if self.generator is None:
            raise ValueError("this layer has no kernel generator")
        # Products of many small numbers: half precision would cost accuracy and save nothing.
        with torch.autocast(x.device.type, enabled=False):
            features = scene_mean(x.float(), prior.shape[0])
            return self.weight * self.generator(features, prior.float())

    def forward(
        self, x: Tensor, prior: Tensor | None = None, found: list[Tensor] | None = None
    ) -> Tensor:
        """Convolve; with `found` given, append the kernels that were used."""
        if self.generator is None or prior is None:
            return F.conv2d(x, self.weight, self.bias, padding=self.padding, groups=self.groups)
        kernels = self.kernels(x, prior)
        if found is not None:
            found.append(kernels)
        scenes = prior.shape[0]
        if scenes == 1:
            return F.conv2d(x, kernels[0], self.bias, padding=self.padding, groups=self.groups)
        # One grouped convolution: the scenes side by side as channels, their windows as batch.
        stacked = x.unflatten(0, (-1, scenes)).flatten(1, 2)
        y = F.conv2d(
            stacked, kernels.flatten(0, 1), padding=self.padding, groups=scenes * self.groups
        )
        y = y.unflatten(1, (scenes, -1)).flatten(0, 1)
        return y if self.bias is None else y + self.bias[:, None, None]


def kernel_names(network: nn.Module) -> list[str]:
    """Names of a network's modulated weights, in the order in which `found` collects them.

    The modules of a network must be registered in the order in which they run.
    """
    return [
        f"{name}.weight"
        for name, module in network.named_modules()
        if isinstance(module, KSConv2d) and module.generator is not None
    ]
