# SPDX-License-Identifier: GPL-2.0-or-later
"""A file that could not be written, or is one of an input, is told before any work, everywhere."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from fakes import perform
from raising import raises_code
from raster_files import single_bands
from scenes import landscape, write

from core.commands import align, quality, simulate
from core.fusion import run_settings
from core.raster.geotiff import check_space
from core.raster.output_files import check_target
from core.raster.reader import files_of
from core.requests.scenes import Align, Pansharpen, Quality, Simulate

SOURCE = """<VRTRasterBand dataType="UInt16" band="{band}"><SimpleSource>
<SourceFilename relativeToVRT="1">{name}</SourceFilename><SourceBand>1</SourceBand>
</SimpleSource></VRTRasterBand>"""


@dataclass(frozen=True)
class Free:
    """A disk's usage, of which only what is free matters."""

    free: int


def stack(path: Path, files: list[Path]) -> Path:
    """Write a VRT beside files of one band and one grid, with a band of each."""
    with rasterio.open(files[0]) as first:
        height, width = first.shape
        crs, place = first.crs.to_wkt(), ", ".join(map(str, first.transform.to_gdal()))
    bands = [SOURCE.format(band=n, name=file.name) for n, file in enumerate(files, start=1)]
    path.write_text(
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}"><SRS>{crs}</SRS>'
        f"<GeoTransform>{place}</GeoTransform>{''.join(bands)}</VRTDataset>"
    )
    return path


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Quality:
    """A pair whose MS is a VRT of VRTs of b1.tif, b2.tif and b3.tif, and a fused image of it."""
    folder, made = tmp_path_factory.mktemp("in"), landscape(192, 192)
    asked = made.written(folder, made.reference, "uint16")
    bands = [Path(name) for name in single_bands(asked.ms, "b{}.tif")]
    inner = [stack(band.with_suffix(".vrt"), [band]) for band in bands]
    inner[2] = inner[2].rename(folder / "b3.named-otherwise")
    (folder / "link.tif").symlink_to(asked.pan)
    return replace(asked, ms=str(stack(folder / "stack.vrt", inner)))


