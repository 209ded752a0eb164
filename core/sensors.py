# SPDX-License-Identifier: GPL-2.0-or-later
"""Sensor cards: what is known of a sensor's bands and optics, one data file each.

A card is one JSON object in `resources/sensors/KEY.json`:

name        what people call the sensor
aliases     what product metadata and file names call it. Where a name or alias has a dash, space or
            slash, or a capital after a small letter, any dashes, underscores, spaces and slashes
            may stand, or nothing; `#` is a number of one or two digits
ratio       MS pixel size / PAN pixel size, a whole number
bits        depth of the DN
pan         `nm` and `mtf` as below; `nm` is null where no sensor is known
mtf_source  where the gains come from, or that none is published and which are used instead
note        what else one should know; may be missing
bands       of each MS band, by wavelength: `name`; `nm`, the middle of the range that the operator
            gives; `mtf`, the MTF's gain at the Nyquist frequency of the band's own pixels
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

from core.errors import InputError
from core.resources import SENSORS

if TYPE_CHECKING:
    from rasterio.io import DatasetReader


GENERIC = "generic"
AUTO = "auto"
#: MTF gain at the Nyquist frequency of a band whose sensor or name is unknown.
GENERIC_GAIN = 0.30
#: Other names of bands, by the one that stands for them all; no dashes, no spaces, no "band".
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
    """One MS band: its name, centre wavelength (nm), MTF gain at its own Nyquist frequency."""

    name: str
    nm: float
    mtf: float


@dataclass(frozen=True)
class Sensor:
    """A sensor card.

    `ratio` is MS pixel size / PAN pixel size, `bits` the depth of its DN, `pan_nm` PAN's centre
    wavelength (nm) or None, `mtf_source` where the gains come from, or that none is published.
    """

    key: str
    name: str
    aliases: tuple[str, ...]
    bands: tuple[Band, ...]
    ratio: int
    bits: int
    pan_nm: float | None
    pan_mtf: float
    mtf_source: str
    note: str = ""

    @property
    def peak(self) -> int:
        """The largest DN."""
        return int(2**self.bits - 1)

    @property
    def names(self) -> tuple[str, ...]:
        """Key, name and aliases."""
        return (self.key, self.name, *self.aliases)

    def gains(self, names: Sequence[str | None]) -> tuple[float, ...]:
        """MTF gains of MS bands, by name; in the card's order where it knows none of the names.

        Bands the card does not tell apart get the generic gain.
        """
        known = {band_of(band.name): band.mtf for band in self.bands}
        wanted = [band_of(name) for name in names]
        if len(wanted) == len(self.bands) and not known.keys() & set(wanted):
            return tuple(band.mtf for band in self.bands)
        return tuple(known.get(name, GENERIC_GAIN) for name in wanted)


def _read(path: Path) -> Sensor:
    card = json.loads(path.read_text(encoding="utf-8"))
    return Sensor(
        key=path.stem,
        name=card["name"],
        aliases=tuple(card["aliases"]),
        bands=tuple(Band(b["name"], b["nm"], b["mtf"]) for b in card["bands"]),
        ratio=card["ratio"],
        bits=card["bits"],
        pan_nm=card["pan"]["nm"],
        pan_mtf=card["pan"]["mtf"],
        mtf_source=card["mtf_source"],
        note=card.get("note", ""),
    )


@lru_cache(maxsize=1)
def cards() -> dict[str, Sensor]:
    """Every sensor card by its key, which is the name of its file."""
    return {path.stem: _read(path) for path in sorted(SENSORS.glob("*.json"))}


def sensor(name: str) -> Sensor:
    """The card of a sensor by key, name or alias; case, spaces and dashes do not matter.

    Raises InputError where no card is called so.
    """
    wanted = _plain(name)
    for card in cards().values():
        if any(re.fullmatch(_pattern(known, ""), wanted) for known in card.names):
            return card
    raise InputError("unknown-sensor", sensor=name, known=", ".join(cards()))


def band_of(name: str | None) -> str:
    """The band a name means, by the one that stands for all its names; empty for no name.

    A name that means none of `BANDS` comes back as it is, in small letters and digits.
    """
    plain = _plain(name or "").removeprefix("band").removesuffix("band")
    return next((band for band, others in BANDS.items() if plain in others), plain)


def recognise(texts: Iterable[str]) -> Sensor | None:
    """The sensor that a product's texts name: metadata values, file names.

    A name counts as a word of its own only, and the longest one found wins. None where no sensor
    is named, or two by names of one length. `generic` is never recognised.
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
    """The card called `name`, or with "auto" the one that open rasters are recognised by.

    Asked first is what GDAL read as the satellite's name, then all other metadata, then file names,
    then folder names; of each, the datasets in the order given, which should be MS before PAN.
    Generic where nothing names a sensor. Raises InputError where no card is called `name`.
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
    """Texts that may name the sensor, the most trustworthy first."""
    path = Path(dataset.name)
    tags = [dataset.tags(), dataset.tags(ns="IMD")]
    told = [text for domain in tags for text in (*domain.values(), *_missions(domain))]
    named = [description for description in dataset.descriptions if description]
    return list(dataset.tags(ns="IMAGERY").values()), told + named, [path.stem], [path.parent.name]


def _missions(tags: Mapping[str, str]) -> Iterator[str]:
    """DIMAP keeps the number of the satellite apart: MISSION is SPOT, MISSION_INDEX is 6."""
    for key, value in tags.items():
        if key.endswith("MISSION"):
            yield f"{value} {tags.get(f'{key}_INDEX', '')}"


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    """By the key of each sensor, all its names as words of their own."""
    words = {}
    for key, card in cards().items():
        if key != GENERIC:
            names = sorted(card.names, key=len, reverse=True)
            either = "|".join(_pattern(name, "[-_/ ]*") for name in names)
            words[key] = re.compile(rf"(?<![a-z0-9])(?:{either})(?![a-z0-9])")
    return words


def _pattern(name: str, between: str) -> str:
    """Regular expression of a name in small letters, with `between` where its parts meet."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", _simple(name)).lower()
    return between.join(re.findall(r"[a-z0-9#]+", parted)).replace("#", r"\d\d?")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _simple(name).lower())


def _simple(text: str) -> str:
    """Without accents: Pléiades is Pleiades."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
