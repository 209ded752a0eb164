# SPDX-License-Identifier: GPL-2.0-or-later
"""Synthetic scenes with a known reference at PAN resolution, for the demo, tests and training.

A scene is drawn at twice the PAN resolution (`terrain`, `landuse`), lit, given spectra, averaged
over 2 x 2 pixels (which antialiases every edge), and blurred a little by the optics. PAN has the
spectral response of a PAN sensor. MS is the reference under the MTF of the sensor, decimated on the
grid of a product: MS pixel i is centred on PAN position 4 i + 1.5.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine
from scipy import ndimage

from core import RESOURCES
from core.imaging.arrays import Image
from core.imaging.nominal_mtf import mtf_sigma
from core.synthetic import terrain
from core.synthetic.landuse import SHADERS

BANDS = ("coastal", "blue", "green", "yellow", "red", "rededge", "nir1", "nir2")
BANDS_OF_COUNT: dict[int, tuple[str, ...]] = {4: ("blue", "green", "red", "nir1"), 8: BANDS}
RATIO = 4
MTF_GAIN = 0.3  # of MS at its Nyquist frequency
FULL = 2047.0  # 11 bit
NOISE_STD = 2.0  # DN, of both sensors
CRS = "EPSG:32631"
CORNER = (448_000.0, 5_411_000.0)  # easting and northing (m) of the upper left corner
#: Kinds of land in `landuse.SHADERS`, and their mean shares of the zones.
KINDS = (
    ("farmland", 0.30), ("suburb", 0.26), ("town", 0.12), ("meadow", 0.10),
    ("forest", 0.09), ("industry", 0.09), ("bare", 0.04),
)  # fmt: skip


@dataclass(frozen=True)
class SyntheticScene:
    """Reference `(C, H, W)` and PAN `(H, W)`, DN 0..2047; a PAN pixel has `pixel` metres."""

    reference: Image
    pan: Image
    band_names: tuple[str, ...]
    pixel: float


def generate(size: int, bands: int | Sequence[str], seed: int) -> SyntheticScene:
    """Draw a scene of `size` x `size` PAN px; the same arguments give the same scene.

    `bands` is 4, 8, or names from `BANDS`. Raises ValueError for other bands or sizes below 16.
    """
    names = BANDS_OF_COUNT[bands] if isinstance(bands, int) else tuple(bands)
    unknown = set(names) - set(BANDS)
    if unknown or not names or size < 16:
        raise ValueError(f"cannot draw {size} px with bands {names}; bands are {BANDS}")
    rng = np.random.default_rng([seed, size])
    spectra = json.loads((RESOURCES / "spectra.json").read_text("utf-8"))
    pixel = float(rng.uniform(0.5, 0.8))
    canvas = terrain.Canvas(2 * size, pixel / 2, rng, tuple(spectra["materials"]))
    _draw(canvas)
    radiance = _render(canvas, spectra)
    response = np.array(spectra["pan_response"], np.float32)
    level = float(rng.uniform(1500, 2100))
    balance = rng.uniform(0.85, 1.2, len(BANDS)).astype(np.float32) * level
    pan = np.tensordot(response / response.sum(), radiance, 1) * level
    reference = np.stack([radiance[BANDS.index(n)] * balance[BANDS.index(n)] for n in names])
    return SyntheticScene(np.clip(reference, 0, FULL), np.clip(pan, 0, FULL), names, pixel)


def _draw(canvas: terrain.Canvas) -> None:
    """Draw zones, roads, water and trees, in this order."""
    rng = canvas.rng
    land = terrain.zone_map(canvas, typical=float(rng.uniform(110, 170)))
    kinds, odds = zip(*KINDS, strict=True)
    weights = np.array(odds) * rng.gamma(1.2, 1.0, len(odds))  # no two scenes have the same mix
    chosen = rng.choice(len(kinds), land.count, p=weights / weights.sum())
    bearing = rng.uniform(0, np.pi)
    present = np.unique(land.zone)
    for number in present:
        angle = bearing + rng.choice([0, 0, 0.4, 0.9, rng.uniform(0, np.pi)])
        SHADERS[kinds[chosen[number]]](terrain.make_zone(canvas, land.zone == number, angle))
    wet = rng.random(2) < 0.45
    if wet[0]:
        terrain.river(canvas)
    terrain.lanes(canvas, land)
    if wet[1]:
        terrain.lake(canvas)  # roads end at a lake, but cross a river
    for _ in range(rng.integers(1, 3)):
        terrain.main_road(canvas)
    terrain.plant(canvas)


def _render(canvas: terrain.Canvas, spectra: dict[str, Any]) -> Image:
    """Return relative radiance `(8, H, W)` from materials, texture, sunlight, skylight and haze."""
    rng, size = canvas.rng, canvas.size
    sun = terrain.sunlight(canvas, rng.uniform(0.4, 1.2) * np.pi, np.radians(rng.uniform(38, 60)))
    patches = terrain.noise(rng, size, 1.3, longest=120)
    texture = terrain.noise(rng, size, 0.7, longest=60)
    share = np.clip(canvas.share + canvas.patchy * patches, 0, 1)
    gain = canvas.gain * np.clip(1 + canvas.rough * texture, 0.4, 1.8)
    material = np.array(list(spectra["materials"].values()), np.float32)
    nm = np.array(spectra["wavelength_nm"], np.float32)
    slope = (nm - 600) / 600
    haze = rng.uniform(0.6, 1.3)
    out = np.empty((len(BANDS), size // 2, size // 2), np.float32)
    for band in range(len(BANDS)):
        of_first = material[:, band][canvas.first]
        of_second = material[:, band][canvas.second]
        mixed = of_first + share * (of_second - of_first)
        ground = mixed * gain * (1 + canvas.tilt * slope[band])
        sky = spectra["sky_share"][band]
        light = sky + (1 - sky) * sun
        seen = ground * light + spectra["path_reflectance"][band] * haze
        pairs = seen.reshape(size // 2, 2, size // 2, 2).mean(axis=(1, 3))
        out[band] = ndimage.gaussian_filter(pairs, 0.45, mode="nearest")
    return out


def observe_ms(reference: Image) -> Image:
    """Degrade a reference `(C, H, W)` to MS `(C, H/4, W/4)`, DN, without noise.

    Samples under a Gaussian MTF of `MTF_GAIN` at the Nyquist frequency of MS, at the centres of
    blocks of 4 x 4 PAN pixels.
    """
    sigma = mtf_sigma(RATIO, MTF_GAIN)
    reach = 10  # PAN px, five sigma
    taps = np.arange(2 * reach) - reach + 0.5  # from the centre of a block
    weights = np.exp(-0.5 * (taps / sigma) ** 2)
    weights /= weights.sum()
    seen = reference.astype(np.float64)
    for axis in (1, 2):
        count = seen.shape[axis] // RATIO
        wide = np.pad(
            seen, [(reach, reach) if a == axis else (0, 0) for a in range(3)], mode="symmetric"
        )
        block = RATIO // 2 + RATIO * np.arange(count)  # the first tap of every block
        seen = np.zeros_like(np.take(wide, block, axis))
        for k, weight in enumerate(weights):
            seen += weight * np.take(wide, block + k, axis)
    return seen.astype(np.float32)


def write_pair(
    folder: Path, size: int, bands: int | Sequence[str], seed: int
) -> tuple[Path, Path, Path]:
    """Write PAN and MS with noise, and the reference (truth.tif), uint16 DN; return their paths.

    Raises ValueError unless `size` (PAN px) is a multiple of 4.
    """
    if size % RATIO:
        raise ValueError(f"size {size} is not a multiple of {RATIO}")
    scene = generate(size, bands, seed)
    rng = np.random.default_rng([seed, size, 1])
    folder.mkdir(parents=True, exist_ok=True)
    ms = observe_ms(scene.reference)
    ms += rng.normal(0, NOISE_STD, ms.shape).astype(np.float32)
    pan = scene.pan[None] + rng.normal(0, NOISE_STD, scene.pan.shape).astype(np.float32)
    paths = folder / "pan.tif", folder / "ms.tif", folder / "truth.tif"
    _write(paths[0], pan, scene.pixel, ("pan",))
    _write(paths[1], ms, scene.pixel * RATIO, scene.band_names)
    _write(paths[2], scene.reference, scene.pixel, scene.band_names)
    return paths


def _write(path: Path, image: Image, pixel: float, names: Sequence[str]) -> None:
    """Write `(C, H, W)` as a georeferenced uint16 GeoTIFF with band descriptions."""
    transform = Affine(pixel, 0, CORNER[0], 0, -pixel, CORNER[1])
    with rasterio.open(
        path, "w", driver="GTiff", count=len(image), height=image.shape[1], width=image.shape[2],
        dtype="uint16", crs=CRS, transform=transform, tiled=True, compress="deflate", predictor=2,
        photometric="minisblack",
    ) as target:  # fmt: skip
        target.write(np.rint(np.clip(image, 0, FULL)).astype(np.uint16))
        target.descriptions = tuple(names)
