# SPDX-License-Identifier: GPL-2.0-or-later
"""A file that could not be written is told before any work, for every file of a request."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import rasterio
from fakes import write_pair
from raising import raises_code

from core.commands import align, pansharpen, quality, simulate
from core.fusion import run_settings
from core.progress import Pace
from core.raster.output_files import check_target
from core.requests.scenes import Align, Pansharpen, Quality, Simulate

Run = Callable[[tuple[str, str], Path, str], Any]


@dataclass(frozen=True)
class Free:
    """A disk's usage, of which only what is free matters."""

    free: int


def sharpened(pair: tuple[str, str], folder: Path, field: str) -> None:
    ending = {"report": ".html", "save_fit": ".json"}.get(field, ".tif")
    files = {"out": str(folder / "good.tif"), field: str(folder / "bad" / f"o{ending}")}
    method = {"spread": "srino", "save_fit": "scene-fit"}.get(field, "exp")
    asked = Pansharpen(*pair, **files, method=method, scene_test=True)
    pansharpen.perform(asked, lambda *_: None, Pace())


def assessed(pair: tuple[str, str], folder: Path, field: str) -> None:
    ending = ".html" if field == "report" else ".tif"
    more = {field: str(folder / "bad" / f"o{ending}")}
    asked = Quality(*pair, str(folder / "in" / "fused.tif"), **more, scene_test=True)
    quality.perform(asked, lambda *_: None, Pace())


def aligned(pair: tuple[str, str], folder: Path, field: str) -> None:
    ending = ".html" if field == "report" else ".tif"
    asked = Align(*pair, **{field: str(folder / "bad" / f"o{ending}")})
    align.perform(asked, lambda *_: None, Pace())


def reduced(pair: tuple[str, str], folder: Path, field: str) -> None:
    files = {name: str(folder / f"{name}.tif") for name in ("out_pan", "out_ms", "out_reference")}
    files[field] = str(folder / "bad" / "o.tif")
    simulate.perform(Simulate(*pair, **files), lambda *_: None, Pace())


EVERY_FILE = [
    *((sharpened, field) for field in ("out", "spread", "report", "save_fit")),
    *((assessed, field) for field in ("sam_map", "q2n_map", "error_map", "report")),
    *((aligned, field) for field in ("out", "report")),
    *((reduced, field) for field in ("out_pan", "out_ms", "out_reference")),
]


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A pair; whoever begins to work on it fails."""

    def work(*args: Any, **more: Any) -> None:
        raise AssertionError("work has begun")

    for module, name in (
        (run_settings, "select_method"),
        (quality, "compare"),
        (align, "measure"),
        (simulate, "write_reduced"),
    ):
        monkeypatch.setattr(module, name, work)
    (tmp_path / "bad").mkdir()
    pan, ms = write_pair(tmp_path / "in")
    with rasterio.open(pan) as grid, rasterio.open(ms) as bands:
        values, profile = bands.read().repeat(4, axis=1).repeat(4, axis=2), grid.profile
    with rasterio.open(tmp_path / "in" / "fused.tif", "w", **{**profile, "count": 4}) as fused:
        fused.write(values)
    return str(pan), str(ms)


@pytest.mark.parametrize(("run", "field"), EVERY_FILE)
def test_a_folder_that_cannot_be_written_to(
    run: Run, field: str, pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = tempfile.mkdtemp

    def refuse(*args: Any, **more: Any) -> str:
        if Path(more.get("dir") or "") == tmp_path / "bad":
            raise OSError(30, "Read-only file system")  # root may write everywhere else
        return make(*args, **more)

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with raises_code("output-folder-not-writable", reason="Read-only file system"):
        run(pair, tmp_path, field)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad", "in"]


@pytest.mark.parametrize(("run", "field"), EVERY_FILE)
def test_a_file_that_someone_protects(
    run: Run, field: str, pair: tuple[str, str], tmp_path: Path
) -> None:
    for name in ("o.tif", "o.html", "o.json"):
        (tmp_path / "bad" / name).write_bytes(b"mine")
        (tmp_path / "bad" / name).chmod(0o444)
    with raises_code("output-read-only"):
        run(pair, tmp_path, field)
    assert {path.read_bytes() for path in (tmp_path / "bad").iterdir()} == {b"mine"}


@pytest.mark.parametrize(
    ("run", "field"),
    [(sharpened, "out"), (sharpened, "spread"), (assessed, "error_map"), (aligned, "out")],
)
def test_a_disk_too_small(
    run: Run, field: str, pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(1000))
    with raises_code("too-little-space"):
        run(pair, tmp_path, field)
    assert list((tmp_path / "bad").iterdir()) == []


def test_all_files_of_a_request_must_fit(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image takes 0.3 MB and its error bar 0.6: each fits when halved, both do not."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(400_000))
    with raises_code("too-little-space", needed="0.9 MB"):
        sharpened(pair, tmp_path, "spread")


def test_a_file_without_compression_must_fit_whole(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Free(250_000))
    asked = Pansharpen(*pair, str(tmp_path / "o.tif"), creation_options={"COMPRESS": "NONE"})
    with raises_code("too-little-space", needed="0.3 MB"):
        pansharpen.perform(asked, lambda *_: None, Pace())


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
