# SPDX-License-Identifier: GPL-2.0-or-later
"""One step of SRINO's denoiser, timed: ``python -m experiments.growth.measure OPERATOR SIDE ...``.

Width 64, 8 heads, 6 layers, 8 bands. A process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import torch

from core.networks.denoiser import OperatorDenoiser
from experiments.ablate.srino_variants import SoftmaxAttention, replace_kernels
from experiments.memory import peak_memory

BANDS, LAYERS, WIDTH, HEADS = 8, 6, 64, 8
#: Number of runs, of which the shortest counts.
REPEATS = 3


def needed(operator: str, side: int) -> float:
    """Return the bytes that the scores of all pairs of pixels and their softmax take."""
    return 2.0 * HEADS * side**4 * 4 if operator == "softmax" else 0.0


def free_memory(device: str) -> float:
    """Return the free bytes of the GPU, or of main memory without swapping."""
    if torch.device(device).type == "cuda":
        return float(torch.cuda.mem_get_info(device)[0])
    lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith("MemAvailable"))
    return float(line.split()[1]) * 1024


def measure(operator: str, side: int, device: str) -> tuple[float, float]:
    """Return seconds of a step, and bytes at the peak beyond what this process held before."""
    torch.manual_seed(0)
    model = OperatorDenoiser(BANDS, LAYERS, WIDTH, HEADS, stride=1)
    if operator == "softmax":
        replace_kernels(model, SoftmaxAttention, HEADS)
    model.to(device).eval()
    cuda = torch.device(device).type == "cuda"

    def run(of: int) -> float:
        image = torch.randn(1, BANDS, of, of, device=device)
        began = time.perf_counter()
        with torch.inference_mode():
            times = torch.zeros(1, dtype=torch.long, device=device)
            model(image, times, torch.ones(1, device=device), image, image, 1)
        if cuda:
            torch.cuda.synchronize()
        return time.perf_counter() - began

    run(16)
    if cuda:
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        seconds = min(run(side) for _ in range(REPEATS))
        return seconds, float(torch.cuda.max_memory_allocated() - before)
    before = peak_memory(os.getpid())  # getrusage begins with the peak of the parent
    seconds = min(run(side) for _ in range(REPEATS))
    return seconds, float(peak_memory(os.getpid()) - before)


def main(arguments: list[str]) -> None:
    """Print seconds and bytes of one measurement, as JSON."""
    operator, side, device, threads = arguments
    if int(threads):
        torch.set_num_threads(int(threads))
    result = measure(operator, int(side), device)
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
