# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment ``cluster``: throughput of a job over the number of workers.

    .venv/bin/python -m experiments cluster --out build/cluster --size 8192

The parts of one large scene are done by local schedulers with 1, 2 and 4 workers; the time is that
from the beginning of the first part to the end of the last, without the start of the processes.
With ``--mosaic 40000`` a scene of that size is done by the three commands one after the other
instead; 35 GB of disk are needed then.
"""

from __future__ import annotations

import argparse
import csv
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from core.commands import collect, plan
from core.jobs.job import Job, read_json
from core.jobs.on_dask import LOCAL, cluster
from core.progress import Pace, silent
from core.requests.jobs import Collect, Plan
from experiments.cluster.mosaic import measure_mosaic
from experiments.pictures import blank_figure
from experiments.speed.scenes import large_pair

log = logging.getLogger(__name__)

PARTS = 4  # along each edge
METHODS, WORKERS, SIZE, BANDS = ("scene-fit", "ksdiff"), (1, 2, 4), 8192, 4


@dataclass(frozen=True)
class Measured:
    """One job: seconds from the first part to the last, of one part, of collecting.

    plan, processor, collect_processor : seconds of the processor, of all parts and of collecting;
    other programs on the machine change them little. memory : bytes, the most that a worker took.
    written : bytes of all parts. load : of the machine at the end.
    """

    method: str
    size: int
    workers: int
    parts: int
    plan: float
    seconds: float
    part: float
    processor: float
    collect: float
    collect_processor: float
    megapixels_per_second: float
    memory: int
    written: int
    load: float


def measure(
    folder: Path, methods: Sequence[str], sizes: Sequence[int], workers: Sequence[int]
) -> list[Measured]:
    """Measure all; write cluster.csv and cluster.png."""
    folder.mkdir(parents=True, exist_ok=True)
    results = []
    for method, size in zip(methods, sizes, strict=True):
        pan, ms = large_pair(folder, size, BANDS)
        place = str(folder / f"job-{method}-{size}")
        out = str(folder / f"{method}-{size}.tif")
        asked = Plan(
            job=place, pan=str(pan), ms=str(ms), out=out, method=method, adapt=0.0,
            part_size=size // PARTS,
        )  # fmt: skip
        spent = time.process_time()
        plan.perform(asked, silent, Pace())
        planned = time.process_time() - spent
        job = Job.open(Path(place))
        for count in workers:
            for path in (*job.scene(0).path.glob("parts/*"), job.scene(0).result):
                path.unlink(missing_ok=True)
            with cluster(LOCAL, count) as started:
                for _ in started.do(job, job.parts):
                    pass
            begun, spent = time.monotonic(), time.process_time()
            collect.perform(Collect(place), silent, Pace())
            collected = time.monotonic() - begun, time.process_time() - spent
            results.append(_measured(job, method, count, planned, collected))
            log.info("%s", results[-1])
    with (folder / "cluster.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(Measured)])
        writer.writeheader()
        writer.writerows(asdict(each) for each in results)
    draw(results, folder / "cluster.png")
    return results


def _measured(
    job: Job, method: str, workers: int, planned: float, collected: tuple[float, float]
) -> Measured:
    records = [read_json(path) for path in job.scene(0).path.glob("parts/*.json")]
    ends = [path.stat().st_mtime for path in job.scene(0).path.glob("parts/*.json")]
    seconds = [record["seconds"] for record in records]
    begun = min(end - took for end, took in zip(ends, seconds, strict=True))
    whole = max(ends) - begun
    size = max(window.col_end for window in job.scene(0).windows())
    return Measured(
        method, size, workers, len(records), round(planned, 2), round(whole, 2),
        round(sum(seconds) / len(seconds), 3), round(sum(r["processor"] for r in records), 2),
        round(collected[0], 2), round(collected[1], 2), round(size * size / whole / 1e6, 2),
        max(record["memory"] for record in records),
        sum(file["bytes"] for record in records for file in record["files"]),
        round(os.getloadavg()[0], 1),
    )  # fmt: skip


def draw(results: Sequence[Measured], path: Path) -> None:
    """Draw the throughput of each method over the number of workers."""
    methods = list(dict.fromkeys(each.method for each in results))
    figure = blank_figure(4.5 * len(methods), 3.6)
    for axes, method in zip(
        figure.subplots(1, len(methods), squeeze=False)[0], methods, strict=True
    ):
        of = [each for each in results if each.method == method]
        counts = [each.workers for each in of]
        rates = [each.megapixels_per_second for each in of]
        axes.plot(counts, rates, "o-", color="tab:blue", label="measured")
        ideal = [rates[0] * min(count, os.cpu_count() or 1) / counts[0] for count in counts]
        axes.plot(counts, ideal, "--", color="0.6", label=f"{os.cpu_count()} cores, no losses")
        axes.set_xticks(counts)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("workers")
        axes.set_ylabel("million PAN pixels a second")
        axes.set_title(f"{method}, {of[0].size} x {of[0].size}, {BANDS} bands")
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=110)


def prepared(folder: Path, method: str, size: int) -> float:
    """Return the processor time that preparing a scene of `size` x `size` PAN px takes."""
    pan, ms = large_pair(folder, size, BANDS)
    place, out = str(folder / f"plan-{method}-{size}"), str(folder / "never.tif")
    spent = time.process_time()
    asked = Plan(job=place, pan=str(pan), ms=str(ms), out=out, method=method, adapt=0.0)
    plan.perform(asked, silent, Pace())
    return time.process_time() - spent


def archive(
    of: Measured, planned: float, scenes: int, edge: int, nodes: int, cores: int, disk: float
) -> list[str]:
    """Return how long each resource is busy with an archive, longest first, as lines.

    Processes take the processor time that was measured, each on a core of its own. Nothing is
    faster than its busiest resource; the resources work side by side.

    of : one worker. planned : processor time of preparing a scene. edge : of a scene, PAN px.
    disk : MB/s of the file system that all share.
    """
    pixels, size = float(edge) ** 2 * scenes, float(of.size) ** 2
    read = 2.0 + 2.0 * BANDS / 16  # bytes of PAN and MS, 16 bit, for a PAN pixel
    part, whole = of.processor / size, of.collect_processor / size
    moved = pixels * (read + 3 * of.written / size)  # parts are written, read, and written again
    busy = {
        "preparing, one process": scenes * planned,
        "preparing, on all nodes": scenes * planned / nodes,
        "parts, on all cores": pixels * part / (nodes * cores),
        "file system": moved / (disk * 1e6),
        "collecting, one process": pixels * whole,
        "collecting, on all nodes": pixels * whole / nodes,
    }
    lines = [f"{of.method}, {scenes} scenes of {edge} x {edge}, {nodes} x {cores} cores, "
             f"{disk:.0f} MB/s, {moved / 1e12:.2f} TB moved"]  # fmt: skip
    ordered = sorted(busy.items(), key=lambda each: -each[1])
    return [*lines, *(f"  {name:<26}{seconds:>9.0f} s" for name, seconds in ordered)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the experiment."""
    add = parser.add_argument
    add("--out", type=Path, required=True, help="folder for scenes, jobs, cluster.csv and .png")
    add("--methods", nargs="+", default=METHODS)
    add("--sizes", type=int, nargs="+", default=(SIZE, SIZE // 2), help="PAN px, of each method")
    text = "also reckon how long SCENES of EDGE x EDGE PAN px take on so many nodes"
    add("--archive", type=int, nargs=3, metavar=("SCENES", "EDGE", "NODES"), help=text)
    add("--cores", type=int, default=32, help="of a node")
    add("--disk", type=float, default=1200.0, help="MB/s of the shared file system")
    add("--workers", type=int, nargs="+", default=WORKERS)
    add("--mosaic", type=int, metavar="SIZE", help="do one scene of so many PAN px an edge instead")


def run(args: argparse.Namespace) -> int:
    """Measure, write the table and draw it."""
    logging.getLogger("experiments").setLevel(logging.INFO)
    if args.mosaic:
        measure_mosaic(args.out, args.mosaic, BANDS)
        return 0
    found = measure(args.out, args.methods, args.sizes, args.workers)
    for each in found:
        if args.archive and each.workers == args.workers[0]:
            scenes, edge, nodes = args.archive
            planned = prepared(args.out, each.method, edge)
            print("\n".join(archive(each, planned, scenes, edge, nodes, args.cores, args.disk)))
    print(args.out / "cluster.png")
    return 0
