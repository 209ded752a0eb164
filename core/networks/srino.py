# SPDX-License-Identifier: GPL-2.0-or-later
"""SRINO: a diffusion model whose denoiser is a neural operator, guided by residuals.

Huang et al., "Spatial-Spectral Residuals Informed Diffusion Neural Operator for Pan-sharpening",
CVPR 2026. It diffuses X0 = H - L, the reference less LMS. Stage I trains the operator with the
reference as its condition, and two models of the sensor, f_M2P and f_KE. Stage II freezes these and
trains the guidance of the operator from PAN and LMS alone (eqs. 11 to 18):

    V = Phi([P, L, P - f_M2P(L)]),  H^ = conv(V) + L, the condition in place of the reference;
    before each layer an adapter adds V and the residuals of the previous step's estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from core.networks.batch import Batch
from core.networks.config import OPERATOR_SHARE, NetworkConfig
from core.networks.denoiser import (
    Denoised,
    OperatorDenoiser,
    ResidualBlock,
    ResidualGuidance,
    SceneContext,
)
from core.networks.diffusion import CosineSchedule
from core.networks.guidance import Adapter, AnyBandsPanModel, BlurModel, PanModel, blurred
from core.networks.pannext import PanNeXtU
from core.networks.trainable import TrainableNetwork


@dataclass(frozen=True)
class SRINOConfig(NetworkConfig):
    """Sizes of every part. The defaults are the full-size method.

    Parameters
    ----------
    bands, unet_dims, unet_depths, unet_stride, details : see `NetworkConfig`; of the auxiliary
        predictor for any number of bands.
    layers, width, heads : of the operator.
    stride : PAN px per pixel of the operator, for any number of bands; 1 for a fixed number.
    features, residual : channels of V, and of the projected residuals.
    hidden : channels of f_M2P.
    kernel, blur_hidden : size of f_KE's kernels (PAN px, odd), and widths of its hidden layers.
    steps, sampling : T of the cosine schedule, and the default number of sampling steps.
    scale : factor of X0, which gives it a standard deviation of about one.

    Raises
    ------
    ValueError : for sizes that contradict each other.
    """

    LEGACY: ClassVar[dict[str, Any]] = {"operator": "galerkin", "spatial": True, "spectral": True}
    DROPPED: ClassVar[tuple[str, ...]] = ("blur_widths",)

    layers: int = 6
    width: int = 64
    heads: int = 8
    stride: int = 1
    features: int = 32
    residual: int = 16
    hidden: int = 32
    kernel: int = 11
    blur_hidden: tuple[int, ...] = (64, 32)
    steps: int = 500
    sampling: int = 25
    scale: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width % self.heads:
            raise ValueError(f"width {self.width} does not divide into {self.heads} heads")
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel must be odd, got {self.kernel}")
        if self.bands is not None and self.stride != 1:
            raise ValueError("stride is for a network for any number of bands")
        if self.bands is None and self.stride < self.unet_stride:
            raise ValueError("stride must be at least unet_stride")
        if self.stride not in (1, 2, 4):
            raise ValueError(f"stride must be 1, 2 or 4, as windows lie, not {self.stride}")

    @property
    def patch_multiple(self) -> int:
        """PAN px that divide the sides of training patches: pixels of the operator are whole."""
        return max(self.multiple, self.stride)


class Prediction(NamedTuple):
    """Features V (B, c_V, h, w) at the operator's resolution, and the pseudo-HRMS (B, C, H, W)."""

    features: Tensor
    image: Tensor


class Predictor(nn.Module):
    """Phi for a fixed number of bands (eq. 11)."""

    def __init__(self, bands: int, features: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(bands + 2, features, 3, padding=1),
            *(ResidualBlock(features) for _ in range(4)),
        )
        self.tail = nn.Conv2d(features, bands, 3, padding=1)

    def forward(
        self, pan: Tensor, residual: Tensor, lms: Tensor, gain: Tensor, details: Tensor
    ) -> Prediction:
        """Predict from PAN and its residual (B, 1, H, W) and LMS (B, C, H, W) alone."""
        features = self.body(torch.cat([pan, lms, residual], dim=1))
        return Prediction(features, lms + self.tail(features))


