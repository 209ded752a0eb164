# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs from STAC items, and the items of the results."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import rasterio
from fakes import perform, write_pair
from made_jobs import Made
from raising import raises_code
from raster_files import pixels

from core.errors import InputError
from core.jobs.stac import EXTENSIONS, read_items
from core.requests.jobs import Plan, Run

pystac = pytest.importorskip("pystac")


def item(name: str, assets: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": name,
        "geometry": None,
        "properties": {
            "datetime": "2024-05-06T10:11:12Z", "platform": "sat-1", "gsd": 2.0, "proj:epsg": 1,
        },
        "links": [{"rel": "self", "href": f"https://catalogue.example/{name}"}],
        "assets": assets,
    }  # fmt: skip


def collected(folder: Path, items: Any, **more: Any) -> list[str]:
    """Carry a job of items out; return the files."""
    (folder / "items.json").write_text(json.dumps(items))
    asked = Plan(
        job=str(folder / "job"), items=str(folder / "items.json"), method="gsa",
        out_folder=str(folder / "out"), **more,
    )  # fmt: skip
    perform(asked)
    perform(Run(str(folder / "job")))
    files: list[str] = Made(("", ""), folder).collect()["files"]
    return files


def test_an_item_for_each_result(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_pair(tmp_path / name, size=128)
    items = [
        item(name, {"pan": {"href": f"{name}/pan.tif"}, "ms": {"href": f"./{name}/ms.tif"}})
        for name in ("a", "b")
    ]
    files = collected(tmp_path, {"type": "FeatureCollection", "features": items}, cog=True)
    assert [Path(each).name for each in files] == ["a_sharpened.tif", "b_sharpened.tif"]
    for file in map(Path, files):
        made = pystac.Item.from_file(str(file.with_suffix(".json")))
        assert made.id == f"{file.name[0]}-sharpened"
        assert made.properties["platform"] == "sat-1" and "gsd" not in made.properties
        assert str(made.datetime) == "2024-05-06 10:11:12+00:00"
        told = made.properties
        with rasterio.open(file) as dataset:
            assert told["proj:code"] == "EPSG:32633"
            assert told["proj:shape"] == list(dataset.shape)
            assert told["proj:transform"] == list(dataset.transform)[:6]
            assert told["proj:bbox"] == list(dataset.bounds)
        assert set(told["processing:software"]) == {"KSDiff"}
        assert "gsa" in told["processing:lineage"]
        asset = made.assets["data"]
        assert Path(asset.get_absolute_href()) == file
        assert asset.media_type == pystac.MediaType.COG
        assert [band["name"] for band in asset.extra_fields["bands"]] == [
            "blue", "green", "red", "nir",
        ]  # fmt: skip
        hashed = hashlib.sha256(file.read_bytes()).hexdigest()
        assert asset.extra_fields["file:checksum"] == f"1220{hashed}"
        west, south, east, north = made.bbox
        assert 14 < west < east < 16 and 45 < south < north < 46
        derived = [link.href for link in made.links if link.rel == "derived_from"]
        assert derived == [f"https://catalogue.example/{file.name[0]}"]


def test_items_are_valid(tmp_path: Path) -> None:
    """By the schemas of STAC that pystac brings; those of extensions are on the web."""
    pytest.importorskip("jsonschema")
    from pystac import validation

    write_pair(tmp_path / "a", size=128)
    one = item("a", {"pan": {"href": "a/pan.tif"}, "ms": {"href": "a/ms.tif"}})
    (file,) = collected(tmp_path, one)
    written = json.loads(Path(file).with_suffix(".json").read_text())
    assert written["stac_extensions"] == list(EXTENSIONS)
    validation.validate_dict({**written, "stac_extensions": []})
    with pytest.raises(pystac.STACValidationError):
        validation.validate_dict({**written, "stac_extensions": [], "links": 1})


def test_single_bands_are_found_by_their_common_names(tmp_path: Path) -> None:
    pan, ms = write_pair(tmp_path / "a", size=128)
    assets: dict[str, Any] = {"B8": {"href": "a/pan.tif", "eo:bands": [{"common_name": "pan"}]}}
    with rasterio.open(ms) as source:
        for number, name in ((3, "red"), (1, "blue"), (2, "green")):
            target = tmp_path / "a" / f"{name}.tif"
            with rasterio.open(target, "w", **{**source.profile, "count": 1}) as band:
                band.write(source.read(number), 1)
            bands = [{"name": f"b{number}", "eo:common_name": name}]
            assets[f"B{number}"] = {"href": str(target), "bands": bands}
    (found,) = read_items_of(tmp_path, item("a", assets))
    assert [Path(name).stem for name in found.ms] == ["blue", "green", "red"]
    (file,) = collected(tmp_path, item("a", assets))
    three = Made((str(pan), str(ms)), tmp_path, method="gsa", ms_bands=(1, 2, 3), tile=512)
    assert pixels(file) == pixels(three.alone())


@pytest.mark.parametrize(
    ("href", "name"),
    [
        ("https://x.example/p.tif", "/vsicurl/https://x.example/p.tif"),
        ("s3://bucket/p.tif", "/vsis3/bucket/p.tif"),
        ("file:///data/p.tif", "/data/p.tif"),
    ],
)
def test_addresses_are_opened_by_gdal(tmp_path: Path, href: str, name: str) -> None:
    (found,) = read_items_of(
        tmp_path, item("a/b c", {"Panchromatic": {"href": href}, "multispectral": {"href": href}})
    )
    assert (found.pan, found.ms, found.name) == (name, name, "a_b_c")


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"features": [{"id": "a"}]}'])
def test_a_file_without_items(tmp_path: Path, text: str) -> None:
    (tmp_path / "items.json").write_text(text)
    with raises_code("items-not-read", InputError):
        read_items(tmp_path / "items.json")


def test_an_item_without_a_pair(tmp_path: Path) -> None:
    with raises_code("item-without-pair", InputError, item="a", assets="visual"):
        read_items_of(tmp_path, item("a", {"visual": {"href": "v.tif"}}))


def read_items_of(folder: Path, items: Any) -> Any:
    (folder / "items.json").write_text(json.dumps(items))
    return read_items(folder / "items.json")
