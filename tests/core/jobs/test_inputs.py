# SPDX-License-Identifier: GPL-2.0-or-later
"""A job refuses inputs that are not what they were when it was planned, also of the same size."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from fakes import ROOT, write_pair
from made_jobs import Made
from raising import raises_code
from raster_files import edited

from core.errors import InputError

HOURS = 3600


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """PAN and MS that were written some hours ago."""
    pan, ms = write_pair(tmp_path / "in", size=512)
    for path in (pan, ms):
        written(path, HOURS)
    return pan, ms


def written(path: Path, ago: int) -> None:
    """Have a file that was changed so many seconds before the others were made."""
    os.utime(path, (1.7e9 - ago, 1.7e9 - ago))


def change(path: Path, at: int) -> None:
    """Change a byte of a file, whose size and time stay."""
    times = path.stat()
    content = bytearray(path.read_bytes())
    content[at] ^= 255
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def planned(pair: tuple[Path, Path] | tuple[str, str], folder: Path) -> Made:
    job = Made((str(pair[0]), str(pair[1])), folder, method="exp", tile=256)
    job.plan(part_size=256)
    return job


def refused(job: Made, name: str) -> None:
    with raises_code("job-input-changed", InputError) as caught:
        job.run()
    assert Path(str(caught.value.facts["path"])).name == name


@pytest.mark.parametrize("at", [-1, 200])
def test_other_content_of_the_same_size_and_time(
    pair: tuple[Path, Path], tmp_path: Path, at: int
) -> None:
    job = planned(pair, tmp_path)
    change(pair[0], at)
    refused(job, "pan.tif")


def test_a_later_time_tells_of_what_no_block_shows(pair: tuple[Path, Path], tmp_path: Path) -> None:
    job = planned(pair, tmp_path)
    written(pair[1], HOURS - 1)
    refused(job, "ms.tif")


def test_what_gdal_writes_beside_an_image_is_no_change(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    job = planned(pair, tmp_path)
    with rasterio.open(pair[0]) as pan:
        pan.stats()
        pan.checksum(1)
    pair[0].with_name("pan.tif.aux.xml").write_text("<PAMDataset/>")
    assert job.run()["done"] == 4


def test_the_files_that_a_vrt_names_count_too(pair: tuple[Path, Path], tmp_path: Path) -> None:
    vrt = tmp_path / "in" / "ms.vrt"
    rasterio.shutil.copy(pair[1], vrt, driver="VRT")
    job = planned((pair[0], vrt), tmp_path)
    change(pair[1], -1)
    refused(job, "ms.tif")


# GDAL keeps the interpreter while it waits for an address: the server is a process of its own. It
# gives ranges of bytes, as every store does; Python's own does not.
SERVER = """
import http.server, os, re, sys

class Ranges(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        try:
            content = open(os.path.join(sys.argv[1], self.path.lstrip("/")), "rb").read()
        except OSError:
            return self.send_error(404)
        asked = re.fullmatch(r"bytes=(\\d+)-(\\d+)", self.headers.get("Range", ""))
        first, last = map(int, asked.groups()) if asked else (0, len(content) - 1)
        part = content[first:last + 1]
        self.send_response(206 if asked else 200)
        if asked:
            at = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
            self.send_header("Content-Range", at)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        if body:
            self.wfile.write(part)

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ranges)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def address(pair: tuple[Path, Path]) -> Iterator[str]:
    """The address of a server of the pair, in a process of its own."""
    command = [sys.executable, "-c", SERVER, str(pair[0].parent)]
    with subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout
        yield f"/vsicurl/http://127.0.0.1:{server.stdout.readline().strip()}"
        server.kill()


def test_pixels_at_an_address(pair: tuple[Path, Path], address: str, tmp_path: Path) -> None:
    """GDAL remembers what it has read of an address: each command is a process."""

    def run() -> str:
        command = [sys.executable, "-m", "core", "run", "--job", job.job, "--part", "1"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stderr

    job = planned((f"{address}/pan.tif", f"{address}/ms.tif"), tmp_path)
    assert "changed" not in run()
    kept = tmp_path / "kept.tif"
    shutil.copy(pair[1], kept)
    edited(pair[1], lambda values: np.roll(values, 1, axis=2))
    assert pair[1].stat().st_size == kept.stat().st_size
    next(Path(job.job).rglob("parts/0000.json")).unlink()
    assert f"{address}/ms.tif is missing, or has changed" in run()
    shutil.copy(kept, pair[1])
    job.run()
    job.collect()
    assert job.same
