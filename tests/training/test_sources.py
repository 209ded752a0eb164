# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters to training scenes: what is ground, where it lies, what is held out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from raising import raises_code
from rasterio.crs import CRS
from small import facts_logged

from core.synthetic.pairs import write_pair
from training import patches
from training.distributed import ALONE
from training.initialise import validate_config
from training.recipe import Recipe
from training.scenes import TRAIN, VALIDATION
from training.sources import Box, clouds, load_sources, overlapping_groups

UTM = CRS.from_epsg(32631)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One pair, PAN 256 px, MS 64 px of blue, green, red, nir."""
    data = tmp_path_factory.mktemp("data")
    write_pair(data / "quickbird", 256, 4, 3)
    return data


def change(path: Path, values: Any = None, **profile: Any) -> None:
    """Write a raster anew with other values or another profile."""
    with rasterio.open(path) as source:
        image = source.read() if values is None else values(source.read())
        names, old = source.descriptions, source.profile
    with rasterio.open(path, "w", **{**old, **profile}) as target:
        target.write(image)
        target.descriptions = names


@pytest.fixture
def tiles(folder: Path, tmp_path: Path) -> Path:
    """Four pairs: a and b overlap, c and d lie elsewhere."""
    for number, name in enumerate("abcd"):
        for kind in ("pan", "ms"):
            path = tmp_path / "tiles" / f"{name}_{kind}.tif"
            path.parent.mkdir(exist_ok=True)
            shutil.copy(folder / "quickbird" / f"{kind}.tif", path)
            with rasterio.open(path) as source:
                place = Affine.translation(40 if name == "b" else 5000 * number, 0)
                moved = place * source.transform
            change(path, transform=moved)
    return tmp_path


def parts(data: Path, **entry: Any) -> dict[str, str]:
    return {s.name[0]: s.part for s in load_sources([{"folder": "tiles", **entry}], data)}


def test_a_pair_tells_its_sensor_and_any_other_can_be_named(folder: Path) -> None:
    (told,) = load_sources([{"folder": "quickbird", "weight": 0.4}], folder)
    assert (told.sensor, told.gains) == ("quickbird", (0.34, 0.32, 0.30, 0.22))
    assert (told.part, told.weight, told.ms.shape) == (TRAIN, 0.4, (4, 64, 64))
    pair = {"pan": "quickbird/pan.tif", "ms": "quickbird/ms.tif"}
    (named,) = load_sources([{**pair, "sensor": "wv3", "ms_bands": [3, 1]}], folder)
    assert named.sensor == "worldview3" and named.bands == 2
    np.testing.assert_array_equal(named.ms[0:1], told.ms[2:3])
    (unknown,) = load_sources([{**pair, "sensor": "generic"}], folder)
    assert (unknown.sensor, unknown.gains) == ("", ())


def filled(value: int, where: Any) -> Callable[[np.ndarray], np.ndarray]:
    """A change of an image: one value in all bands at a place."""

    def change_image(image: np.ndarray) -> np.ndarray:
        image[where] = value
        return image

    return change_image


def test_declared_nodata_and_the_user_s_is_no_ground(tiles: Path) -> None:
    holes = filled(65535, np.s_[:, 20:30, 40:50])
    change(tiles / "tiles" / "a_ms.tif", holes, nodata=65535)
    change(tiles / "tiles" / "b_ms.tif", holes)
    a, b, *_ = load_sources([{"folder": "tiles"}], tiles)
    assert not a.valid[19:31, 39:51].any() and a.valid[:17].all()
    assert b.valid.all()
    b = load_sources([{"folder": "tiles", "nodata": 65535}], tiles)[1]
    assert not b.valid[20:30, 40:50].any()
    assert max(float(a.ms[:].max()), float(b.ms[:].max())) < 3000, "holes are filled, not seen"


def test_a_black_rim_of_pan_alone_is_no_ground(tiles: Path) -> None:
    change(tiles / "tiles" / "c_pan.tif", filled(0, np.s_[:, :40]))
    c = load_sources([{"folder": "tiles"}], tiles)[2]
    assert not c.valid[:12].any() and c.valid[15:].all()


def test_black_collars_are_no_ground(tiles: Path) -> None:
    for kind, collar in (("pan", 80), ("ms", 20)):
        change(tiles / "tiles" / f"c_{kind}.tif", filled(0, np.s_[:, :, :collar]))
    c = load_sources([{"folder": "tiles"}], tiles)[2]
    assert not c.valid[:, :22].any() and c.valid[:, 24:].all()
    corners = c.squares(32)
    assert len(corners) and (corners[:, 1] >= 22).all()


def test_an_extent_is_all_that_is_read(folder: Path) -> None:
    with rasterio.open(folder / "quickbird" / "ms.tif") as file:
        left, bottom, _, top = file.bounds
        pixel = file.transform.a
    box = [left, top - 40 * pixel, left + 30 * pixel, top]
    (part,) = load_sources([{"folder": "quickbird", "extent": box}], folder)
    (whole,) = load_sources([{"folder": "quickbird"}], folder)
    assert part.size == (40, 30) and bottom < box[1]
    np.testing.assert_array_equal(part.ms[:], whole.ms[:, :40, :30])
    np.testing.assert_allclose(part.pan[:], whole.pan[:40, :30], rtol=1e-5)


def test_a_grid_half_a_pixel_apart_keeps_its_place(tiles: Path) -> None:
    """PAN moved by two of its pixels, with its georeference, shows the same at the same MS px."""
    path = tiles / "tiles" / "d_pan.tif"
    with rasterio.open(path) as source:
        moved = source.transform * Affine.translation(2, 2)
    change(path, lambda image: image[:, 2:, 2:], transform=moved, height=254, width=254)
    _, _, c, d = load_sources([{"folder": "tiles"}], tiles)
    first = 64 - d.size[0]
    inner = np.s_[4:56, 4:56]
    np.testing.assert_allclose(d.pan[inner], c.pan[first:, first:][inner], rtol=1e-4)


def test_named_scenes_are_held_out_and_weights_are_of_each_part(tiles: Path) -> None:
    entry = {"folder": "tiles", "validation": ["a_ms", "b_ms"], "weight": 0.6, "bits": 8}
    found = load_sources([entry], tiles)
    assert [s.part for s in found] == [VALIDATION, VALIDATION, TRAIN, TRAIN]
    assert [s.weight for s in found] == [0.3] * 4 and found[0].bits == 8
    for wrong in (["e_ms"], ["a_ms", "b_ms", "c_ms", "d_ms"]):
        with raises_code("scenes-not-held-out"):
            parts(tiles, validation=wrong)


def test_overlapping_images_are_held_out_together_or_not_at_all(tiles: Path) -> None:
    seen = [parts(tiles, validation=share) for share in (0, 0.1, 0.5, 1)]
    assert [sum(p == VALIDATION for p in s.values()) for s in seen] == [0, 1, 2, 2]
    assert all(s["a"] == s["b"] == TRAIN for s in seen)


def test_images_that_do_not_say_where_they_lie_must_be_named(tiles: Path) -> None:
    for path in (tiles / "tiles").iterdir():
        change(path, crs=None)
    with raises_code("share-not-held-out"):
        parts(tiles, validation=0.25)
    assert parts(tiles, validation=["a_ms"])["a"] == VALIDATION


def test_ground_that_is_held_out_is_not_trained_on(tiles: Path) -> None:
    with raises_code("held-out-overlaps", held_out="a_ms", trained_on="b_ms"):
        parts(tiles, validation=["a_ms"])
    pairs = [{f: f"tiles/{name}_{f}.tif" for f in ("pan", "ms")} for name in "bca"]
    with raises_code("held-out-overlaps", held_out="a_ms", trained_on="b_ms"):
        load_sources([*pairs[:2], {**pairs[2], "validation": True}], tiles)
    assert len(load_sources([pairs[1], {**pairs[2], "validation": True}], tiles)) == 2


def test_scenes_whose_files_are_called_alike_are_told_apart(folder: Path, tmp_path: Path) -> None:
    for place in ("north", "south/west"):
        shutil.copytree(folder / "quickbird", tmp_path / "all" / place)
    shutil.copy(folder / "quickbird" / "pan.tif", tmp_path / "all" / "x_pan.tif")
    shutil.copy(folder / "quickbird" / "ms.tif", tmp_path / "all" / "x_ms.tif")
    found = load_sources([{"folder": "all"}], tmp_path)
    assert [s.name for s in found] == ["north/ms", "south/west/ms", "x_ms"]


def test_pairs_of_a_folder_are_found_as_by_pansharpen_a_folder(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "all" / "north"
    shutil.copytree(folder / "quickbird", place)
    (place / "pan.tif").rename(place / "scene_PAN.tiff")
    (place / "ms.tif").rename(place / "scene_MUL.tiff")
    (place / "notes.tif").write_text("no raster")
    (found,) = load_sources([{"folder": "all"}], tmp_path)
    assert facts_logged(caplog) == []
    (place / "scene_PAN.tiff").rename(place / "other_PAN.tiff")
    load_sources([{"folder": "all"}], tmp_path)
    assert [name for name, _doubts in facts_logged(caplog)] == ["other"]
    (plain,) = load_sources([{"folder": "quickbird"}], folder)
    assert found.name == "scene_MUL"
    np.testing.assert_array_equal(found.ms[:], plain.ms[:])
    np.testing.assert_array_equal(found.pan[:], plain.pan[:])


@pytest.mark.parametrize(
    ("code", "kind", "file", "facts"),
    [
        ("no-training-pairs", "folder", "ms.tif", {}),
        ("no-training-images", "images", "", {}),
        ("image-of-few-bands", "images", "pan.tif", {"least": 3, "bands": 1}),
    ],
)
def test_folders_without_what_is_needed_are_explained(
    folder: Path, tmp_path: Path, code: str, kind: str, file: str, facts: dict[str, int]
) -> None:
    (tmp_path / "one").mkdir()
    if file:
        shutil.copy(folder / "quickbird" / file, tmp_path / "one")
    with raises_code(code, **facts):
        load_sources([{kind: "one"}], tmp_path)


@pytest.mark.parametrize(
    ("code", "entry"),
    [
        ("data-folder-missing", {"folder": "two"}),
        ("unknown-source-kind", {}),
        ("unknown-source-kind", {"pan": "pan.tif"}),
    ],
)
def test_entries_that_name_nothing_are_explained(
    tmp_path: Path, code: str, entry: dict[str, str]
) -> None:
    with raises_code(code):
        load_sources([entry], tmp_path)


def test_what_overlaps_by_another_is_one_scene() -> None:
    def box(left: float, right: float, crs: CRS | None = UTM) -> Box:
        return crs, left, 0, right, 10

    chain = [box(0, 10), box(20, 30), box(5, 25), box(30, 40)]
    assert overlapping_groups(chain) == [[0, 1, 2], [3]]
    assert overlapping_groups([box(0, 10), box(0, 10, CRS.from_epsg(32632))]) == [[0], [1]]
    assert overlapping_groups([box(0, 10), box(50, 60, None)]) == [[0, 1]]


def test_thick_clouds_are_found_and_bright_soil_and_roofs_are_not() -> None:
    rng = np.random.default_rng(0)
    ground = np.array([300, 400, 380])[:, None, None] * rng.gamma(9, 1 / 9, (80, 80))
    ms = (ground + np.array([900, 700, 500])[:, None, None]).astype(np.float32)
    ms[:, 10:30, 10:30] += 3000
    ms[:, 50:70, 10:30] += np.array([500, 1500, 3000], np.float32)[:, None, None]
    ms[:, 60:63, 60:63] += 3000
    valid = np.ones((80, 80), bool)
    found = clouds(ms, valid, ("blue", "green", "red"))
    assert found[10:30, 10:30].mean() > 0.95
    assert not found[45:, :].any() and not found[:, 45:].any()
    with raises_code("clouds-need-bands"):
        clouds(ms, valid, (None,) * 3)


def test_the_clouds_of_a_real_scene(shared_data: Path) -> None:
    data = shared_data / "train"
    (clear,) = load_sources([{"folder": "landsat8"}], data)
    (scene,) = load_sources([{"folder": "landsat8", "clouds": True}], data)
    assert clear.valid.mean() > 0.99 and scene.sensor == "landsat8"
    masked = ~scene.valid
    assert 0.1 < masked.mean() < 0.25
    blue = scene.ms[:][0]
    assert blue[masked].mean() > 1.2 * blue[scene.valid].mean()
    assert masked[-110:].mean() < 0.01, "the clear strip in the south is kept"


def test_the_shipped_recipe_s_file_can_be_copied_anywhere(
    shared_data: Path, root: Path, tmp_path: Path
) -> None:
    recipe = Recipe.read(root / "training" / "recipes" / "ksdiff-scene.json")
    sources = load_sources(recipe.sources, shared_data / "train")
    held = {s.name for s in sources if s.part == VALIDATION}
    assert {"L7_37_ms", "L7_38_ms", "L7_39_ms"} < held
    assert len(sources) == 27 + 1 + 3 + 1 + 334 + 7 + 14 + 24
    assert patches.write(tmp_path / "patches", sources, recipe.sources) <= 200e6
    validate_config(recipe, patches.open(tmp_path / "patches", recipe.sources), ALONE)


def test_pairs_are_reduced_to_the_grid_of_ms(folder: Path) -> None:
    """PAN at MS resolution is where MS is: it correlates best without a shift."""
    (scene,) = load_sources([{"folder": "quickbird"}], folder)
    ms, pan = scene.ms[:], scene.pan[:]
    assert pan.shape == ms.shape[1:] == (64, 64)
    grey = ms.mean(0)[2:-2, 2:-2]

    def likeness(dy: int, dx: int) -> float:
        shifted = pan[2 + dy : 62 + dy, 2 + dx : 62 + dx]
        return float(np.corrcoef(shifted.ravel(), grey.ravel())[0, 1])

    best = max(((y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)), key=lambda s: likeness(*s))
    assert best == (0, 0)


def test_an_up_sampled_ms_is_averaged(folder: Path) -> None:
    (full,) = load_sources([{"folder": "quickbird"}], folder)
    (half,) = load_sources([{"folder": "quickbird", "average_ms": 2}], folder)
    assert half.size == (32, 32)
    np.testing.assert_allclose(half.ms[:][:, 0, 0], full.ms[:, :2, :2].mean(axis=(1, 2)), rtol=1e-5)


def test_images_without_pan_are_read_with_their_bands(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "aerial").mkdir()
    path = tmp_path / "aerial" / "one.tif"
    shutil.copy(folder / "quickbird" / "ms.tif", path)
    change(path, values=lambda image: np.where(np.arange(64) < 20, 0, image))
    (scene,) = load_sources([{"images": "aerial", "validation": True}], tmp_path)
    assert (scene.name, scene.pan, scene.size, scene.bands) == ("one", None, (64, 64), 4)
    assert scene.part == VALIDATION
    np.testing.assert_array_equal(scene.valid.any(axis=0), np.arange(64) >= 20)
    with rasterio.open(path) as written:
        np.testing.assert_array_equal(scene.ms[:], written.read())


def test_a_pair_can_be_aligned_before_it_is_reduced(tmp_path: Path) -> None:
    write_pair(tmp_path / "pair", 512, 4, 3)
    with rasterio.open(tmp_path / "pair" / "pan.tif") as pan:
        place = pan.transform
    off = place * Affine.translation(0, -8) * Affine.scale(4)  # two MS px too far up
    change(tmp_path / "pair" / "ms.tif", transform=off)
    agreed = {}
    for align in (False, True):
        (scene,) = load_sources([{"folder": "pair", "align": align}], tmp_path)
        rows, cols = scene.random_square(np.random.default_rng(0), 96)
        ms, pan = scene.ms[:, rows, cols].mean(axis=0), scene.pan[rows, cols]
        agreed[align] = np.corrcoef(ms.ravel(), pan.ravel())[0, 1]
    assert agreed[True] > agreed[False] + 0.1
