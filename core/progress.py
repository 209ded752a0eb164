# SPDX-License-Identifier: GPL-2.0-or-later
"""Progress of a step, and an estimate of the remaining time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the fraction done (0..1) of a step and what is being done; may raise Cancelled."""


class Pace:
    """The speed of the latest tiles, and from it the remaining seconds.

    There is no estimate before tiles of ``enough`` seconds were timed. The first tile is not timed,
    since it includes warming up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, enough: float = 1.0) -> None:
        self._clock = clock
        self._enough = enough
        self._pixels_left: int | None = None
        self._marks: deque[tuple[float, int]] = deque(maxlen=32)

    def start(self, pixels: int) -> None:
        """Start timing: `pixels` are to be computed."""
        self._marks.clear()
        self._pixels_left = pixels

    def done(self, pixels: int) -> None:
        """Count a tile of `pixels` that was computed."""
        if self._pixels_left is not None:
            self._pixels_left -= pixels
            self._marks.append((self._clock(), self._pixels_left))

    def stop(self) -> None:
        """Stop timing: the tiles are done, and what follows has no estimate."""
        self._pixels_left = None

    def remaining(self) -> float | None:
        """Return the seconds until the last tile is done; None if there is no estimate."""
        marks, left = self._marks, self._pixels_left
        if left is None or len(marks) < 3:
            return None
        (begin, before), (end, after) = marks[0], marks[-1]
        if end - begin < self._enough or before <= after:
            return None
        seconds_per_pixel = (end - begin) / (before - after)
        return max(0.0, seconds_per_pixel * left - (self._clock() - end))


def duration(seconds: float) -> str:
    """Return a time as text: 90 s, 12 min, 3 h 5 min."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def scaled(progress: Progress, start: float, end: float) -> Progress:
    """Return the progress of a step that takes the bar from `start` to `end`."""
    return lambda fraction, message: progress(start + (end - start) * fraction, message)
