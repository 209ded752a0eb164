# SPDX-License-Identifier: GPL-2.0-or-later
"""The models of the sensor, and the adapters: where they start, and what they depend on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import correlate
from torch import Tensor

from core.imaging.nominal_mtf import mtf_sigma
from core.networks.guidance import (
    SPECTRA,
    Adapted,
    Adapter,
    AnyBandsPanModel,
    BlurModel,
    PanModel,
    blurred,
    gain_at,
    gaussian_kernel,
    ring_spectra,
)

pytestmark = pytest.mark.numerical


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def adapter(bands: int | None = 4, stride: int = 1) -> Adapter:
    """Return an adapter whose gates depend on the residual, and are otherwise untrained."""
    found = Adapter(8, bands, 4, 3, stride)
    torch.nn.init.normal_(found.gate[-1].weight)  # type: ignore[arg-type]
    return found


def adapt(
    of: Adapter, features: Tensor, spatial: Tensor, spectral: Tensor | None, scenes: int = 1,
    gate: Tensor | None = None,
) -> Adapted:  # fmt: skip
    """Apply an adapter with features V that are waves."""
    rows, cols = features.shape[2:]
    guide = torch.sin(torch.arange(4 * rows * cols).float()).reshape(1, 4, rows, cols)
    with torch.no_grad():
        guide = guide.expand(len(features), -1, -1, -1)
        return of(features, guide, spatial, spectral, scenes, gate)


def test_pan_of_any_bands_starts_as_their_regression() -> None:
    image, weight = torch.randn(2, 5, 4, 4), torch.rand(2, 5)
    expected = torch.einsum("bchw,bc->bhw", image, weight)[:, None]
    torch.testing.assert_close(AnyBandsPanModel(8)(image, weight), expected)


@pytest.mark.parametrize("model", [PanModel(4, 8), AnyBandsPanModel(8)])
def test_pan_is_made_of_each_pixel_alone(model: PanModel | AnyBandsPanModel) -> None:
    """Else it could make up the detail that R_spa is to show."""
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter)
    image, weight = torch.randn(1, 4, 6, 6), torch.rand(1, 4)
    changed = image.clone()
    changed[..., 2, 3] += 1
    differs = (model(image, weight) != model(changed, weight))[0, 0].nonzero().tolist()
    assert differs == [[2, 3]]


@pytest.mark.parametrize("channels", [1, 2])
def test_untrained_blur_is_about_a_common_sensors(channels: int) -> None:
    model = BlurModel(11, (8,))
    kernels = model(torch.randn(6, channels, 32, 32), torch.randn(6, 4, 32, 32), scenes=2)
    assert kernels.shape == (2, 4, 11, 11)
    torch.testing.assert_close(kernels.sum(dim=(2, 3)), torch.ones(2, 4))
    torch.testing.assert_close(kernels, gaussian_kernel(11, 2.0).expand(2, 4, -1, -1))


def test_spectra_are_those_of_fourier_transforms() -> None:
    """Of tapered tiles; the share of each ring, and what PAN and a band have in common."""
    pan, lms = torch.randn(2, 1, 64, 128), torch.randn(2, 2, 64, 128)
    lms = lms + pan
    taper = torch.sin(np.pi * (torch.arange(64) + 0.5) / 64) ** 2
    found = []
    for image in (lms, pan.expand_as(lms)):
        tiles = torch.stack(image.chunk(2, dim=3))
        tiles = (tiles - tiles.mean(dim=(3, 4), keepdim=True)) * taper[:, None] * taper
        found.append(torch.fft.fft2(tiles))
    frequency = 64 * torch.fft.fftfreq(64)
    radius = (frequency[:, None] ** 2 + frequency**2).sqrt()
    pairs = [(found[i] * found[j].conj()).real.mean(dim=(0, 1)) for i, j in [(0, 0), (0, 1)]]
    low, high = (
        torch.stack([p[:, (radius >= a) & (radius < b)].sum(dim=1) for p in pairs])
        for a, b in [(0.75, 16.0), (0.75, 33.0)]
    )
    power = (4 * ring_spectra(pan, lms, 1)[0, :, :12] - 4).exp()
    torch.testing.assert_close(power[:, :10].sum(dim=1), low[0] / high[0], atol=0.01, rtol=0)
    # White noise: all frequencies alike, half of a band's power is PAN's.
    coherence = ring_spectra(pan, lms, 1)[0, :, 28:36].mean(dim=1)
    torch.testing.assert_close(coherence, torch.full((2,), 0.5**0.5), atol=0.05, rtol=0)


def test_spectra_do_not_depend_on_levels_order_or_number_of_windows() -> None:
    pan, lms = torch.randn(4, 1, 64, 64), torch.randn(4, 3, 64, 64)
    found = ring_spectra(pan, lms, 2)
    assert found.shape == (2, 3, SPECTRA)
    torch.testing.assert_close(ring_spectra(3 * pan + 7, 5 * lms - 2, 2), found, atol=1e-4, rtol=0)
    torch.testing.assert_close(ring_spectra(pan, lms.flip(1), 2), found.flip(1))
    torch.testing.assert_close(ring_spectra(pan[::2], lms[::2], 1), found[:1])


@pytest.mark.parametrize("gain", [0.15, 0.3, 0.45])
def test_the_gain_of_a_kernel_is_its_mtf(gain: float) -> None:
    kernel = gaussian_kernel(41, mtf_sigma(4, gain))
    assert float(gain_at(kernel, torch.tensor([[0.125]]))) == pytest.approx(gain, abs=1e-4)


def test_blurring_repeats_the_border_and_gives_each_scene_its_kernels() -> None:
    image, kernels = torch.randn(4, 3, 12, 14), torch.rand(2, 3, 5, 5)
    found = blurred(image, kernels)
    for window in range(4):
        for band in range(3):
            expected = correlate(
                image[window, band].numpy(), kernels[window % 2, band].numpy(), mode="nearest"
            )
            np.testing.assert_allclose(found[window, band], expected, atol=1e-5)


@pytest.mark.parametrize(("bands", "stride"), [(4, 1), (None, 1), (None, 2)])
def test_an_untrained_adapter_changes_nothing_but_by_nearly_closed_gates(
    bands: int | None, stride: int
) -> None:
    phi, residuals = torch.randn(2, 8, 8, 8), torch.randn(2, 5, 8 * stride, 8 * stride)
    out, gate = adapt(Adapter(8, bands, 4, 3, stride), phi, residuals[:, :1], residuals[:, 1:])
    torch.testing.assert_close(gate, torch.full((1, 8), 0.0474), atol=0.02, rtol=0)
    torch.testing.assert_close(out, phi * (1 + gate[:, :, None, None]))


def test_the_spectral_residual_acts_through_the_gate_alone() -> None:
    """Every pixel of a channel is multiplied by the same, whatever the residual looks like."""
    one, phi = adapter(), torch.randn(2, 8, 10, 12)
    spatial = torch.randn(2, 1, 10, 12)
    first, a = adapt(one, phi, spatial, torch.randn(2, 4, 10, 12))
    other, b = adapt(one, phi, spatial, 5 * torch.rand(2, 4, 10, 12))
    ratio = ((1 + b) / (1 + a))[:, :, None, None]
    assert (ratio - 1).abs().max() > 1e-3
    torch.testing.assert_close(other, first * ratio)


def test_the_place_of_the_spectral_residual_does_not_matter() -> None:
    """The gate sees mean and maximum over the image alone."""
    one, phi = adapter(), torch.randn(1, 8, 1, 1).expand(-1, -1, 16, 16)
    spatial, spectral = torch.zeros(1, 1, 16, 16), torch.zeros(1, 4, 16, 16)
    spectral[..., 2:6, 2:6] = torch.randn(1, 4, 4, 4)
    moved = spectral.roll((6, 8), dims=(2, 3))
    here, there, stronger = (adapt(one, phi, spatial, r).gate for r in (spectral, moved, 2 * moved))
    torch.testing.assert_close(here, there)
    assert (stronger - here).abs().max() > 1e-4


def test_a_scene_has_one_gate_for_all_its_windows() -> None:
    one, phi = adapter(), torch.randn(4, 8, 8, 8)
    spatial, spectral = torch.randn(4, 1, 8, 8), torch.randn(4, 4, 8, 8)
    gates = adapt(one, phi, spatial, spectral, scenes=2).gate
    assert gates.shape == (2, 8)
    swapped = torch.tensor([2, 3, 0, 1])  # windows of the same two scenes, in another order
    again = adapt(one, phi[swapped], spatial[swapped], spectral[swapped], scenes=2).gate
    torch.testing.assert_close(again, gates)
    first = adapt(one, phi[::2], spatial[::2], spectral[::2]).gate
    torch.testing.assert_close(first, gates[:1])


def test_a_known_gate_needs_no_spectral_residual() -> None:
    one, phi, spatial = adapter(), torch.randn(2, 8, 8, 8), torch.randn(2, 1, 8, 8)
    free, gate = adapt(one, phi, spatial, torch.randn(2, 4, 8, 8))
    assert adapt(one, phi, spatial, None, gate=gate).features.equal(free)
    with pytest.raises(ValueError):
        adapt(one, phi, spatial, None)


@pytest.mark.parametrize("bands", [1, 3, 8])
def test_any_bands_in_any_order_open_the_same_gates(bands: int) -> None:
    one, phi = adapter(None, stride=2), torch.randn(1, 8, 8, 8)
    spatial, spectral = torch.randn(1, 1, 16, 16), torch.randn(1, bands, 16, 16)
    gates, again = (adapt(one, phi, spatial, r).gate for r in (spectral, spectral.flip(1)))
    torch.testing.assert_close(gates, again)


def observed(count: int, side: int, generator: torch.Generator) -> list[Tensor]:
    """Return H, PAN, L and kernels of scenes with textures, weights in PAN and MTF of their own.

    Four bands share some detail; the spectrum's slope and the MTF's gain, 0.2 to 0.4 at Nyquist,
    differ from scene to scene.
    """
    reach = 5
    full = side + 2 * reach
    common = torch.randn(count, 1, full, full, generator=generator)
    image = common + torch.randn(count, 4, full, full, generator=generator)
    rows, cols = torch.fft.fftfreq(full)[:, None], torch.fft.rfftfreq(full)
    slope = 0.5 * torch.rand(count, 1, 1, 1, generator=generator)
    shape = (rows**2 + cols**2 + 1 / 32**2) ** -slope
    image = torch.fft.irfft2(torch.fft.rfft2(image) * shape, s=(full, full))
    std, mean = torch.std_mean(image, dim=(2, 3), keepdim=True)
    image = (image - mean) / std
    weight = torch.rand(count, 4, 1, 1, generator=generator)
    pan = (image * weight / weight.sum(dim=1, keepdim=True)).sum(dim=1, keepdim=True)
    gains = 0.2 + 0.2 * torch.rand(count, generator=generator)
    kernels = torch.cat([gaussian_kernel(11, mtf_sigma(4, float(g))) for g in gains])
    kernels = kernels.expand(-1, 4, -1, -1)
    inner = (..., slice(reach, -reach), slice(reach, -reach))
    return [image[inner], pan[inner], blurred(image, kernels)[inner], kernels]


@pytest.mark.parametrize("seed", range(3))
def test_the_blur_model_learns_to_tell_mtfs_it_never_saw(seed: int) -> None:
    """Of scenes with other textures, too; LMS is blurred alone here, and gains are known."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    _, pan, lms, kernels = observed(96, 64, generator)
    spectra, frequency = ring_spectra(pan, lms, 96), torch.full((96, 4), 0.125)
    gains = gain_at(kernels, frequency)
    model, steps, seen = BlurModel(11, (32,)), 150, slice(0, 72)
    optimiser = torch.optim.AdamW(model.parameters(), 1e-2)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, steps)
    for _ in range(steps):
        error = (gain_at(model.kernels(spectra), frequency) - gains).abs()
        optimiser.zero_grad()
        error[seen].mean().backward()
        optimiser.step()
        rate.step()
    constant = (gains[72:] - gains.median()).abs().mean()
    assert float(error[72:].detach().mean()) < 0.015 < 0.5 * float(constant)
