# SPDX-License-Identifier: GPL-2.0-or-later
"""The ground of a synthetic scene: canvas, zones, roads, water, trees, and sunlight.

Lengths are in metres unless stated otherwise. A `Canvas` holds the material and height of every
pixel; `core.synthetic.landuse` draws the zones, `core.synthetic.pairs` adds spectra.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage
from scipy.spatial import cKDTree

from core.imaging.arrays import Image, Mask


def noise(rng: np.random.Generator, size: int, slope: float, longest: float = np.inf) -> Image:
    """Draw a random field `(size, size)` with an amplitude spectrum of 1 / frequency**slope.

    Its mean is 0, its variance 1. Wavelengths above `longest` (px) are left out.
    """
    white = fft.rfft2(rng.standard_normal((size, size), dtype=np.float32))
    f = np.hypot(fft.fftfreq(size)[:, None], fft.rfftfreq(size)[None, :])
    f[0, 0] = np.inf
    weight = f**-slope
    weight[f < 1.0 / longest] = 0.0
    drawn = fft.irfft2(white * weight.astype(np.float32), s=(size, size))
    return (drawn / drawn.std()).astype(np.float32)


@dataclass
class Canvas:
    """Layers `(N, N)` of the ground with pixels of `step` metres; `names` of materials."""

    size: int
    step: float
    rng: np.random.Generator
    names: tuple[str, ...]
    first: NDArray[np.uint8] = field(init=False)  # number of the material
    second: NDArray[np.uint8] = field(init=False)  # number of the material mixed into it
    share: Image = field(init=False)  # of the second, 0..1
    patchy: Image = field(init=False)  # amplitude of the variation of that share
    gain: Image = field(init=False)  # per-object brightness factor
    rough: Image = field(init=False)  # amplitude of the brightness texture
    tilt: Image = field(init=False)  # redder (+) or bluer (-) than the material's spectrum
    height: Image = field(init=False)  # metres above ground
    trees: Image = field(init=False)  # density of crowns, 1/m2

    def __post_init__(self) -> None:
        shape = (self.size, self.size)
        self.first = np.full(shape, self.code("grass"), np.uint8)
        self.second = np.full(shape, self.code("soil"), np.uint8)
        for name in ("share", "patchy", "gain", "rough", "tilt", "height", "trees"):
            setattr(self, name, np.full(shape, 1.0 if name == "gain" else 0.0, np.float32))

    def code(self, material: str) -> int:
        """Return the number of a material."""
        return self.names.index(material)

    def codes(self, materials: tuple[str, ...]) -> NDArray[np.uint8]:
        """Return the numbers of n materials, (n,)."""
        return np.array([self.code(name) for name in materials], np.uint8)

    def one_of(self, materials: tuple[str, ...], random: Image) -> NDArray[np.uint8]:
        """Return the number of one of the materials for each random number (n,), 0..1."""
        return self.codes(materials)[(random * len(materials)).astype(int)]

    def paint(self, where: NDArray[np.intp] | Mask, **layers: object) -> None:
        """Set layers to values or arrays at the pixels `where`, flat indices or a mask `(N, N)`.

        A string is the name of a material.
        """
        for name, value in layers.items():
            layer = getattr(self, name)
            target = layer if where.dtype == np.bool_ else layer.reshape(-1)
            target[where] = self.code(value) if isinstance(value, str) else value

    def grid(self) -> tuple[Image, Image]:
        """Return row and column coordinates (metres), `(N, 1)` and `(1, N)`."""
        axis = (np.arange(self.size, dtype=np.float32) + 0.5) * np.float32(self.step)
        return axis[:, None], axis[None, :]


@dataclass(frozen=True)
class Zone:
    """The n pixels of a zone: flat indices, coordinates u, v (metres), and random numbers."""

    canvas: Canvas
    pixels: NDArray[np.intp]
    u: Image
    v: Image
    table: Image  # (4096, 12), uniform in 0..1

    def cell(self, across: Image, along: Image) -> NDArray[np.int64]:
        """Return the row of `table` for each cell of a grid, from its coordinates (n,)."""
        return (across.astype(np.int64) * 131 + along.astype(np.int64) * 7919) % len(self.table)

    def paint(self, where: Mask, **layers: object) -> None:
        """Set layers, see `Canvas.paint`, at the pixels of this zone in a mask `(n,)`."""
        part = {
            k: x[where] if isinstance(x, np.ndarray) and x.shape == where.shape else x
            for k, x in layers.items()
        }
        self.canvas.paint(self.pixels[where], **part)


def make_zone(canvas: Canvas, where: Mask, angle: float) -> Zone:
    """Return the zone of a mask `(N, N)`; its coordinates are rotated by `angle` (radians)."""
    pixels = np.flatnonzero(where)
    y = (pixels // canvas.size).astype(np.float32) * np.float32(canvas.step)
    x = (pixels % canvas.size).astype(np.float32) * np.float32(canvas.step)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    shift = canvas.rng.uniform(2000, 6000, 2).astype(np.float32)  # keeps cell numbers positive
    table = canvas.rng.random((4096, 12), dtype=np.float32)
    return Zone(canvas, pixels, x * c + y * s + shift[0], y * c - x * s + shift[1], table)


@dataclass(frozen=True)
class ZoneMap:
    """Number of the zone, and nearest border, of every pixel: `(N, N)`.

    `border` is the distance (metres), `between` the number of the pair of zones at the border.
    """

    zone: NDArray[np.int64]
    border: Image
    between: NDArray[np.int64]
    count: int


def zone_map(canvas: Canvas, typical: float) -> ZoneMap:
    """Draw zones of about `typical` metres: Voronoi cells of jittered points with bent borders."""
    rng, extent = canvas.rng, canvas.size * canvas.step
    cells = int(np.ceil(extent / typical)) + 2
    corner = np.stack(np.meshgrid(np.arange(cells), np.arange(cells)), -1).reshape(-1, 2) - 0.5
    points = (corner + rng.uniform(-0.38, 0.38, corner.shape)) * extent / (cells - 2)
    half = canvas.size // 2  # borders are smooth: half the resolution is enough
    axis = (np.arange(half) * 2 + 1.0) * canvas.step
    bend = 0.09 * typical
    y = axis[:, None] + bend * noise(rng, half, 3.0)
    x = axis[None, :] + bend * noise(rng, half, 3.0)
    far, near = cKDTree(points).query(np.stack([y, x], -1), k=2)
    apart = np.linalg.norm(points[near[..., 0]] - points[near[..., 1]], axis=-1)
    border = (far[..., 1] ** 2 - far[..., 0] ** 2) / (2 * apart)
    pair = np.sort(near, axis=-1) @ np.array([len(points), 1])
    fine = ndimage.zoom(border.astype(np.float32), 2, order=1, grid_mode=True, mode="nearest")
    twice = [np.repeat(np.repeat(layer, 2, 0), 2, 1) for layer in (near[..., 0], pair)]
    return ZoneMap(twice[0], fine, twice[1], len(points))


def lanes(canvas: Canvas, land: ZoneMap) -> None:
    """Draw a road or a track on every border between zones."""
    half_width = canvas.rng.choice(
        np.array([1.6, 3.2, 3.2, 4.2], np.float32), land.between.max() + 1
    )
    half = half_width[land.between]
    tar = land.border < half
    canvas.paint(tar & (half > 2), **TAR)
    canvas.paint(tar & (half < 2), **{**TAR, "first": "sand", "second": "dry_grass", "share": 0.3})
    verge = (land.border < half + 1.5) & ~tar
    canvas.paint(verge, first="grass", second="sand", share=0.35, patchy=0.3, height=0.0, gain=1.0)


def main_road(canvas: Canvas) -> None:
    """Draw a wide arc through the scene: four lanes, markings, traffic."""
    rng, extent = canvas.rng, canvas.size * canvas.step
    y, x = canvas.grid()
    radius = extent * rng.uniform(1.2, 4.0)
    angle, offset = rng.uniform(0, 2 * np.pi), radius + extent * rng.uniform(-0.3, 0.3)
    cy = extent / 2 + offset * np.sin(angle)
    cx = extent / 2 + offset * np.cos(angle)
    across = np.hypot(y - cy, x - cx) - radius
    along = np.arctan2(y - cy, x - cx) * radius
    lane = np.abs(across)
    canvas.paint(lane < 8.5, first="grass", second="dry_grass", share=0.4, height=0.0, trees=0.0)
    canvas.paint(lane < 6.5, **TAR)
    dashes = (lane < 0.15) | ((np.abs(lane - 3.1) < 0.12) & (along % 12 < 5))
    canvas.paint(dashes | (np.abs(lane - 6.0) < 0.15), first="white", share=0.3, gain=0.8)
    _traffic(canvas, across, along)


TAR: dict[str, object] = {
    "first": "asphalt", "second": "concrete", "share": 0.1, "patchy": 0.06, "gain": 1.05,
    "rough": 0.035, "height": 0.0, "trees": 0.0, "tilt": 0.0,
}  # fmt: skip


def _traffic(canvas: Canvas, across: Image, along: Image) -> None:
    """Draw cars and lorries in the four lanes of a main road."""
    paints = ("white", "white", "metal", "bitumen", "red_tile", "blue_metal")
    for lane in (-4.6, -1.6, 1.6, 4.6):
        draw = canvas.rng.random((512, 3), dtype=np.float32)
        slot = np.floor(along / 22).astype(np.int64)
        near = np.abs(across - lane) < 0.95
        pick = draw[slot[near] % 512]
        long = np.where(pick[:, 1] < 0.12, 6.5, 2.2)
        on = (np.abs(along[near] - (slot[near] + 0.5) * 22) < long) & (pick[:, 0] < 0.3)
        where = np.flatnonzero(near)[on]
        kind = canvas.one_of(paints, pick[on, 2])
        canvas.paint(where, first=kind, share=0.0, patchy=0.0, gain=1.0, height=long[on] * 0.6)


def river(canvas: Canvas) -> None:
    """Draw a winding river."""
    rng, extent = canvas.rng, canvas.size * canvas.step
    y, x = canvas.grid()
    angle, middle = rng.uniform(0, np.pi), rng.uniform(0.2, 0.8) * extent
    v = (y - middle) * np.cos(angle) - (x - extent / 2) * np.sin(angle)
    u = (y - middle) * np.sin(angle) + (x - extent / 2) * np.cos(angle)
    length = rng.uniform(90, 190)
    bend = 0.22 * length * (np.sin(u / length) + 0.4 * np.sin(u / length * 2.3 + 1))
    _flood(canvas, rng.uniform(11, 24) - np.abs(v + bend), 1.8)


def lake(canvas: Canvas) -> None:
    """Draw a lake with an uneven shore."""
    rng, extent = canvas.rng, canvas.size * canvas.step
    y, x = canvas.grid()
    cy, cx = rng.uniform(0.1, 0.9, 2) * extent
    stretch, radius = rng.uniform(0.6, 1.5), rng.uniform(0.1, 0.2) * min(extent, 600)
    _flood(canvas, radius - np.hypot((y - cy) * stretch, (x - cx) / stretch), 12.0)


def _flood(canvas: Canvas, inside: Image, uneven: float) -> None:
    """Draw water where `inside` (metres from the shore, made uneven) is positive, and a bank."""
    rng = canvas.rng
    shore = noise(rng, canvas.size, 1.9, longest=110 / canvas.step)
    depth = inside + uneven * shore
    bank = depth > -7 - 2.5 * shore
    canvas.paint(bank, first="dry_grass", second="sand", share=0.3, patchy=0.3, gain=0.95)
    canvas.paint(bank, height=0.0, trees=0.012, rough=0.1, tilt=0.0)
    wet = depth > 0
    silt = np.clip(rng.uniform(0.0, 0.8) + 0.5 * np.exp(-np.maximum(depth[wet], 0) / 6), 0, 1)
    canvas.paint(wet, first="water", second="silt", share=silt, patchy=0.04, rough=0.012)
    canvas.paint(wet, gain=1.0, height=0.0, trees=0.0, tilt=0.0)


def plant(canvas: Canvas) -> None:
    """Draw trees with crowns of 1.3 to 5 m radius, at the density of the layer `trees`."""
    rng, step = canvas.rng, canvas.step
    most = float(canvas.trees.max())
    count = rng.poisson(most * (canvas.size * step) ** 2)
    at = rng.integers(0, canvas.size, (count, 2))
    at = at[rng.random(count) * most < canvas.trees[at[:, 0], at[:, 1]]]
    grain = noise(rng, 256, 0.6, longest=12)  # leaves and branches, shared by all crowns
    kinds = canvas.codes(("broadleaf", "broadleaf", "broadleaf", "conifer", "dry_grass"))
    likes = np.clip(noise(rng, 64, 1.5)[tuple((at * 64 // canvas.size).T)] * 0.8 + 1.2, 0, 3.4)
    radii = (1.3 + 3.7 * rng.beta(1.6, 2.4, len(at))) / step
    for (row, column), radius, like in zip(at, radii, likes, strict=True):
        r = int(np.ceil(radius))
        top, left = max(row - r, 0), max(column - r, 0)
        part = np.s_[top : row + r + 1, left : column + r + 1]
        height = canvas.height[part]
        y = np.arange(top, top + height.shape[0], dtype=np.float32)[:, None] - row
        x = np.arange(left, left + height.shape[1], dtype=np.float32)[None, :] - column
        oy, ox = rng.integers(0, 256 - 2 * r - 1, 2)
        leaves = grain[oy : oy + height.shape[0], ox : ox + height.shape[1]]
        inside = 1 - (y * y + x * x) / radius**2 + 0.16 * leaves
        metres = radius * step
        crown = metres * (0.8 + 1.1 * np.sqrt(np.maximum(inside, 0)) + 0.09 * leaves)
        wins = (inside > 0) & (crown > height)
        height[wins] = crown[wins]
        canvas.first[part][wins] = kinds[int(like + rng.random() * 0.9)]
        canvas.share[part][wins] = 0.06
        canvas.patchy[part][wins] = 0.06
        canvas.gain[part][wins] = rng.uniform(0.8, 1.3)
        canvas.tilt[part][wins] = rng.uniform(-0.4, 0.4)
        canvas.rough[part][wins] = 0.1


def sunlight(canvas: Canvas, azimuth: float, elevation: float) -> Image:
    """Return direct sunlight `(N, N)` relative to flat open ground; 0 in cast shadow.

    `azimuth` and `elevation` are radians; azimuth 0 looks down the rows, pi/2 down the columns.
    """
    step, z = canvas.step, canvas.height
    to_sun = -np.cos(azimuth), -np.sin(azimuth)  # rows, columns
    fall = np.tan(elevation) * step  # metres a shadow's edge sinks in one pixel
    horizon, reach = z.copy(), 1
    while reach * fall < z.max():  # by doubling: the highest object within `reach` px
        by = [int(np.rint(-reach * part)) for part in to_sun]
        moved = ndimage.shift(horizon, by, order=0, cval=-1e3)
        np.maximum(horizon, moved - reach * fall, out=horizon)
        reach *= 2
    lit = 1 - np.clip((horizon - z - 0.15) / 0.35, 0, 1)
    slopes = []
    for axis in (0, 1):
        slope = np.gradient(z, step, axis=axis)
        slopes.append(np.where(np.abs(slope) > 3.5, 0, slope))  # walls are not seen from above
    facing = -(slopes[0] * to_sun[0] + slopes[1] * to_sun[1]) * np.cos(elevation)
    facing = (facing + np.sin(elevation)) / np.sqrt(1 + slopes[0] ** 2 + slopes[1] ** 2)
    return (lit * np.clip(facing / np.sin(elevation), 0.0, 1.7)).astype(np.float32)
