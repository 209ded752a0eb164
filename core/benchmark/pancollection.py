# SPDX-License-Identifier: GPL-2.0-or-later
"""PanCollection test files, which the field's tables are computed on, read a sample at a time.

    kind            axes as read    pan                   samples
    .h5             N C H W         N 1 H W or N H W      many
    .mat            H W C           H W                   one
    .mat of v7.3    C W H           W H                   one (HDF5; MATLAB's axes come reversed)

Keys are `ms`, `lms` (MS interpolated to PAN's grid), `pan`, and at reduced resolution `gt`, the
reference. Values are DN. MS pixel i lies at PAN pixel `r i + r/2`, as in the file's `lms`, also at
full resolution.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import scipy.io
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from scipy.io.matlab import MatReadError

from core.errors import InputError
from core.imaging.arrays import FloatArray
from core.imaging.degrade import phase_offset
from core.sensors import AUTO, Sensor, recognise, sensor

SUFFIXES = (".h5", ".mat")
KEYS = ("ms", "lms", "pan", "gt")
HDF5, MAT, MAT_73 = "NCHW", "HWC", "CWH"  # order of axes as read


@dataclass(frozen=True)
class PanCollectionSample:
    """One scene, float64 in DN: `ms` `(C, h, w)`, `lms` and `gt` `(C, H, W)`, `pan` `(H, W)`."""

    ms: FloatArray
    lms: FloatArray
    pan: FloatArray
    gt: FloatArray | None


@dataclass(frozen=True)
class SampleFile:
    """The contents of a file, which is open only while a sample is read.

    Attributes
    ----------
    card : the sensor: band names, MTF gains, peak (2047 or 1023).
    count : number of samples.
    bands, height, width : of every sample (PAN px).
    ratio : MS pixel size / PAN pixel size.
    full : at full resolution, without a reference.
    layout : order of axes, `HDF5`, `MAT` or `MAT_73`.
    """

    path: Path
    card: Sensor
    count: int
    bands: int
    height: int
    width: int
    ratio: int
    full: bool
    layout: str

    @classmethod
    def open(cls, path: Path | str, name: str = AUTO) -> SampleFile:
        """Read the shapes of a file's arrays, but no pixel.

        `name` is that of a sensor, "auto" to recognise it by the file's name (wv3, wv2, qb, gf2).
        Raises InputError for other files.
        """
        path = Path(path)
        layout, shapes = _shapes(path)
        sizes = {key: _sizes(layout, shape) for key, shape in shapes.items()}
        ms, lms = sizes["ms"], sizes["lms"]
        ratio = lms["H"] // max(1, ms["H"])
        coarse = {**ms, "H": ratio * ms["H"], "W": ratio * ms["W"]}
        match = coarse == lms == sizes.get("gt", lms) and sizes["pan"] == {**lms, "C": 1}
        if not match or ratio < 2 or ratio & (ratio - 1) or not lms["N"]:
            found = ", ".join(f"{key} {' x '.join(map(str, s))}" for key, s in shapes.items())
            raise InputError("pancollection-arrays-mismatch", path=path, found=found)
        card = _card(path, name, ms["C"])
        size = (lms["C"], lms["H"], lms["W"])
        return cls(path, card, lms["N"], *size, ratio, "gt" not in sizes, layout)

    @property
    def band_names(self) -> tuple[str | None, ...]:
        """Names of the bands by the sensor's card; None where it has none."""
        return tuple(band.name for band in self.card.bands) or (None,) * self.bands

    def read(self, number: int) -> PanCollectionSample:
        """Read one sample, counted from 0; raise IndexError if there is none."""
        if not 0 <= number < self.count:
            raise IndexError(f"sample {number} of {self.count} in {self.path}")
        arrays = _read(self.path, self.layout, number)
        gt = None if self.full else arrays["gt"]
        return PanCollectionSample(arrays["ms"], arrays["lms"], arrays["pan"][0], gt)


def find_files(folder: Path) -> list[Path]:
    """Return the test files of a folder, by number; training and validation files are left out."""
    return sorted(
        (
            path
            for path in folder.iterdir()
            if path.suffix.lower() in SUFFIXES
            and not path.name.lower().startswith(("train", "valid"))
        ),
        key=lambda path: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", path.name)],
    )


