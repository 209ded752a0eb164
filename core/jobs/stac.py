# SPDX-License-Identifier: GPL-2.0-or-later
"""STAC items: read pairs from them, and write an item for each result.

An item has PAN in the asset `pan` or `panchromatic`, or in the one whose only band is called pan;
and MS in `ms`, `multispectral` or `analytic`, or in assets of single bands in the order of their
wavelengths. The item of the result has the time and platform of its source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import rasterio
from rasterio.io import DatasetReader
from rasterio.warp import transform_bounds, transform_geom

from core import __version__
from core.errors import InputError
from core.jobs.job import write_json
from core.raster.gdal import quietly
from core.raster.georeference import on_earth

VERSION = "1.1.0"
EXTENSIONS = tuple(
    f"https://stac-extensions.github.io/{name}/schema.json"
    for name in ("projection/v2.0.0", "processing/v1.2.0", "file/v2.1.0")
)
PAN_KEYS, MS_KEYS = ("pan", "panchromatic"), ("ms", "multispectral", "analytic")
#: Common names of bands that are sharpened, by wavelength.
BANDS = (
    "coastal", "blue", "green", "green05", "yellow", "red", "rededge", "rededge071", "rededge075",
    "rededge078", "nir", "nir08", "nir09", "swir16", "swir22",
)  # fmt: skip
#: Beginnings of properties that hold for the source alone, or for its pixels.
_NOT_KEPT = ("proj:", "processing:", "raster:", "eo:bands", "gsd", "created", "updated", "bands")
GEOTIFF = "image/tiff; application=geotiff"


@dataclass(frozen=True)
class Item:
    """An item, and the names by which GDAL opens its PAN and MS."""

    item: dict[str, Any]
    pan: str
    ms: str | tuple[str, ...]

    @property
    def name(self) -> str:
        """Its id, with characters that file names may have."""
        return "".join(c if c.isalnum() or c in "-_." else "_" for c in str(self.item["id"]))


def read_items(path: Path) -> list[Item]:
    """Return the items of a file: one, a list, or an item collection.

    Raises InputError where it holds none, or one of them has no PAN or no MS.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        items = found if isinstance(found, list) else found.get("features", [found])
        return [_pair(item, path.parent) for item in items]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("items-not-read", path=path, reason=error) from error


def _pair(item: dict[str, Any], folder: Path) -> Item:
    assets = item["assets"]
    names = {key: _common_names(asset) for key, asset in assets.items()}
    pan = [key for key in assets if key.lower() in PAN_KEYS] or [
        key for key, bands in names.items() if bands == ["pan"]
    ]
    ms = [key for key in assets if key.lower() in MS_KEYS]
    if not ms:
        single = {bands[0]: key for key, bands in names.items() if len(bands) == 1}
        ms = [single[band] for band in BANDS if band in single]
    if not pan or not ms:
        raise InputError("item-without-pair", item=item["id"], assets=", ".join(assets))
    opened = tuple(_name(assets[key]["href"], folder) for key in ms)
    return Item(item, _name(assets[pan[0]]["href"], folder), opened[0] if len(ms) == 1 else opened)


def _common_names(asset: Mapping[str, Any]) -> list[str]:
    bands = asset.get("bands") or asset.get("eo:bands") or []
    return [str(band.get("eo:common_name") or band.get("common_name") or "") for band in bands]


def _name(href: str, folder: Path) -> str:
    """Return the name by which GDAL opens an address, or a file beside the items."""
    scheme, mark, rest = href.partition("://")
    if not mark:
        return str((folder / href).absolute())
    if scheme == "file":
        return rest
    known = {"http": f"/vsicurl/{href}", "https": f"/vsicurl/{href}"}
    return known.get(scheme, f"/vsi{scheme}/{rest}")


def write_item(source: Mapping[str, Any], result: Mapping[str, Any]) -> Path:
    """Write the item of a collected scene beside its file; return its path.

    `result` is the record of `collecting.collect_scene`.
    """
    file = result["files"][0]
    path = Path(file["path"])
    target = path.with_suffix(".json")
    with quietly(), rasterio.open(path) as dataset:
        write_json(target, _item(source, result, dataset))
    return target


def _item(
    source: Mapping[str, Any], result: Mapping[str, Any], dataset: DatasetReader
) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in source.get("properties", {}).items()
        if not key.startswith(_NOT_KEPT)
    }
    description = result["description"]
    used = description.get("used") or description.get("model") or ""
    lineage = f"Pansharpened by {result['method']}" + (f" ({used})" if used else "")
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    links = [
        {"rel": "derived_from", "href": link["href"]}
        for link in source.get("links", [])
        if link.get("rel") == "self"
    ]
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": list(EXTENSIONS),
        "id": f"{source['id']}-sharpened",
        **_place(source, dataset),
        "properties": {
            **kept,
            "datetime": kept.get("datetime"),
            "created": now,
            "processing:lineage": lineage,
            "processing:software": {"KSDiff": __version__},
            "processing:datetime": now,
            **_projection(dataset),
        },
        "links": links,
        "assets": {"data": _asset(result["files"][0], dataset)},
    }


def _place(source: Mapping[str, Any], dataset: DatasetReader) -> dict[str, Any]:
    """Return outline and bounds in WGS 84; those of the source for a file without a CRS."""
    if not on_earth(dataset.crs):
        return {key: source[key] for key in ("geometry", "bbox") if key in source}
    corners = ((0, 0), (0, dataset.height), (dataset.width, dataset.height), (dataset.width, 0))
    ring = [tuple(dataset.transform * corner) for corner in (*corners, corners[0])]
    outline = {"type": "Polygon", "coordinates": [ring]}
    geometry = transform_geom(dataset.crs, "EPSG:4326", outline)
    bounds = transform_bounds(dataset.crs, "EPSG:4326", *dataset.bounds)
    return {"geometry": json.loads(json.dumps(geometry)), "bbox": list(bounds)}


def _projection(dataset: DatasetReader) -> dict[str, Any]:
    if not on_earth(dataset.crs):
        return {"proj:shape": list(dataset.shape)}
    code = dataset.crs.to_authority()
    named = {"proj:code": ":".join(code)} if code else {"proj:wkt2": dataset.crs.to_wkt()}
    return {
        **named,
        "proj:shape": list(dataset.shape),
        "proj:transform": list(dataset.transform)[:6],
        "proj:bbox": list(dataset.bounds),
    }


def _asset(file: Mapping[str, Any], dataset: DatasetReader) -> dict[str, Any]:
    cog = dataset.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG"
    names = [name or f"band {number}" for number, name in enumerate(dataset.descriptions, start=1)]
    return {
        "href": f"./{Path(file['path']).name}",
        "type": f"{GEOTIFF}; profile=cloud-optimized" if cog else GEOTIFF,
        "roles": ["data"],
        "bands": [{"name": name, "data_type": dataset.dtypes[0]} for name in names],
        "file:size": file["bytes"],
        # A multihash: SHA2-256, of 32 bytes.
        "file:checksum": f"1220{file['sha256']}",
    }
