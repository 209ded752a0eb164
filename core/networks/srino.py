# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO: a diffusion model whose denoiser is a neural operator, guided by residuals.

Huang et al., "Spatial-Spectral Residuals Informed Diffusion Neural Operator for Pan-sharpening",
CVPR 2026. What is diffused is X0 = H - L, the truth less LMS. Stage I trains the operator with the
truth as its condition, and two models of the sensor, f_M2P and f_KE. Stage II freezes all of them
and trains what guides the operator from PAN and LMS alone (eqs. 11 to 18):

    V = Phi([P, L, P - f_M2P(L)]),  H^ = conv(V) + L takes the place of the truth,
    before every layer an adapter brings in V and the residuals of the estimate of the step before.

Batches are window-major groups of scenes, see `core.networks.kernels`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

import torch
from torch import Tensor, nn

from core.networks.config import Batch, NetworkConfig
from core.networks.denoiser import Guide, OperatorDenoiser, ResidualBlock
from core.networks.diffusion import CosineSchedule
from core.networks.guidance import Adapter, AnyPanModel, BlurModel, PanModel, blurred
from core.networks.operators import Operator
from core.networks.pannext import PanNeXtU


@dataclass(frozen=True)
class SRINOConfig(NetworkConfig):
    """Sizes of every part. The defaults are the full-size method.

    ``bands`` is that of `NetworkConfig`.

    Parameters
    ----------
    layers, width, heads : of the operator.
    operator : ``galerkin``, or what the paper compares it with.
    stride : PAN px per pixel of the operator, for any number of bands; 1 for a fixed number.
    features, residual : channels of V, and of the projected residuals.
    unet_dims, unet_depths : of the auxiliary predictor for any number of bands.
    hidden : of f_M2P. kernel : px along the side of f_KE's kernels, odd.
    blur_widths : of f_KE.
    steps : T of the cosine schedule. sampling : how many of them are sampled, by default.
    scale : of what is diffused, which then has a deviation of about one.
    spatial, spectral : whether the residuals guide.

    Raises
    ------
    ValueError : for an unknown word, and for sizes that do not go together.
    """

    layers: int = 6
    width: int = 64
    heads: int = 8
    operator: Operator = "galerkin"
    stride: int = 1
    features: int = 32
    residual: int = 16
    unet_dims: tuple[int, ...] = (32, 64, 128)
    unet_depths: tuple[int, ...] = (2, 2, 2)
    hidden: int = 32
    kernel: int = 11
    blur_widths: tuple[int, int, int, int] = (32, 32, 64, 128)
    steps: int = 500
    sampling: int = 25
    scale: float = 1.0
    spatial: bool = True
    spectral: bool = True

    def __post_init__(self) -> None:
        if self.operator not in get_args(Operator):
            raise ValueError(f"operator is one of {get_args(Operator)}, not {self.operator!r}")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} does not divide into {self.heads} heads")
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel must be odd, got {self.kernel}")
        if self.bands is not None and self.stride != 1:
            raise ValueError("stride is for a network for any number of bands")
        if self.stride not in (1, 2, 4):
            raise ValueError(f"stride must be 1, 2 or 4, as windows lie, not {self.stride}")


class Predictor(nn.Module):
    """Phi for a fixed number of bands: V (B, c_V, H, W) and the pseudo-HRMS (eq. 11)."""

    def __init__(self, bands: int, features: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(bands + 2, features, 3, padding=1),
            *(ResidualBlock(features) for _ in range(4)),
        )
        self.tail = nn.Conv2d(features, bands, 3, padding=1)

    def forward(
        self, pan: Tensor, residual: Tensor, lms: Tensor, gain: Tensor, details: Tensor
    ) -> tuple[Tensor, Tensor]:
        features = self.body(torch.cat([pan, lms, residual], dim=1))
        return features, lms + self.tail(features)


