# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters that are no files of their own: in archives, at addresses, as subdatasets."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import rasterio
import rasterio.shutil
from fakes import perform
from raising import raises_code
from raster_files import pixels
from scenes import landscape

from core.pair.scene import Scene
from core.report.markup import escape
from core.requests.scenes import Align, Pansharpen, Quality, Simulate

SIGNED = "sig=ab//cd;e&f=%2F"


@pytest.fixture
def asked(tmp_path: Path) -> Quality:
    """A pair of files, and a fused image of it."""
    made = landscape(64, 64)
    return made.written(tmp_path, made.reference, "uint16")


def zipped(folder: Path) -> tuple[str, str]:
    """The pair in an archive, MS as a VRT that names its sources relative to itself."""
    rasterio.shutil.copy(folder / "ms.tif", folder / "ms.vrt", driver="VRT")
    assert 'relativeToVRT="1"' in (folder / "ms.vrt").read_text()
    with zipfile.ZipFile(folder / "pair.zip", "w") as archive:
        for name in ("pan.tif", "ms.tif", "ms.vrt"):
            archive.write(folder / name, f"scene/{name}")
    # As GDAL and QGIS name it: the path within begins with a slash of its own.
    within = f"/vsizip/{folder}/pair.zip/scene/"
    return f"{within}pan.tif", f"{within}ms.vrt"


def in_tar(folder: Path) -> tuple[str, str]:
    with tarfile.open(folder / "pair.tar.gz", "w:gz") as archive:
        for name in ("pan.tif", "ms.tif"):
            archive.add(folder / name, name)
    return f"/vsitar/{folder}/pair.tar.gz/pan.tif", f"/vsitar/{folder}/pair.tar.gz/ms.tif"


def subdatasets(folder: Path) -> tuple[str, str]:
    """PAN is a table of a GeoPackage, MS the directory of a TIFF."""
    rasterio.shutil.copy(folder / "pan.tif", folder / "p.gpkg", driver="GPKG", raster_table="PAN")
    return f"GPKG:{folder}/p.gpkg:PAN", f"GTIFF_DIR:1:{folder}/ms.tif"


def inline(folder: Path) -> tuple[str, str]:
    """MS is the text of a VRT."""
    rasterio.shutil.copy(folder / "ms.tif", folder / "ms.vrt", driver="VRT")
    text = (folder / "ms.vrt").read_text().replace('relativeToVRT="1">', f">{folder}/")
    return str(folder / "pan.tif"), text


# GDAL keeps the interpreter while it waits for an address: the server is a process of its own.
SERVER = f"""
import functools, http.server, sys

class SignedStore(http.server.SimpleHTTPRequestHandler):
    # As a store of signed addresses: a file is found by its very signature only.
    def send_head(self):
        name, _, signature = self.path.partition("?")
        if name.endswith(".tif") and signature == {SIGNED!r}:
            return super().send_head()
        self.send_error(404)

handler = functools.partial(SignedStore, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a server of the folder."""
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as server:
        assert server.stdout
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.kill()


def sharpened(asked: Quality, folder: Path) -> bytes:
    out = folder / "out.tif"
    perform(Pansharpen(asked.pan, asked.ms, str(out), method="gsa"))
    return pixels(out)


def assessed(asked: Quality, folder: Path) -> object:
    page = folder / "page.html"
    found = perform(replace(asked, report=str(page)))
    assert escape(asked.pan) in page.read_text("utf-8")
    return found["scores"], found["consistency"]


def reduced(asked: Quality, folder: Path) -> bytes:
    names = [str(folder / f"{name}-reduced.tif") for name in ("pan", "ms", "reference")]
    perform(Simulate(asked.pan, asked.ms, *names))
    return pixels(folder / "ms-reduced.tif")


def aligned(asked: Quality, folder: Path) -> bytes:
    out, page = folder / "aligned.tif", folder / "page.html"
    perform(Align(asked.pan, asked.ms, str(out), str(page)))
    return pixels(out)


WORK = [sharpened, assessed, reduced, aligned]


@pytest.mark.parametrize(
    ("work", "renamed"),
    [*((assessed, form) for form in (zipped, in_tar, subdatasets)), *((w, inline) for w in WORK)],
)
def test_command_works_by_any_name_as_by_path(
    work: Callable[[Quality, Path], object],
    renamed: Callable[[Path], tuple[str, str]],
    asked: Quality,
    tmp_path: Path,
) -> None:
    """Sharpening by other names of a pair is of the fault table."""
    pan, ms = renamed(tmp_path)
    assert work(replace(asked, pan=pan, ms=ms), tmp_path) == work(asked, tmp_path)


@pytest.mark.parametrize("work", WORK[:3])
@pytest.mark.parametrize("prefix", ["", "/vsicurl/"])
def test_signed_address_opens_as_it_is_and_without_noise(
    work: Callable[[Quality, Path], object],
    prefix: str,
    asked: Quality,
    address: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    there = replace(asked, ms=f"{prefix}{address}/ms.tif?{SIGNED}")
    assert work(there, tmp_path) == work(asked, tmp_path)
    assert not [each for each in caplog.records if each.name.startswith("rasterio")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nowhere.tif", "raster-missing"),
        ("/vsizip//nowhere/scene.zip/pan.tif", "raster-name-unreadable"),
        ("GPKG:nowhere.gpkg:pan", "raster-name-unreadable"),
        ("http://127.0.0.1:9/pan.tif", "raster-name-unreadable"),
    ],
)
def test_missing_raster_is_told_by_its_name(name: str, code: str, asked: Quality) -> None:
    with raises_code(code, role="PAN", path=name):
        Scene.open(name, asked.ms)
