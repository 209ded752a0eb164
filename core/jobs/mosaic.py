# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a scene as one raster: a VRT, or for many parts a GTI with its index.

Neither holds a pixel. GDAL opens both; a GTI needs GDAL 3.9, and finds its files by coordinates, so
that a scene without a CRS or a grid has a VRT, however many parts it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from affine import Affine
from rasterio.dtypes import dtype_rev, typename_fwd

from core.jobs.job import write_bytes
from core.jobs.storage import name_of
from core.raster.georeference import has_grid
from core.raster.geotiff import Layout
from core.raster.window import Window

#: A VRT of more parts is slow to open.
MOST_IN_VRT = 1000


def write_mosaic(
    folder: Path, layout: Layout, nodata: float | None, parts: Sequence[tuple[Window, str]]
) -> Path:
    """Write the raster of parts, whose names are relative to the folder; return its path."""
    on_map = layout.crs is not None and has_grid(layout.georeference)
    if len(parts) < MOST_IN_VRT or not on_map:
        target = folder / "mosaic.vrt"
        write_bytes(target, _vrt(layout, nodata, parts).encode())
        return target
    index = folder / "mosaic.geojson"
    write_bytes(index, json.dumps(_index(folder, layout, parts)).encode())
    target = folder / "mosaic.gti"
    write_bytes(target, _gti(name_of(index), layout, nodata).encode())
    return target


def _vrt(layout: Layout, nodata: float | None, parts: Sequence[tuple[Window, str]]) -> str:
    lines = [f'<VRTDataset rasterXSize="{layout.width}" rasterYSize="{layout.height}">']
    if layout.crs:
        lines.append(f"<SRS>{escape(layout.crs.to_wkt())}</SRS>")
    if has_grid(layout.georeference):
        numbers = ", ".join(f"{number!r}" for number in layout.transform.to_gdal())
        lines.append(f"<GeoTransform>{numbers}</GeoTransform>")
    for band, described in enumerate(_bands(layout, nodata), start=1):
        lines += [f'<VRTRasterBand dataType="{_kind(layout)}" band="{band}">', *described]
        for window, name in parts:
            size = f'xSize="{window.width}" ySize="{window.height}"'
            lines += [
                "<SimpleSource>",
                f'<SourceFilename relativeToVRT="1">{escape(name)}</SourceFilename>',
                f"<SourceBand>{band}</SourceBand>",
                f'<SrcRect xOff="0" yOff="0" {size}/>',
                f'<DstRect xOff="{window.col}" yOff="{window.row}" {size}/>',
                "</SimpleSource>",
            ]
        lines.append("</VRTRasterBand>")
    return "\n".join([*lines, "</VRTDataset>\n"])


def _kind(layout: Layout) -> str:
    """Return GDAL's name of the data type."""
    return str(typename_fwd[dtype_rev[layout.dtype.name]])


def _bands(layout: Layout, nodata: float | None) -> Iterator[list[str]]:
    """Yield the elements that describe each band, in a VRT and in a GTI."""
    missing = [] if nodata is None else [f"<NoDataValue>{nodata!r}</NoDataValue>"]
    for band in layout.metadata.bands:
        name = [f"<Description>{escape(band.name)}</Description>"] if band.name else []
        yield [*name, *missing]


def _index(folder: Path, layout: Layout, parts: Sequence[tuple[Window, str]]) -> dict[str, object]:
    """Return the outlines of the parts as GeoJSON, in the scene's CRS."""
    features = []
    for window, name in parts:
        rows, cols = (window.row, window.row_end), (window.col, window.col_end)
        corners = [(cols[0], rows[0]), (cols[1], rows[0]), (cols[1], rows[1]), (cols[0], rows[1])]
        outline = [layout.transform * corner for corner in (*corners, corners[0])]
        geometry = {"type": "Polygon", "coordinates": [outline]}
        location = {"location": name_of(folder / name)}
        features.append({"type": "Feature", "properties": location, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _gti(index: str, layout: Layout, nodata: float | None) -> str:
    at: Affine = layout.transform
    west, south, east, north = _bounds(layout)
    lines = [
        "<GDALTileIndexDataset>",
        f"<IndexDataset>{escape(index)}</IndexDataset>",
        "<LocationField>location</LocationField>",
        f"<SRS>{escape(layout.crs.to_wkt() if layout.crs else '')}</SRS>",
        f"<ResX>{abs(at.a)!r}</ResX>",
        f"<ResY>{abs(at.e)!r}</ResY>",
        f"<MinX>{west!r}</MinX>",
        f"<MinY>{south!r}</MinY>",
        f"<MaxX>{east!r}</MaxX>",
        f"<MaxY>{north!r}</MaxY>",
    ]
    for band, described in enumerate(_bands(layout, nodata), start=1):
        lines += [f'<Band band="{band}" dataType="{_kind(layout)}">', *described, "</Band>"]
    return "\n".join([*lines, "</GDALTileIndexDataset>\n"])


def _bounds(layout: Layout) -> tuple[float, float, float, float]:
    """Return west, south, east and north; the far ends lie within the last pixel.

    GDAL rounds the size up that follows from them: a rounding error would be a pixel more.
    """
    far = layout.width - 0.4, layout.height - 0.4
    corners = [layout.transform * at for at in ((0, 0), far)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