@pytest.fixture
def untouched(inputs: Quality, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail where work begins, or an input is changed."""

    def work(*args: Any, **more: Any) -> None:
        raise AssertionError("work has begun")

    for module, name in (
        (run_settings, "select_method"),
        (quality, "compare"),
        (align, "measure"),
        (simulate, "write_reduced"),
    ):
        monkeypatch.setattr(module, name, work)
    folder = Path(inputs.pan).parent
    before = {path: path.read_bytes() for path in folder.iterdir()}
    yield
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def sharpen(inputs: Quality, folder: Path, field: str, target: str, **more: Any) -> None:
    files = {"out": str(folder / "good.tif"), field: target}
    method = {"spread": "srino", "save_fit": "scene-fit"}.get(field, "exp")
    perform(Pansharpen(inputs.pan, inputs.ms, **files, method=method, scene_test=True, **more))


def assess(inputs: Quality, folder: Path, field: str, target: str) -> None:
    perform(replace(inputs, **{field: target}, scene_test=True))


def move(inputs: Quality, folder: Path, field: str, target: str) -> None:
    perform(Align(inputs.pan, inputs.ms, **{field: target}))


def reduce(inputs: Quality, folder: Path, field: str, target: str) -> None:
    files = {name: str(folder / f"{name}.tif") for name in ("out_pan", "out_ms", "out_reference")}
    perform(Simulate(inputs.pan, inputs.ms, **{**files, field: target}))


Run = Callable[[Quality, Path, str, str], None]
RASTERS: list[tuple[Run, str]] = [
    *((sharpen, field) for field in ("out", "spread")),
    *((assess, field) for field in ("sam_map", "q2n_map", "error_map")),
    (move, "out"),
    *((reduce, field) for field in ("out_pan", "out_ms", "out_reference")),
]
EVERY_FILE = [
    *RASTERS, (sharpen, "report"), (sharpen, "save_fit"), (assess, "report"), (move, "report"),
]  # fmt: skip


def name_of(field: str) -> str:
    return {"report": "o.html", "save_fit": "o.json"}.get(field, "o.tif")


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("run", "field"), EVERY_FILE)
def test_a_folder_that_cannot_be_written_to(
    run: Run, field: str, inputs: Quality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, bad = tempfile.mkdtemp, tmp_path / "bad"

    def refuse(*args: Any, **more: Any) -> str:
        if Path(more.get("dir") or "") == bad:
            raise OSError(30, "Read-only file system")  # root may write everywhere else
        return make(*args, **more)

    bad.mkdir()
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    # Such a place may have no space, too; that is not what is wrong.
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(0))
    with raises_code("output-folder-not-writable", reason="Read-only file system"):
        run(inputs, tmp_path, field, str(bad / name_of(field)))
    assert [*tmp_path.rglob("*")] == [bad]


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("run", "field"), EVERY_FILE)
def test_a_place_of_no_use(run: Run, field: str, inputs: Quality, tmp_path: Path) -> None:
    """What someone protects, what is no file, a folder that is not there, another ending."""
    target = tmp_path / name_of(field)
    target.write_bytes(b"mine")
    target.chmod(0o444)
    with raises_code("output-read-only"):
        run(inputs, tmp_path, field, str(target))
    assert target.read_bytes() == b"mine"
    target.unlink()
    target.mkdir()
    for place, code in (
        (target, "output-not-a-file"),
        (tmp_path / "none" / target.name, "output-folder-missing"),
        (target.with_suffix(".jpg"), "output-suffix"),
    ):
        with raises_code(code):
            run(inputs, tmp_path, field, str(place))
    assert [*tmp_path.rglob("*")] == [target]


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("run", "field"), RASTERS)
def test_an_input_is_not_replaced(run: Run, field: str, inputs: Quality, tmp_path: Path) -> None:
    """Nor what it is read from, by its name, a link or another spelling."""
    folder = Path(inputs.pan).parent
    assert {Path(each).name for each in files_of(inputs.ms)} >= {"b1.vrt", "b1.tif", "b3.tif"}
    for name in ("link.tif", f"../{folder.name}/pan.tif"):
        with raises_code("output-is-input"):
            run(inputs, tmp_path, field, str(folder / name))
    for name in ("b1.tif", "b3.tif"):
        with raises_code("output-is-source-of-input", path=folder / name, source=inputs.ms):
            run(inputs, tmp_path, field, str(folder / name))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("run", "field"), [(sharpen, "out"), (sharpen, "spread"), (assess, "error_map"), (move, "out")]
)
def test_a_disk_too_small(
    run: Run, field: str, inputs: Quality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(1000))
    with raises_code("too-little-space"):
        run(inputs, tmp_path, field, str(tmp_path / "o.tif"))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.usefixtures("untouched")
def test_all_files_of_a_request_must_fit_and_one_without_compression_whole(
    inputs: Quality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image takes 0.22 MB and its error bar 0.44: each fits when halved, both do not."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(300_000))
    with raises_code("too-little-space", needed="0.7 MB", free="0.3 MB"):
        sharpen(inputs, tmp_path, "spread", str(tmp_path / "o.tif"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(200_000))
    options = {"COMPRESS": "NONE"}
    with raises_code("too-little-space", needed="0.2 MB"):
        sharpen(inputs, tmp_path, "out", str(tmp_path / "o.tif"), creation_options=options)


def test_sizes_are_told_in_units_that_show_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(700 * 2**20))
    with raises_code("too-little-space", needed="3.2 GB", free="734.0 MB"):
        check_space(tmp_path / "o.tif", 3 * 2**30)


def test_two_files_of_a_request_are_not_one(inputs: Quality, tmp_path: Path) -> None:
    one = str(tmp_path / "o.tif")
    with raises_code("outputs-are-one-file"):
        perform(Simulate(inputs.pan, inputs.ms, one, str(tmp_path / "p.tif"), one))
    with raises_code("maps-are-one-file"):
        perform(replace(inputs, sam_map=one, q2n_map=one))
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_another_program_holds_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows refuses to replace it."""
    target = tmp_path / "o.tif"
    target.write_bytes(b"shown")

    def refuse(*args: Any) -> None:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(Path, "replace", refuse)
    with raises_code("output-in-use"):
        check_target(target, [])
    assert target.read_bytes() == b"shown"


def test_a_check_leaves_the_target_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "o.tif"
    target.write_bytes(b"an earlier result")
    before = target.stat()
    assert check_target(target, []) == target
    after = target.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list(tmp_path.iterdir()) == [target]


def test_input_that_is_no_path_protects_its_files(inputs: Quality, tmp_path: Path) -> None:
    band, stacked = Path(inputs.pan).with_name("b2.tif"), Path(inputs.ms).read_text()
    with_path = stacked.replace('relativeToVRT="1">', f'relativeToVRT="0">{band.parent}/')
    for source in (f"GTIFF_DIR:1:{band}", f"vrt://{band}?bands=1", with_path):
        with rasterio.open(source) as opened:
            assert opened.count
        with raises_code("output-is-source-of-input"):
            check_target(band, [source])
        assert check_target(tmp_path / "new.tif", [source])
    (tmp_path / "old.tif").write_bytes(b"an earlier result")
    for source in (inputs.ms, with_path, "nowhere.tif", str(tmp_path)):
        assert check_target(tmp_path / "old.tif", [source]).name == "old.tif"


def test_vrt_that_contains_itself_ends(tmp_path: Path) -> None:
    band = write(tmp_path / "b.tif", np.ones((1, 8, 8), np.uint16))
    one, two = stack(tmp_path / "one.vrt", [band]), stack(tmp_path / "two.vrt", [band])
    for path, other in ((one, "two.vrt"), (two, "one.vrt")):
        path.write_text(path.read_text().replace("b.tif", other))
    assert {Path(name).name for name in files_of(one)} == {"one.vrt", "two.vrt"}
