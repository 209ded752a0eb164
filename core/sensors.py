# SPDX-License-Identifier: GPL-2.0-or-later
"""Sensor cards: what is known of a sensor's bands and optics, one data file each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import InputError

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sensors"
GENERIC = "generic"
#: MTF gain at the Nyquist frequency of a band whose sensor or name is unknown.
GENERIC_GAIN = 0.30


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

    @property
    def peak(self) -> int:
        """The largest DN."""
        return int(2**self.bits - 1)

    def gains(self, names: Sequence[str | None]) -> tuple[float, ...]:
        """MTF gains of MS bands, by name; in the card's order where no name is known.

        Bands the card does not tell apart get the generic gain.
        """
        if not any(names) and len(names) == len(self.bands):
            return tuple(b.mtf for b in self.bands)
        known = {b.name: b.mtf for b in self.bands}
        return tuple(known.get((n or "").strip().lower(), GENERIC_GAIN) for n in names)


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
    )


@lru_cache(maxsize=1)
def cards() -> dict[str, Sensor]:
    """Every sensor card by its key, which is the name of its file."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def sensor(name: str) -> Sensor:
    """The card of a sensor by key, name or alias; case, spaces and dashes do not matter."""
    wanted = _plain(name)
    for card in cards().values():
        if wanted in {_plain(n) for n in (card.key, card.name, *card.aliases)}:
            return card
    raise InputError(f"There is no sensor {name!r}.", f"Known are: {', '.join(cards())}.")
