# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of files: drivers and names, creation options, damage."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import rasterio
import rasterio.shutil

from tests.faults.case import Case
from tests.faults.rasters import Change, Hole, pair, texture
from tests.faults.right import (
    RIGHT,
    as_plain,
    close,
    has,
    in_time,
    mask,
    names,
    or_refused,
    or_warned,
    refused,
    succeeded,
    values,
)

SCENE = pair(scene=texture)
SOURCE = """<VRTRasterBand dataType="{type}" band="{band}"><SimpleSource>
<SourceFilename relativeToVRT="{relative}">{name}</SourceFilename><SourceBand>{band}</SourceBand>
<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="0" yOff="0" {size}/>
</SimpleSource></VRTRasterBand>"""


def vrt(path: Path, relative: bool = True) -> str:
    """A VRT of a raster's bands, in a folder of its own beside it."""
    target = path.with_name("sub") / f"{path.stem}.vrt"
    target.parent.mkdir(exist_ok=True)
    name = f"../{path.name}" if relative else str(path)
    with rasterio.open(path) as source:
        kind = {"uint8": "Byte"}.get(source.dtypes[0], source.dtypes[0].title().replace("Ui", "UI"))
        size = f'xSize="{source.width}" ySize="{source.height}"'
        bands = [
            SOURCE.format(type=kind, band=band, name=name, relative=int(relative), size=size)
            for band in source.indexes
        ]
        place = ", ".join(map(str, source.transform.to_gdal()))
        head = f'<VRTDataset rasterXSize="{source.width}" rasterYSize="{source.height}">'
        where = f"<SRS>{source.crs.to_wkt()}</SRS><GeoTransform>{place}</GeoTransform>"
    target.write_text(f"{head}{where}{''.join(bands)}</VRTDataset>")
    return str(target)


def zipped(name: str = "/vsizip/{}", compression: int = zipfile.ZIP_DEFLATED) -> Change:
    def change(path: Path) -> str:
        archive = path.with_suffix(".zip")
        with zipfile.ZipFile(archive, "w", compression) as made:
            made.write(path, f"a folder/{path.name}")
        path.unlink()
        return f"{name.format(archive)}/a folder/{path.name}"

    return change


def tarred(path: Path) -> str:
    with tarfile.open(path.with_suffix(".tar"), "w") as made:
        made.add(path, path.name)
    return f"/vsitar/{path.with_suffix('.tar')}/{path.name}"


