# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles for a GPU: several in work at a time, and larger ones where its memory suffices.

While the GPU computes the network of one tile, inputs and results of others are made on the CPU.
Halos are computed too: the larger a tile, the less of that.
"""

from __future__ import annotations

import logging
import os
import subprocess  # nosec B404

from core.models.onnx_session import GPU_RUNS

log = logging.getLogger(__name__)

IN_WORK = 4  # tiles at a time
LARGEST = 2048  # PAN px; edge
PER_PIXEL = 4000  # bytes that KSDiff takes for a PAN px of 8 bands, measured on a CPU
SHARE = 0.8  # of the free memory that may be taken


def tiles_in_work(device: object) -> int:
    """Return how many tiles are fused at a time by a method that runs on a device."""
    return IN_WORK if on_gpu(device) else 1


def on_gpu(device: object) -> bool:
    """Tell whether a method that describes its device so computes on a GPU."""
    return str(device).startswith("cuda")


def larger(edge: int, halo: int, device: object) -> int:
    """Return the edge of a tile (PAN px), on a GPU doubled as often as its free memory allows.

    Where it is wrong the tile is sharpened in parts, see `core.fusion.splitting`.
    """
    room, tile = SHARE * free_memory(str(device)) / GPU_RUNS, edge
    while 2 * tile <= LARGEST and (2 * tile + 2 * halo) ** 2 * PER_PIXEL <= room:
        tile *= 2
    if tile > edge:
        log.info("Tiles of %d px, since the GPU has the memory for them.", tile)
    return tile


def free_memory(device: str) -> int:
    """Return the free memory of a GPU in bytes, as its driver tells it; 0 where it does not."""
    if not on_gpu(device):
        return 0
    number = int(device.partition(":")[2] or 0)
    visible = [name for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    gpu = visible[number] if number < len(visible) else str(number)
    command = ["nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits", "-i", gpu]
    try:
        answer = subprocess.run(  # nosec B603
            command, capture_output=True, check=True, timeout=10, text=True
        )
        return int(answer.stdout) * 2**20
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0