def write_pair(file: SampleFile, sample: PanCollectionSample, folder: Path) -> tuple[Path, Path]:
    """Write PAN and MS of a sample as GeoTIFFs whose geotransforms place MS on PAN."""
    ratio = file.ratio
    fine = Affine.translation(0, file.height) * Affine.scale(1, -1)
    shift = phase_offset(ratio, "benchmark") + 0.5 - ratio / 2
    coarse = fine * Affine.translation(shift, shift) * Affine.scale(ratio)
    pan, ms = folder / "pan.tif", folder / "ms.tif"
    _write(pan, sample.pan[None], fine, ("pan",))
    _write(ms, sample.ms, coarse, file.band_names)
    return pan, ms


def _write(path: Path, image: FloatArray, transform: Affine, names: Sequence[str | None]) -> None:
    profile: dict[str, Any] = {"driver": "GTiff", "dtype": "float32", "transform": transform}
    profile |= {"count": len(image), "height": image.shape[1], "width": image.shape[2]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # pixels of 1 x -1 are intended
        with rasterio.open(path, "w", **profile) as dataset:
            dataset.write(image.astype(np.float32))
            for band, name in enumerate(names, start=1):
                if name:
                    dataset.set_band_description(band, name)


def _card(path: Path, name: str, bands: int) -> Sensor:
    """Return the sensor of a file; raise InputError unless it has the file's number of bands."""
    card = recognise([path.stem]) if name == AUTO else sensor(name)
    if card is None:
        raise InputError("pancollection-sensor-unknown", path=path)
    if card.bands and len(card.bands) != bands:
        raise InputError(
            "pancollection-band-count",
            path=path,
            bands=bands,
            model=card.name,
            model_bands=len(card.bands),
        )
    return card


def _sizes(layout: str, shape: tuple[int, ...]) -> dict[str, int]:
    """Return sizes by axis; N and C are 1 where an array has no such axis."""
    letters = layout if len(shape) == len(layout) else layout.replace("C", "")
    if len(shape) != len(letters):
        return {"N": 0, "C": 0, "H": 0, "W": 0}  # differs from any usable size
    return {"N": 1, "C": 1, **dict(zip(letters, shape, strict=True))}


def _shapes(path: Path) -> tuple[str, dict[str, tuple[int, ...]]]:
    """Return the layout of a file and the shapes of its arrays, in the file's order of axes."""
    try:
        if path.suffix.lower() == ".mat":
            try:
                shapes = {key: tuple(shape) for key, shape, _ in scipy.io.whosmat(path)}
                return MAT, _select_keys(path, shapes)
            except NotImplementedError:  # HDF5
                layout = MAT_73
        else:
            layout = HDF5
        with _h5py(path).File(path, "r") as file:
            return layout, _select_keys(
                path, {key: tuple(file[key].shape) for key in KEYS & file.keys()}
            )
    except FileNotFoundError as error:
        raise InputError("pancollection-missing", path=path) from error
    except (OSError, ValueError, MatReadError) as error:
        raise InputError("pancollection-unreadable", path=path, reason=error) from error


def _select_keys(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of `KEYS`; raise InputError if one is missing, other than gt."""
    missing = [key for key in KEYS if key not in shapes and key != "gt"]
    if missing:
        raise InputError("pancollection-arrays-missing", path=path, missing=", ".join(missing))
    return {key: shapes[key] for key in KEYS if key in shapes}


def _read(path: Path, layout: str, number: int) -> dict[str, FloatArray]:
    """Read the arrays of one sample, each `(C, H, W)`."""
    try:
        if layout == MAT:
            arrays = scipy.io.loadmat(path, variable_names=KEYS)
            read = {key: arrays[key] for key in KEYS if key in arrays}
        else:
            with _h5py(path).File(path, "r") as file:
                part = number if layout == HDF5 else slice(None)
                read = {key: file[key][part] for key in KEYS if key in file}
    except (OSError, ValueError, MatReadError) as error:
        raise InputError("pancollection-unreadable-part", path=path, reason=error) from error
    axes = layout.replace("N", "")
    return {key: _ordered(axes, array) for key, array in read.items()}


def _ordered(axes: str, array: NDArray[Any]) -> FloatArray:
    """Reorder an array with the given axes to `(C, H, W)`, float64."""
    axes = axes if array.ndim == 3 else axes.replace("C", "")
    image = array.transpose([axes.index(axis) for axis in "CHW" if axis in axes])
    return np.ascontiguousarray(image.reshape(-1, *image.shape[-2:]), np.float64)


def _h5py(path: Path) -> Any:
    """Import h5py, which only HDF5 files need."""
    try:
        import h5py
    except ImportError as error:
        raise InputError("h5py-missing", path=path, executable=sys.executable) from error
    return h5py