class BandsPredictor(nn.Module):
    """Phi for any number of bands: the fusion network of KSDiff, whose kernels are not modulated.

    It runs once, whatever the number of steps. V is brought to the operator's resolution.
    """

    def __init__(self, config: SRINOConfig) -> None:
        super().__init__()
        self.net = PanNeXtU(None, config.unet_dims, config.unet_depths, None, guides=1)
        stride = config.stride
        self.features = nn.Conv2d(config.unet_dims[0], config.features, stride + 1 + stride % 2,
                                  stride=stride, padding=1)  # fmt: skip

    def forward(
        self, pan: Tensor, residual: Tensor, lms: Tensor, gain: Tensor, details: Tensor
    ) -> tuple[Tensor, Tensor]:
        image, features = self.net.with_features(
            torch.cat([pan, residual], dim=1), lms, gain, details
        )
        return self.features(features), image


class Beginning(nn.Module):
    """What runs once: f_M2P on LMS, then Phi. Called, it gives the pseudo-HRMS alone."""

    def __init__(self, m2p: nn.Module, phi: nn.Module) -> None:
        super().__init__()
        self.m2p, self.phi = m2p, phi

    def run(
        self, pan: Tensor, lms: Tensor, gain: Tensor, weight: Tensor, details: Tensor
    ) -> tuple[Tensor, Tensor]:
        """V (B, c_V, h, w) at the operator's resolution, and H^ (B, C, H, W)."""
        features, image = self.phi(pan, pan[:, :1] - self.m2p(lms, weight), lms, gain, details)
        return features, image.float()

    def forward(
        self, pan: Tensor, lms: Tensor, gain: Tensor, weight: Tensor, details: Tensor
    ) -> Tensor:
        return self.run(pan, lms, gain, weight, details)[1]


def pan_model(config: SRINOConfig) -> nn.Module:
    """f_M2P."""
    if config.bands is None:
        return AnyPanModel(config.hidden)
    return PanModel(config.bands, config.hidden)


def predictor(config: SRINOConfig) -> nn.Module:
    """Phi."""
    if config.bands is None:
        return BandsPredictor(config)
    return Predictor(config.bands, config.features)


@dataclass(frozen=True)
class Known:
    """What is frozen of a scene at one step: contexts (S, h, c, c), gates (S, d) of each layer."""

    contexts: Sequence[Tensor]
    gates: Sequence[Tensor]


