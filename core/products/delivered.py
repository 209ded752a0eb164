# SPDX-License-Identifier: GPL-2.0-or-later
"""Find PAN or MS in a delivered product, by its folder or one of its metadata files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import rasterio

from core.errors import InputError
from core.gdal_names import is_path
from core.products import dimap, gaofen, kompsat, landsat, maxar, planet
from core.products.product import DEPTH, LAYOUTS, METADATA, ProductImage, Role, all_files
from core.raster.gdal import GDAL_ERRORS, quietly

FAMILIES: tuple[Callable[[Sequence[Path]], Iterator[ProductImage]], ...] = tuple(
    family.images for family in (dimap, maxar, landsat, gaofen, kompsat, planet)
)


def find_image(name: str, role: Role) -> ProductImage | None:
    """Return PAN or MS of the product with this folder or metadata file; None if it is no product.

    Raises InputError if the product has no such image or several, or if the name is no raster.
    """
    path = Path(name)
    # `Path.is_dir` raises for a name that is too long or a folder without permission.
    is_folder = os.path.isdir(name)  # noqa: PTH112
    if not is_path(name) or not (is_folder or path.suffix.lower() in METADATA):
        return None
    path = path.resolve()
    found = _in_folder(path, DEPTH) if is_folder else _described_by(path)
    fitting = [image for image in found if image.role == role]
    # Each strip of several has its own metadata.
    own = [image for image in fitting if path in image.metadata]
    fitting = own if len(own) == 1 else fitting
    as_it_is = not fitting and any(each.name == str(path) for i in found for each in i.layers)
    if as_it_is:
        return None
    if not found:
        _check_raster(name)
        return None
    if not fitting:
        satellite = found[0].satellite or "unknown satellite"
        raise InputError("product-without", path=name, role=role, satellite=satellite)
    if len(fitting) > 1:
        here = path if is_folder else path.parent
        names = ", ".join(os.path.relpath(image.place, here) for image in fitting)
        raise InputError("product-has-several", path=name, role=role, names=names)
    return fitting[0]


def _check_raster(name: str) -> None:
    """Raise InputError for an existing folder or file that is neither product nor raster."""
    if not os.path.exists(name):  # noqa: PTH110
        return
    try:
        with quietly(), rasterio.open(name):
            pass
    except GDAL_ERRORS as error:
        layouts = "; ".join(layout.title for layout in LAYOUTS.values())
        raise InputError("no-product", path=name, layouts=layouts) from error


def _in_folder(folder: Path, depth: int) -> list[ProductImage]:
    """Return the images in a folder and below; none if a file cannot be read."""
    files = all_files(folder, depth)
    try:
        return [image for images in FAMILIES for image in images(files)]
    except OSError:
        return []


def _described_by(path: Path) -> list[ProductImage]:
    """Return the images of the scene that a metadata file describes."""
    here = _in_folder(path.parent, 1)
    scenes = {image.scene for image in here if path in image.metadata}
    if scenes and len({image.role for image in here if image.scene in scenes}) < 2:
        # PAN and MS are often in folders beside each other.
        here = _in_folder(path.parent.parent, 1)
    return [image for image in here if image.scene in scenes]
