# SPDX-License-Identifier: GPL-2.0-or-later
"""How time and memory of SRINO's denoiser grow with the image (Figure 1 of the paper).

The operator of the method, Galerkin, against softmax attention in the same place: one step of the
diffusion, width 64, 8 heads, 6 layers, 8 bands. Every measurement is a process of its own, so that
its peak of memory is its own. What needs more memory than there is is not tried; the table and
the plot say what it would need.
"""

from __future__ import annotations

import csv
import json
import logging
import subprocess  # nosec B404
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch

from core.networks.denoiser import OperatorDenoiser
from core.networks.operators import Operator

log = logging.getLogger(__name__)

OPERATORS: tuple[Operator, ...] = ("galerkin", "softmax")
SIZES = (64, 96, 128, 256, 512, 1024)
BANDS, LAYERS, WIDTH, HEADS = 8, 6, 64, 8
REPEATS = 3
"""The shortest of so many runs counts."""
SPARE = 0.9
"""Share of the free memory that a measurement may take."""
GB = 1e9


@dataclass(frozen=True)
class Measured:
    """One step on a square image; without `seconds` it was not tried, and `gb` is what it needs."""

    operator: str
    side: int
    seconds: float | None
    gb: float
    free_gb: float


def needed(operator: str, side: int) -> float:
    """Bytes of the matrices of pairs of pixels: scores of all heads, and their softmax."""
    return 2.0 * HEADS * side**4 * 4 if operator == "softmax" else 0.0


def free_memory(device: str) -> float:
    """Bytes that can be had: of the GPU, or of main memory without swapping."""
    if torch.device(device).type == "cuda":
        return float(torch.cuda.mem_get_info(device)[0])
    lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith("MemAvailable"))
    return float(line.split()[1]) * 1024


def measure(operator: Operator, side: int, device: str) -> tuple[float, float]:
    """Seconds and bytes at the peak, of this process: beyond what it held before."""
    torch.manual_seed(0)
    model = OperatorDenoiser(BANDS, LAYERS, WIDTH, HEADS, operator, stride=1).to(device).eval()
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
    before = _peak()
    seconds = min(run(side) for _ in range(REPEATS))
    return seconds, float(_peak() - before)


def _peak() -> int:
    """Bytes, of this process alone: what getrusage tells begins with the peak of its parent."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("the system does not tell the peak of memory")


def growth(
    folder: Path, sizes: Sequence[int] = SIZES, device: str = "cpu", threads: int = 0
) -> list[Measured]:
    """Measure both operators at all sizes; writes growth.csv and growth.png."""
    folder.mkdir(parents=True, exist_ok=True)
    results = []
    for operator in OPERATORS:
        for side in sorted(sizes):
            result = _in_a_process(operator, side, device, threads)
            results.append(result)
            log.info("%s", _told(result))
    with (folder / "growth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Measured)])
        writer.writeheader()
        writer.writerows(asdict(result) for result in results)
    draw(results, folder / "growth.png")
    return results


def _in_a_process(operator: Operator, side: int, device: str, threads: int) -> Measured:
    free, need = free_memory(device), needed(operator, side)
    if need > SPARE * free:
        return Measured(operator, side, None, need / GB, free / GB)
    command = [sys.executable, "-m", "training.growth", operator, str(side), device, str(threads)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE)  # nosec B603
    seconds, peak = json.loads(done.stdout)
    return Measured(operator, side, seconds, peak / GB, free / GB)


def _told(result: Measured) -> str:
    if result.seconds is None:
        have = f"{result.free_gb:.1f} GB are free"
        return f"{result.operator} {result.side} px: needs {result.gb:,.1f} GB, {have}: not tried"
    spent = f"{result.seconds:.3g} s, {result.gb:.3g} GB"
    return f"{result.operator} {result.side} px: {spent}"


def draw(results: Sequence[Measured], path: Path) -> None:
    """Time and memory over the side of the image; what was not tried as hollow points."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    for operator, colour in zip(OPERATORS, ("tab:blue", "tab:red"), strict=True):
        of = [r for r in results if r.operator == operator]
        tried = [r for r in of if r.seconds is not None]
        refused = [r for r in of if r.seconds is None]
        sides = [r.side for r in tried]
        left.plot(sides, [r.seconds for r in tried], "o-", color=colour, label=operator)
        right.plot(sides, [r.gb for r in tried], "o-", color=colour, label=operator)
        if refused:
            right.plot([r.side for r in refused], [r.gb for r in refused], "o--", color=colour,
                       markerfacecolor="white", label=f"{operator}, would need")  # fmt: skip
            left.axvline(refused[0].side, color=colour, linestyle="--", linewidth=1,
                         label=f"{operator}: from here on out of memory")  # fmt: skip
    right.axhline(max(r.free_gb for r in results), color="0.6", linestyle=":", label="memory free")
    ticks = sorted({r.side for r in results})
    for axes, name in ((left, "time of a step (s)"), (right, "peak memory (GB)")):
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks(ticks, [str(side) for side in ticks])
        axes.minorticks_off()
        axes.set_xlabel("side of the image (px)")
        axes.set_ylabel(name)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=110)


def main(arguments: list[str]) -> None:
    """One measurement, for `growth`: prints seconds and bytes."""
    operator, side, device, threads = arguments
    if int(threads):
        torch.set_num_threads(int(threads))
    result = measure(operator, int(side), device)  # type: ignore[arg-type]
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