class AnyBandsPredictor(nn.Module):
    """Phi for any number of bands: KSDiff's fusion network without modulated kernels.

    V is reduced to the resolution of the operator.
    """

    def __init__(self, config: SRINOConfig) -> None:
        super().__init__()
        dims, depths, own = config.unet_dims, config.unet_depths, config.unet_stride
        self.net = PanNeXtU(None, dims, depths, None, guides=1, stride=own, details=config.details)
        stride = config.stride // own
        self.features = nn.Conv2d(dims[0], config.features, stride + 1 + stride % 2,
                                  stride=stride, padding=1)  # fmt: skip

    def forward(
        self, pan: Tensor, residual: Tensor, lms: Tensor, gain: Tensor, details: Tensor
    ) -> Prediction:
        """Predict from PAN and its detail (B, 2, H, W) and PAN's residual (B, 1, H, W).

        `lms` (B, C, H, W), `gain` and `details` are those of `core.networks.batch.Batch`.
        """
        fusion = self.net.fuse(torch.cat([pan, residual], dim=1), lms, gain, details)
        return Prediction(self.features(fusion.features), fusion.image)


class PredictorStage(nn.Module):
    """The part that runs once per image, not in each step: f_M2P on LMS, then Phi."""

    def __init__(self, m2p: nn.Module, phi: nn.Module) -> None:
        super().__init__()
        self.m2p, self.phi = m2p, phi

    @classmethod
    def untrained(cls, config: SRINOConfig) -> PredictorStage:
        """Return the untrained stage of a configuration."""
        return cls(pan_model(config), predictor(config))

    def predict(
        self, pan: Tensor, lms: Tensor, gain: Tensor, weight: Tensor, details: Tensor
    ) -> Prediction:
        """Return V (B, c_V, h, w) and H^ (B, C, H, W); inputs as in `core.networks.batch.Batch`."""
        # The loss of Phi does not train f_M2P, which has its own.
        residual = pan[:, :1] - self.m2p(lms, weight).detach()
        features, image = self.phi(pan, residual, lms, gain, details)
        return Prediction(features, image.float())

    def forward(
        self, pan: Tensor, lms: Tensor, gain: Tensor, weight: Tensor, details: Tensor
    ) -> Tensor:
        """Return the pseudo-HRMS H^ (B, C, H, W) alone; inputs as in `predict`."""
        return self.predict(pan, lms, gain, weight, details).image


def pan_model(config: SRINOConfig) -> nn.Module:
    """Return an untrained f_M2P."""
    if config.bands is None:
        return AnyBandsPanModel(config.hidden)
    return PanModel(config.bands, config.hidden)


def predictor(config: SRINOConfig) -> nn.Module:
    """Return an untrained Phi."""
    if config.bands is None:
        return AnyBandsPredictor(config)
    return Predictor(config.bands, config.features)