class SRINO(nn.Module):
    """All parts."""

    title = "SRINO"
    guidance = 0.0
    """Strength of the gradient guidance of `sharpened`, an experiment, see `guided`."""

    def __init__(self, config: SRINOConfig) -> None:
        super().__init__()
        self.config = config
        self.m2p = pan_model(config)
        self.ke = BlurModel(config.bands, config.kernel, config.blur_widths)
        self.operator = OperatorDenoiser(
            config.bands, config.layers, config.width, config.heads, config.operator, config.stride
        )
        self.phi = predictor(config)
        sizes = (config.width, config.bands, config.features, config.residual, config.stride)
        self.adapters = nn.ModuleList(
            Adapter(*sizes, config.spatial, config.spectral) for _ in range(config.layers)
        )
        self.schedule = CosineSchedule(config.steps)

    def trained(self, stage: int) -> list[nn.Module]:
        """The parts that stage I or II trains."""
        return [self.m2p, self.ke, self.operator] if stage == 1 else [self.phi, self.adapters]

    def begin_stage2(self) -> None:
        """Nothing is handed over: stage II begins with the operator as stage I left it."""

    @property
    def beginning(self) -> Beginning:
        """f_M2P and Phi."""
        return Beginning(self.m2p, self.phi)

    def denoise(
        self,
        x_t: Tensor,
        t: Tensor,
        y: Tensor,
        begun: tuple[Tensor, Tensor],
        batch: Batch,
        spectral: Tensor | None,
        known: Known | None = None,
        found: tuple[list[Tensor], list[Tensor]] | None = None,
    ) -> Tensor:
        """X0, scaled, of one step of stage II (eqs. 11 to 17), (K*S, C, H, W).

        Parameters
        ----------
        x_t : noised X0, scaled. t : (K*S,).
        y : the sharp image as the step before estimated it.
        begun : V and H^.
        spectral : R_spe of `y`; not needed where the scene is `known`.
        found : two lists that collect the contexts and gates in use.
        """
        features, pseudo = begun
        spatial = batch.pan[:, :1] - self.m2p(y, batch.weight)
        guide = Guide(self.adapters, features, spatial, spectral, known.gates if known else None)  # type: ignore[arg-type]
        contexts, gates = found or ([], [])
        x0 = self.operator(
            x_t, t, self.schedule.alpha_bar[t], pseudo, self.config.scale * (pseudo - batch.lms),
            batch.scenes, guide, known.contexts if known else None, contexts,
        )  # fmt: skip
        gates += guide.found
        return x0

    def residual(self, y: Tensor, kernels: Tensor, lms: Tensor) -> Tensor:
        """R_spe = k * Y - L (eq. 16), (K*S, C, H, W)."""
        return blurred(y, kernels) - lms

    def sample(
        self,
        batch: Batch,
        noise: Tensor,
        count: int,
        limits: tuple[Tensor, Tensor] | None = None,
        step: Callable[..., Tensor] | None = None,
    ) -> Tensor:
        """The sharpened image (K*S, C, H, W) from `noise` of that shape, in `count` steps.

        Every step estimates the whole image, whose residuals guide the next one.

        Parameters
        ----------
        limits : least and largest value that an estimate may have.
        step : takes the place of `denoise`.
        """
        kernels = self.ke(batch.pan, batch.lms, batch.scenes)
        begun = self.beginning.run(batch.pan, batch.lms, batch.gain, batch.weight, batch.details)
        y = begun[1]

        def denoise(x: Tensor, t: Tensor, condition: Tensor) -> Tensor:
            nonlocal y
            spectral = self.residual(y, kernels, batch.lms)
            x0 = (step or self.denoise)(x, t, y, begun, batch, spectral)
            y = batch.lms + x0 / self.config.scale
            if limits is not None:
                y = y.clamp(*limits)
            return self.config.scale * (y - batch.lms)

        self.schedule.sample(denoise, batch.lms, noise, count)
        return y

    def sharpened(self, batch: Batch, stage: int) -> Tensor:
        """HRMS of a batch: as it will be used, or in stage I, one step with the truth given."""
        generator = torch.Generator().manual_seed(0)
        noise = torch.randn(batch.lms.shape, generator=generator).to(batch.lms.device)
        if stage == 2:
            kernels = self.ke(batch.pan, batch.lms, batch.scenes)
            step = guided(self, self.guidance, kernels) if self.guidance else None
            return self.sample(batch, noise, self.config.sampling, step=step)
        t = self.schedule.timesteps(1)[0]
        times = torch.full((len(noise),), t, device=noise.device)
        detail = self.config.scale * (batch.gt - batch.lms)
        x0 = self.operator(
            noise, times, self.schedule.alpha_bar[times], batch.gt, detail, batch.scenes
        )
        return batch.lms + x0 / self.config.scale


def guided(model: SRINO, alpha: float, kernels: Tensor) -> Callable[..., Tensor]:
    """A step with gradient guidance instead of adapters' residuals alone (the paper's Figure 7).

    X0 <- X0 - alpha grad_X ( |P - f_M2P(Y)| + |k * Y - L| ), means over the image.
    """

    def step(
        x_t: Tensor, t: Tensor, y: Tensor, begun: tuple[Tensor, Tensor], batch: Batch,
        spectral: Tensor | None,
    ) -> Tensor:  # fmt: skip
        with torch.enable_grad():
            noisy = x_t.detach().requires_grad_(True)
            x0 = model.denoise(noisy, t, y, begun, batch, spectral)
            image = batch.lms + x0 / model.config.scale
            spatial = batch.pan[:, :1] - model.m2p(image, batch.weight)
            lost = spatial.abs().mean() + model.residual(image, kernels, batch.lms).abs().mean()
            (gradient,) = torch.autograd.grad(lost, noisy)
        return (x0 - alpha * gradient).detach()

    return step
