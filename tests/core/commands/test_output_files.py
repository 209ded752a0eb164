# SPDX-License-Identifier: GPL-2.0-or-later
"""What a raster is read from is no place to write to, by whatever name the raster goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from raising import raises_code
from scenes import GRID, landscape, write

from core.commands import align, pansharpen, quality, simulate
from core.progress import Pace
from core.raster.output_files import check_target
from core.raster.reader import files_of
from core.requests.scenes import Align, Pansharpen, Quality, Simulate

SOURCE = """<VRTRasterBand dataType="UInt16" band="{band}"><SimpleSource>
<SourceFilename relativeToVRT="1">{name}</SourceFilename><SourceBand>1</SourceBand>
</SimpleSource></VRTRasterBand>"""


def stack(path: Path, files: list[Path]) -> Path:
    """A VRT beside files of one band and one grid, with a band of each."""
    with rasterio.open(files[0]) as first:
        height, width = first.shape
        crs, place = first.crs.to_wkt(), ", ".join(map(str, first.transform.to_gdal()))
    bands = [SOURCE.format(band=n, name=file.name) for n, file in enumerate(files, start=1)]
    path.write_text(
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}"><SRS>{crs}</SRS>'
        f"<GeoTransform>{place}</GeoTransform>{''.join(bands)}</VRTDataset>"
    )
    return path


@pytest.fixture
def files(tmp_path: Path) -> Quality:
    """A pair whose MS is a VRT of VRTs of b0.tif, b1.tif and b2.tif, and a fused image of it."""
    made = landscape(64, 64)
    asked = made.written(tmp_path, made.reference, "uint16")
    with rasterio.open(asked.ms) as whole:
        images, coarse = whole.read(), GRID * GRID.scale(4)
    bands = [write(tmp_path / f"b{n}.tif", image[None], coarse) for n, image in enumerate(images)]
    inner = [stack(tmp_path / f"b{n}.vrt", [band]) for n, band in enumerate(bands)]
    inner[2] = inner[2].rename(tmp_path / "b2.named-otherwise")
    return replace(asked, ms=str(stack(tmp_path / "stack.vrt", inner)))


def sharpened(pair: tuple[str, str], folder: Path, target: str) -> None:
    pansharpen.perform(Pansharpen(*pair, target, method="exp"), print, Pace())


def spread(pair: tuple[str, str], folder: Path, target: str) -> None:
    asked = Pansharpen(*pair, str(folder / "new.tif"), method="srino", spread=target)
    pansharpen.perform(asked, print, Pace())


def aligned(pair: tuple[str, str], folder: Path, target: str) -> None:
    align.perform(Align(*pair, target), print, Pace())


def reduced(pair: tuple[str, str], folder: Path, target: str) -> None:
    others = str(folder / "new-ms.tif"), str(folder / "new-reference.tif")
    simulate.perform(Simulate(*pair, target, *others), print, Pace())


def mapped(pair: tuple[str, str], folder: Path, target: str) -> None:
    asked = Quality(*pair, str(folder / "fused.tif"), sam_map=target)
    quality.perform(asked, print, Pace())


@pytest.mark.parametrize("work", [sharpened, spread, aligned, reduced, mapped])
@pytest.mark.parametrize("name", ["b0.tif", "b2.tif"])
def test_file_inside_a_vrt_input_is_not_replaced(
    work: Callable[[tuple[str, str], Path, str], None], name: str, files: Quality, tmp_path: Path
) -> None:
    assert {Path(each).name for each in files_of(files.ms)} >= {"b0.vrt", "b0.tif", "b2.tif"}
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with raises_code("output-is-source-of-input", path=tmp_path / name, source=files.ms):
        work((files.pan, files.ms), tmp_path, str(tmp_path / name))
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_input_that_is_no_path_protects_its_files(files: Quality, tmp_path: Path) -> None:
    band, stacked = tmp_path / "b1.tif", Path(files.ms).read_text()
    with_path = stacked.replace('relativeToVRT="1">', f'relativeToVRT="0">{tmp_path}/')
    for source in (f"GTIFF_DIR:1:{band}", f"vrt://{band}?bands=1", with_path):
        with rasterio.open(source) as opened:
            assert opened.count
        with raises_code("output-is-source-of-input"):
            check_target(band, [source])
        assert check_target(tmp_path / "new.tif", [source])
    (tmp_path / "old.tif").write_bytes(b"an earlier result")
    for source in (files.ms, with_path, "nowhere.tif", str(tmp_path)):
        assert check_target(tmp_path / "old.tif", [source]).name == "old.tif"


def test_vrt_that_contains_itself_ends(tmp_path: Path) -> None:
    band = write(tmp_path / "b.tif", np.ones((1, 8, 8), np.uint16))
    one, two = stack(tmp_path / "one.vrt", [band]), stack(tmp_path / "two.vrt", [band])
    for path, other in ((one, "two.vrt"), (two, "one.vrt")):
        path.write_text(path.read_text().replace("b.tif", other))
    assert {Path(name).name for name in files_of(one)} == {"one.vrt", "two.vrt"}
