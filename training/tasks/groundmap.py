# SPDX-License-Identifier: GPL-2.0-or-later
"""Map of the ground of the pairs: trained on, held out, or left out; and its shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.imaging.arrays import Mask
from core.report.palettes import Bytes, stretch, stretch_limits
from training.scenes import TRAIN, TrainingScene

#: Longer side of a pair in the picture, and space between pairs (px); pairs that are shown.
SIDE, SPACE, SHOWN = 320, 8, 12
COLUMNS = 4
#: Distinct to the colour-blind, on grey images. Left out is darker than any ground.
TRAINED, HELD_OUT, LEFT_OUT = (60, 130, 220), (245, 140, 20), (70, 70, 70)
_TINT = 0.45


@dataclass(frozen=True)
class Piece:
    """A scene of the training set, and its first row and column in the pair (MS px)."""

    scene: TrainingScene
    row: int
    col: int

    @property
    def trained(self) -> bool:
        """Return whether it is trained on, not held out."""
        return self.scene.part == TRAIN


@dataclass(frozen=True)
class PairGround:
    """The ground of a pair, of `shape` MS px, and the pieces of it in the training set."""

    shape: tuple[int, int]
    pieces: Sequence[Piece]


def shares(grounds: Sequence[PairGround]) -> dict[str, float]:
    """Return the shares of the ground: trained on, held out, without data, and between the two."""
    whole = sum(g.shape[0] * g.shape[1] for g in grounds)
    pieces = [piece for g in grounds for piece in g.pieces]
    valid = dict.fromkeys((True, False), 0)
    for piece in pieces:
        valid[piece.trained] += int(piece.scene.valid.sum())
    taken = sum(piece.scene.valid.size for piece in pieces)
    counts = {
        "trained": valid[True],
        "held_out": valid[False],
        "no_data": taken - sum(valid.values()),
        "between": max(whole - taken, 0),
    }
    return {name: round(count / max(whole, 1), 4) for name, count in counts.items()}


def picture(grounds: Sequence[PairGround]) -> Bytes:
    """Return the pairs (H, W, 3) side by side in grey, tinted by the use of their ground."""
    tiles = [_tile(ground) for ground in grounds[:SHOWN]]
    rows = [tiles[i : i + COLUMNS] for i in range(0, len(tiles), COLUMNS)]
    lines = [_joined(row, axis=1) for row in rows]
    return _joined(lines, axis=0)


def _tile(ground: PairGround) -> Bytes:
    step = max(-(-max(ground.shape) // SIDE), 1)
    height, width = (-(-side // step) for side in ground.shape)
    tile = np.empty((height, width, 3), np.uint8)
    tile[:] = LEFT_OUT
    for piece in ground.pieces:
        top, left = -(-piece.row // step), -(-piece.col // step)
        at = slice(top * step - piece.row, None, step), slice(left * step - piece.col, None, step)
        valid: Mask = np.asarray(piece.scene.valid[at])
        grey = np.asarray(piece.scene.ms[(slice(None), *at)]).mean(axis=0, keepdims=True)
        grey = np.where(valid, grey, np.nan)
        seen = stretch(grey, stretch_limits(grey)).astype(np.float32)
        tint = np.array(TRAINED if piece.trained else HELD_OUT, np.float32)
        seen = ((1 - _TINT) * seen + _TINT * tint).round().astype(np.uint8)
        target = tile[top : top + seen.shape[0], left : left + seen.shape[1]]
        h, w = target.shape[:2]
        target[valid[:h, :w]] = seen[:h, :w][valid[:h, :w]]
    return tile


def _joined(tiles: Sequence[Bytes], axis: int) -> Bytes:
    """Return pictures (H, W, 3) side by side (axis 1) or stacked, with white between."""
    across = 1 - axis
    longest = max(tile.shape[across] for tile in tiles)
    parts = []
    for number, tile in enumerate(tiles):
        pad = [(0, 0)] * 3
        pad[across] = (0, longest - tile.shape[across])
        pad[axis] = (0, SPACE if number < len(tiles) - 1 else 0)
        parts.append(np.pad(tile, pad, constant_values=255))
    return np.concatenate(parts, axis=axis)
