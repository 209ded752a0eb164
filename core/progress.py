# SPDX-License-Identifier: GPL-2.0-or-later
"""How a step tells how far it is, and how long the rest will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Told the fraction done (0..1) of a step and what is being done; raises Cancelled."""


class Pace:
    """The measured speed of the tiles, and from it the seconds that remain.

    Nothing is said before tiles worth ``enough`` seconds were timed; the first tile is left out,
    since it pays for warming up. The speed is that of the latest tiles.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, enough: float = 1.0) -> None:
        self._clock = clock
        self._enough = enough
        self._pixels_left: int | None = None
        self._marks: deque[tuple[float, int]] = deque(maxlen=32)

    def start(self, pixels: int) -> None:
        """The tiles begin: so many pixels are to be computed."""
        self._marks.clear()
        self._pixels_left = pixels

    def done(self, pixels: int) -> None:
        """One tile of so many pixels was computed."""
        if self._pixels_left is not None:
            self._pixels_left -= pixels
            self._marks.append((self._clock(), self._pixels_left))

    def stop(self) -> None:
        """The tiles are over; what follows cannot be estimated."""
        self._pixels_left = None

    def remaining(self) -> float | None:
        """Seconds until the last tile; None while that is not known."""
        marks, left = self._marks, self._pixels_left
        if left is None or len(marks) < 3:
            return None
        (begin, before), (end, after) = marks[0], marks[-1]
        if end - begin < self._enough or before <= after:
            return None
        seconds_per_pixel = (end - begin) / (before - after)
        return max(0.0, seconds_per_pixel * left - (self._clock() - end))


def duration(seconds: float) -> str:
    """A time, as people say it."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def scaled(progress: Progress, start: float, end: float) -> Progress:
    """The progress of a step that takes the bar from `start` to `end`."""
    return lambda fraction, message: progress(start + (end - start) * fraction, message)
