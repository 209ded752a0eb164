# SPDX-License-Identifier: GPL-2.0-or-later
"""Sensor cards: bands and optics of a sensor, one data file each.

A card is one JSON object in `resources/sensors/KEY.json`:

name        the sensor's usual name
aliases     its names in product metadata and file names. A dash, space or slash in a name or alias,
            or a change from a small to a capital letter, matches any dashes, underscores, spaces
            and slashes, or none; `#` is a number of one or two digits
ratio       MS pixel size / PAN pixel size, an integer; a usual one for a sensor without PAN
bits        radiometric resolution of the DN
pan         `nm` and `mtf` as below; `nm` is null for a sensor without PAN and the generic one
mtf_source  source of the gains, or a remark that none is published and which are used instead
note        remark, and the source of bands and bits; optional
bands       of each MS band, by wavelength: `name`; `nm`, the centre of the operator's range, null
            where none was found; `mtf`, the gain of the MTF at the Nyquist frequency of the band's
            own pixels
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core import RESOURCES
from core.errors import InputError
from core.gdal_names import path_in

if TYPE_CHECKING:
    from rasterio.io import DatasetReader


GENERIC = "generic"
AUTO = "auto"
#: MTF gain at Nyquist of a band of unknown sensor or name: the toolbox's default.
GENERIC_GAIN = 0.30
#: Synonyms of band names, without dashes, spaces and the word "band".
BANDS = {
    "coastal": ("c", "ca", "coastalblue", "coastalaerosol", "aerosol", "deepblue", "db"),
    "blue": ("b",),
    "green": ("g",),
    "yellow": ("y",),
    "red": ("r",),
    "rededge": ("re",),
    "nir": ("n", "nir1", "n1", "nearinfrared", "nearinfrared1", "nir08"),
    "nir2": ("n2", "nearinfrared2", "nir09"),
    "swir1": ("shortwaveinfrared1", "swir16"),
    "swir2": ("shortwaveinfrared2", "swir22"),
}


@dataclass(frozen=True)
class Band:
    """One MS band: name, MTF gain at its own Nyquist frequency, centre (nm) if it has one."""

    name: str
    mtf: float
    nm: float | None = None


@dataclass(frozen=True)
class Sensor:
    """The fields of a sensor card that are used; see the module."""

    key: str
    name: str
    aliases: tuple[str, ...]
    bands: tuple[Band, ...]
    ratio: int
    bits: int
    mtf_source: str

    @property
    def peak(self) -> int:
        """The largest DN."""
        return int(2**self.bits - 1)

    @property
    def names(self) -> tuple[str, ...]:
        """Key, name and aliases."""
        return (self.key, self.name, *self.aliases)

    def bands_of(self, names: Sequence[str | None]) -> list[str]:
        """Return the keys of bands of these names, see `band_of`.

        If the card has none of the names and as many bands, its own bands in order.
        """
        known, wanted = [band_of(band.name) for band in self.bands], [band_of(n) for n in names]
        by_order = len(wanted) == len(known) and not set(known) & set(wanted)
        return known if by_order else wanted

    def gains(self, names: Sequence[str | None]) -> tuple[float, ...]:
        """Return the MTF gain of each band, see `bands_of`; `GENERIC_GAIN` for unknown bands."""
        known = {band_of(band.name): band.mtf for band in self.bands}
        return tuple(known.get(name, GENERIC_GAIN) for name in self.bands_of(names))


def gains_for(bands: int, gains: Sequence[float] | None) -> tuple[float, ...]:
    """Return the MTF gain of each of `bands` MS bands; the generic gain where `gains` is None.

    Raises InputError for another number of gains than bands.
    """
    found = tuple(map(float, gains or (GENERIC_GAIN,) * bands))
    if len(found) != bands:
        raise InputError("mtf-gain-count", bands=bands, gains=len(found))
    return found


def _read(path: Path) -> Sensor:
    card = json.loads(path.read_text(encoding="utf-8"))
    return Sensor(
        key=path.stem,
        name=card["name"],
        aliases=tuple(card["aliases"]),
        bands=tuple(Band(b["name"], b["mtf"], b["nm"]) for b in card["bands"]),
        ratio=card["ratio"],
        bits=card["bits"],
        mtf_source=card["mtf_source"],
    )


@lru_cache(maxsize=1)
def cards() -> dict[str, Sensor]:
    """Return all sensor cards by key, the name of their file."""
    return {path.stem: _read(path) for path in sorted((RESOURCES / "sensors").glob("*.json"))}


def sensor(name: str) -> Sensor:
    """Return the card of a sensor by key, name or alias, ignoring case, spaces and dashes.

    Raises InputError for an unknown name.
    """
    wanted = _plain(name)
    for card in cards().values():
        if any(re.fullmatch(_pattern(known, ""), wanted) for known in card.names):
            return card
    raise InputError("unknown-sensor", sensor=name, known=", ".join(cards()))


def band_of(name: str | None) -> str:
    """Return the key of `BANDS` for a band's name, or the name in small letters and digits.

    Empty for no name.
    """
    plain = _plain(name or "").removeprefix("band").removesuffix("band")
    return next((band for band, synonyms in BANDS.items() if plain in synonyms), plain)


def recognise(texts: Iterable[str]) -> Sensor | None:
    """Return the sensor named in texts of a product: metadata values, file names.

    Only whole words count, and the longest name wins. None if no sensor is named, or two are by
    names of equal length. `generic` is never recognised.
    """
    text = _simple("\n".join(texts)).lower()
    found = {
        key: max((len(_plain(hit.group())) for hit in word.finditer(text)), default=0)
        for key, word in _words().items()
    }
    longest = max(found.values())
    first, *others = (key for key, length in found.items() if length == longest)
    return cards()[first] if longest and not others else None


def sensor_of(name: str, *datasets: DatasetReader) -> Sensor:
    """Return the card called `name`, or with "auto" the sensor recognised from open rasters.

    Searched are the satellite's name as GDAL reads it, then other metadata, file names and folder
    names, each in the order of the datasets: MS before PAN. Generic if nothing names a sensor.
    Raises InputError for an unknown name.
    """
    if _plain(name) != AUTO:
        return sensor(name)
    for level in zip(*map(_evidence, datasets), strict=True):
        for texts in level:
            card = recognise(texts)
            if card is not None:
                return card
    return cards()[GENERIC]


def _evidence(dataset: DatasetReader) -> tuple[list[str], ...]:
    """Return texts that may name the sensor, the most reliable first."""
    path = path_in(dataset.name)
    tags = [dataset.tags(), dataset.tags(ns="IMD")]
    texts = [text for domain in tags for text in (*domain.values(), *_missions(domain))]
    texts += [description for description in dataset.descriptions if description]
    return list(dataset.tags(ns="IMAGERY").values()), texts, [path.name], [path.parent.name]


def _missions(tags: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of satellites that DIMAP splits: MISSION is SPOT, MISSION_INDEX is 6."""
    for key, value in tags.items():
        if key.endswith("MISSION"):
            yield f"{value} {tags.get(f'{key}_INDEX', '')}"


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    """Return a pattern of all names of each sensor, by key."""
    words = {}
    for key, card in cards().items():
        if key != GENERIC:
            names = sorted(card.names, key=len, reverse=True)
            either = "|".join(_pattern(name, "[-_/ ]*") for name in names)
            words[key] = re.compile(rf"(?<![a-z0-9])(?:{either})(?![a-z0-9])")
    return words


def _pattern(name: str, between: str) -> str:
    """Return a pattern of a name in small letters, with `between` between its parts."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", _simple(name)).lower()
    return between.join(re.findall(r"[a-z0-9#]+", parted)).replace("#", r"\d\d?")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _simple(name).lower())


def _simple(text: str) -> str:
    """Remove accents: Pléiades becomes Pleiades."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