def gzipped(path: Path) -> str:
    packed = Path(f"{path}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return f"/vsigzip/{packed}"


def renamed(name: str) -> Change:
    def change(path: Path) -> str:
        target = path.parent / name.format(path.stem)
        target.parent.mkdir(parents=True, exist_ok=True)
        return str(path.rename(target))

    return change


def as_format(driver: str, suffix: str, **options: str) -> Change:
    """The raster copied by another driver."""

    def change(path: Path) -> str:
        target = path.with_suffix(suffix)
        rasterio.shutil.copy(path, target, driver=driver, **options)
        path.unlink()
        return str(target)

    return change


def linked(path: Path) -> str:
    link = path.with_name(f"link-{path.name}")
    link.symlink_to(path.name)
    return str(link)


#: How a raster may be stored or named without any change of its values.
FORMS: dict[str, Change] = {
    "VRT": vrt,
    "VRT with absolute names": lambda path: vrt(path, relative=False),
    "VRT of a VRT": lambda path: vrt(Path(vrt(path))),
    "vrt://": lambda path: f"vrt://{path}",
    "zip": zipped(),
    "zip, uncompressed": zipped(compression=zipfile.ZIP_STORED),
    "zip in braces": lambda path: (
        zipped()(path).replace("/vsizip/", "/vsizip/{").replace(".zip/", ".zip}/")
    ),
    "tar": tarred,
    "gzip": gzipped,
    "subfile": lambda path: f"/vsisubfile/0_{path.stat().st_size},{path}",
    "first directory of a TIFF": lambda path: f"GTIFF_DIR:1:{path}",
    "ENVI": as_format("ENVI", ".img"),
    "ERDAS": as_format("HFA", ".img"),
    "COG": as_format("COG", ".cog.tif"),
    "BigTIFF in strips of one row": as_format("GTiff", ".big.tif", BIGTIFF="YES", BLOCKYSIZE="1"),
    "TIFF band by band": as_format("GTiff", ".band.tif", INTERLEAVE="BAND", COMPRESS="LZW"),
    "big-endian TIFF": as_format("GTiff", ".end.tif", ENDIANNESS="BIG"),
    "PCIDSK": as_format("PCIDSK", ".pix"),
    "ENVI by line": as_format("ENVI", ".bil", INTERLEAVE="BIL"),
    "symbolic link": linked,
    "name with spaces and umlauts": renamed("Szene 東京 ü/{} (1).tif"),
    "name with percent and ampersand": renamed("100%25&a=b/{}+1.tif"),
    "name with quotes": renamed('it\'s "here"/{}.tif'),
    "name without a suffix": renamed("{}"),
    "name with a false suffix": renamed("{}.png"),
    "name with a double slash": lambda path: str(path).replace("/in/", "/in//"),
    "name with dots": lambda path: str(path).replace("/in/", "/in/../in/./"),
}


#: The same for 8 bit alone.
BYTES: dict[str, Change] = {
    "PNG": as_format("PNG", ".png", WORLDFILE="YES"),
    "GeoPackage": as_format("GPKG", ".gpkg", TILE_FORMAT="PNG"),
    "BMP": as_format("BMP", ".bmp", WORLDFILE="YES"),
    "WebP": as_format("WEBP", ".webp", LOSSLESS="TRUE"),
    "JPEG 2000": as_format("JP2OpenJPEG", ".jp2", REVERSIBLE="YES", QUALITY="100"),
}
netcdf = as_format("netCDF", ".nc", FORMAT="NC4")


def forms() -> Iterator[Case]:
    for form, change in FORMS.items():
        for where in ("PAN", "MS", "both"):
            yield Case(f"forms {form}, {where}", as_plain(SCENE), SCENE.at(where, change=change))
    small = pair(dtype="uint8").at("MS", options={"photometric": "RGB"})
    for form, change in BYTES.items():
        yield Case(f"forms {form} of bytes, MS", or_refused(*RIGHT), small.at("MS", change=change))
    for name in ("{}", "netcdf:{}:Band1"):
        made = SCENE.at("PAN", change=lambda path, name=name: name.format(netcdf(path)))
        yield Case(f"forms netCDF as {name}", as_plain(SCENE), made)
    told = refused("raster-without-bands")
    yield Case("forms netCDF of several variables", told, SCENE.at("MS", change=netcdf))
    # The other tasks open and protect the same names.
    ask = {"out_pan": "{out}/p.tif", "out_ms": "{out}/m.tif", "out_reference": "{out}/r.tif"}
    for task in ("simulate", "align"):
        for form in ("VRT", "zip", "tar", "vrt://", "name with a double slash", "ENVI"):
            made = pair(size=96, scene=texture).at("MS", change=FORMS[form])
            yield Case(f"forms {form}, {task}", (succeeded(lambda done: ()),), made, ask, task)


def co(text: str, **more: Any) -> dict[str, Any]:
    """Creation options, as the command line takes them."""
    return {"creation_options": dict(part.split("=") for part in text.split()), **more}


LOSSLESS = ("COMPRESS=NONE", "COMPRESS=LZW", "COMPRESS=DEFLATE", "COMPRESS=ZSTD", "COMPRESS=LERC")
HARMLESS = (
    "COMPRESS=PACKBITS", "COMPRESS=LZMA", "COMPRESS=LERC_DEFLATE", "COMPRESS=LERC_ZSTD",
    "INTERLEAVE=BAND", "TILED=NO", "BIGTIFF=YES", "PREDICTOR=1", "BLOCKXSIZE=32 BLOCKYSIZE=16",
    "SPARSE_OK=TRUE", "ENDIANNESS=BIG", "TILED=NO BLOCKYSIZE=1", "tiled=no compress=lzw",
    "ZLEVEL=9 COMPRESS=DEFLATE", "NUM_THREADS=2", "PHOTOMETRIC=RGB",
)  # fmt: skip
#: Near the values, or refused where the codec is not for the type.
LOSSY = ("COMPRESS=JPEG", "COMPRESS=JPEG JPEG_QUALITY=95", "COMPRESS=JXL", "COMPRESS=WEBP",
         "COMPRESS=LERC MAX_Z_ERROR=0.01", "PROFILE=BASELINE", "ALPHA=YES")  # fmt: skip
WRONG_OPTIONS = (
    "COMPRESS=JPEG", "COMPRESS=CCITTFAX4", "COMPRESS=NO-SUCH", "BLOCKXSIZE=17", "BLOCKXSIZE=many",
    "PREDICTOR=3", "PREDICTOR=9", "NBITS=99", "driver=PNG", "DTYPE=uint8", "crs=EPSG:4326",
    "nodata=0", "WIDTH=7", "PHOTOMETRIC=NO-SUCH", "INTERLEAVE=NO-SUCH", "TILED=PERHAPS",
    "BLOCKYSIZE=-16", "ZLEVEL=77 COMPRESS=DEFLATE", "NO_SUCH_OPTION=1", "BIGTIFF=PERHAPS",
    "COMPRESS=JPEG JPEG_QUALITY=900", "NBITS=8",
)  # fmt: skip


def options() -> Iterator[Case]:
    for dtype in ("uint8", "uint16", "int16", "float32"):
        whole = pair(scene=texture, dtype=dtype)
        holed = whole.at("MS", nodata=0.0, hole=Hole())
        near = or_refused(mask(), close(1.2))
        for text in (*LOSSLESS, *HARMLESS):
            yield Case(f"options {dtype} {text}", as_plain(whole), whole, co(text))
        for text in ("", *LOSSLESS):
            yield Case(f"options {dtype} COG {text}", as_plain(whole), whole, co(text, cog=True))
        for text in LOSSY:
            yield Case(f"options {dtype} {text}", near, whole, co(text))
            yield Case(f"options {dtype} COG {text}", near, whole, co(text, cog=True))
            told = or_refused(*or_warned("where there is no data", mask(), close(1.2)))
            yield Case(f"options {dtype} {text} with nodata", told, holed, co(text))
    for text in WRONG_OPTIONS:
        yield Case(f"options wrong {text}", or_refused(*as_plain(SCENE)), SCENE, co(text))
        early = co(text, method="classical")
        yield Case(f"options wrong {text}, told before work", (in_time,), SCENE, early)
    bits = has("bits", lambda made: made.tags(1, ns="IMAGE_STRUCTURE").get("NBITS"), "12")
    for method in ("exp", "gsa"):  # the values of the ramp stay below 4096
        ask = co("NBITS=12", method=method)
        yield Case(f"options NBITS=12 by {method}", (values(0.3), bits), pair(size=96), ask)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut at a tenth": lambda content: content[: len(content) // 10],
    "cut at a third": lambda content: content[: len(content) // 3],
    "cut at half": lambda content: content[: len(content) // 2],
    "cut at nine tenths": lambda content: content[: len(content) * 9 // 10],
    "last hundred bytes gone": lambda content: content[:-100],
    "header of zeros": lambda content: bytes(64) + content[64:],
    "header of garbage": lambda content: b"\xa5" * 64 + content[64:],
    "text": lambda content: b"no raster at all\n" * 20,
    "a web page": lambda content: b"<!DOCTYPE html><html><body>404</body></html>",
    "a PDF's begin": lambda content: b"%PDF-1.7\n" + content[:500],
    "all zeros": lambda content: bytes(len(content)),
}
STORED: dict[str, Change] = {
    "TIFF": str,
    "compressed TIFF": as_format("GTiff", ".z.tif", COMPRESS="DEFLATE", BLOCKYSIZE="8"),
    "COG": as_format("COG", ".cog.tif"),
    "ERDAS": as_format("HFA", ".img"),
    "PNG": as_format("PNG", ".png", WORLDFILE="YES"),
    "JPEG 2000": as_format("JP2OpenJPEG", ".jp2", REVERSIBLE="YES", QUALITY="100"),
    "zip": zipped(),
    "VRT": vrt,
}


def damaged(form: Change, damage: Callable[[bytes], bytes]) -> Change:
    """The file that holds the pixels is damaged."""

    def change(path: Path) -> str:
        name = form(path)
        files = (path.with_suffix(".zip"), path, Path(name))
        held = next(each for each in files if each.is_file())
        held.write_bytes(damage(held.read_bytes()))
        return name

    return change


def damages() -> Iterator[Case]:
    for form, store in STORED.items():
        for name, damage in DAMAGES.items():
            # What is lost may be none of the pixels; then they must be right.
            harmless = "last" in name or "header" in name
            right = or_refused(*as_plain(SCENE)) if harmless else refused()
            for where in ("PAN", "MS"):
                made = SCENE.at(where, change=damaged(store, damage))
                yield Case(f"damages {where} {form} {name}", right, made)


def instead(make: Callable[[Path], object], name: str = "{}") -> Change:
    """Something else where the raster was, by another name perhaps."""

    def change(path: Path) -> str:
        path.unlink()
        make(path)
        return name.format(path)

    return change


def writing(text: str) -> Change:
    return instead(lambda path: path.write_text(text))


def gone(name: str) -> Change:
    return instead(lambda path: None, name)


def without_source(path: Path) -> str:
    made = vrt(path)
    path.unlink()
    return made


WRONG: dict[str, Change] = {
    "missing": gone("{}"),
    "a folder": instead(lambda path: path.mkdir()),
    "a link to nothing": instead(lambda path: path.symlink_to("nowhere.tif")),
    "a link to itself": instead(lambda path: path.symlink_to(path.name)),
    "a device": instead(lambda path: path.symlink_to("/dev/null")),
    "a table": writing("a,b\n1,2\n"),
    "points": writing('{"type": "FeatureCollection", "features": []}'),
    "a VRT without bands": writing('<VRTDataset rasterXSize="8" rasterYSize="8"/>'),
    "a VRT cut": writing('<VRTDataset rasterXSize="8" raster'),
    "a VRT whose source is gone": without_source,
    "an empty name": gone(" "),
    "a name with a line break": gone("{}\n.tif"),
    "a name with a zero byte": gone("{}\0.tif"),
    "a very long name": gone("{}" + "x" * 5000),
    "a subdataset that is not there": lambda path: f"GTIFF_DIR:9:{path}",
    "a zip that is none": lambda path: f"/vsizip/{path}/a.tif",
    "an address that nobody serves": gone("http://127.0.0.1:1/pan.tif"),
    "metadata that is missing": gone("{}.xml"),
    "metadata that is empty": instead(lambda path: Path(f"{path}.xml").touch(), "{}.xml"),
    "metadata that is cut": instead(
        lambda path: Path(f"{path}.xml").write_text("<Dimap_Document><Metadata_Id"), "{}.xml"
    ),
}


def wrong_things() -> Iterator[Case]:
    for name, change in WRONG.items():
        for where in ("PAN", "MS"):
            named = [names(f"{where.lower()}.tif")] if change is without_source else []
            made = SCENE.at(where, change=change)
            yield Case(f"wrong {where}: {name}", (*refused(), *named), made)