class SRINO(TrainableNetwork):
    """All parts of SRINO."""

    method = "srino"
    title = "SRINO"

    def __init__(self, config: SRINOConfig) -> None:
        super().__init__()
        self.config: SRINOConfig = config
        self.m2p = pan_model(config)
        self.ke = BlurModel(config.kernel, config.blur_hidden)
        self.operator = OperatorDenoiser(
            config.bands, config.layers, config.width, config.heads, config.stride
        )
        self.phi = predictor(config)
        sizes = (config.width, config.bands, config.features, config.residual, config.stride)
        self.adapters = nn.ModuleList(Adapter(*sizes) for _ in range(config.layers))
        self.schedule = CosineSchedule(config.steps)

    def trainable_modules(self, stage: int) -> list[nn.Module]:
        """Return the modules that stage 1 or 2 trains.

        Where Phi starts from the scene fit, stage 2 trains the operator too: after stage 1, with
        perturbed references as its condition, it would degrade a prediction that is better.
        """
        if stage == 2:
            joint = [self.operator] if self.config.details == 3 else []
            return [self.phi, self.adapters, *joint]
        alone = [] if self.config.bands is not None else [self.phi]
        return [self.m2p, self.ke, self.operator, *alone]

    @property
    def predictor_stage(self) -> PredictorStage:
        """f_M2P and Phi, which share their weights with this model."""
        return PredictorStage(self.m2p, self.phi)

    def predict(self, batch: Batch) -> Prediction:
        """Return V (K*S, c_V, h, w) and the pseudo-HRMS H^ (K*S, C, H, W)."""
        return self.predictor_stage.predict(
            batch.pan, batch.lms, batch.gain, batch.weight, batch.details
        )

    def denoise(
        self,
        x_t: Tensor,
        t: Tensor,
        y: Tensor,
        prediction: Prediction,
        batch: Batch,
        spectral: Tensor | None,
        known: SceneContext | None = None,
    ) -> Denoised:
        """Return X0 (K*S, C, H, W), scaled, of one step of stage 2 (eqs. 11 to 17).

        Parameters
        ----------
        x_t, t : noised X0 (K*S, C, H, W), scaled, and its step (K*S,).
        y : the previous step's estimate of the sharp image (K*S, C, H, W).
        prediction : V and H^.
        batch : PAN, LMS and regression of the windows.
        spectral : R_spe of `y` (K*S, C, H, W); not needed if contexts and gates are `known`.
        """
        features, pseudo = prediction
        spatial = batch.pan[:, :1] - self.m2p(y, batch.weight)
        guidance = ResidualGuidance(self.adapters, features, spatial, spectral)
        detail = self.config.scale * (pseudo - batch.lms)
        abar = self.schedule.alpha_bar[t]
        return self.operator(x_t, t, abar, pseudo, detail, batch.scenes, guidance, known)

    def spectral_residual(self, y: Tensor, kernels: Tensor, lms: Tensor) -> Tensor:
        """Return R_spe = k * Y - L (eq. 16) (K*S, C, H, W), with kernels (S, C, k, k)."""
        return blurred(y, kernels) - lms

    def sample(
        self, batch: Batch, noise: Tensor, count: int, limits: tuple[Tensor, Tensor] | None = None
    ) -> Tensor:
        """Return the image (K*S, C, H, W) sampled from `noise` of that shape in `count` steps.

        The residuals of each step's estimate guide the next step. Estimates are clipped to
        `limits`, which broadcast with them. The last one has the weight `OPERATOR_SHARE`.
        """
        kernels = self.ke(batch.pan, batch.lms, batch.scenes)
        prediction = self.predict(batch)
        y = prediction.image

        def denoise(x: Tensor, t: Tensor, condition: Tensor) -> Tensor:
            nonlocal y
            spectral = self.spectral_residual(y, kernels, batch.lms)
            x0 = self.denoise(x, t, y, prediction, batch, spectral).x0
            y = batch.lms + x0 / self.config.scale
            if limits is not None:
                y = y.clamp(*limits)
            return self.config.scale * (y - batch.lms)

        self.schedule.sample(denoise, batch.lms, noise, count)
        if self.config.details < 3:
            return y
        return prediction.image + OPERATOR_SHARE * (y - prediction.image)

    def sharpen(self, batch: Batch, stage: int) -> Tensor:
        """Return HRMS (K*S, C, H, W): in stage 2 as in use, in stage 1 in one sampling step.

        Stage 1 has the reference as its condition.
        """
        generator = torch.Generator().manual_seed(0)
        noise = torch.randn(batch.lms.shape, generator=generator).to(batch.lms.device)
        if stage == 2:
            return self.sample(batch, noise, self.config.sampling)
        t = self.schedule.timesteps(1)[0]
        times = torch.full((len(noise),), t, device=noise.device)
        detail = self.config.scale * (batch.gt - batch.lms)
        abar = self.schedule.alpha_bar[times]
        x0 = self.operator(noise, times, abar, batch.gt, detail, batch.scenes).x0
        return batch.lms + x0 / self.config.scale
