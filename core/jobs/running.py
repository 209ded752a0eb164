# SPDX-License-Identifier: GPL-2.0-or-later
"""Do parts of a job: sharpen the tiles of each into a file of its own."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import __version__
from core.jobs.frozen_scene import FrozenScene, thawed
from core.jobs.job import FORMAT, Job, Part, sha256, write_json
from core.jobs.storage import folder_for, put
from core.models.onnx_session import limit_threads
from core.progress import Pace, Progress, labelled, scaled
from core.raster.writer import OutputFile, write_files
from core.worker.memory import peak_memory

log = logging.getLogger(__name__)

#: In place of the user's creation options: only `collect` reads parts. Several processes share a
#: machine, so each compresses by one thread.
OPTIONS = {"NUM_THREADS": "1"}


def set_threads(threads: int) -> None:
    """Limit the threads of networks and GDAL in this process; 0: as many as the processor has."""
    limit_threads(threads)
    if threads:
        os.environ["GDAL_NUM_THREADS"] = str(threads)


class Runner:
    """Do parts of a job; the scene of the last one stays open for the next."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._open: tuple[int, FrozenScene] | None = None
        self._closing = ExitStack()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the scene that is open."""
        self._open = None
        self._closing.close()

    def do(self, part: Part, progress: Progress) -> bool:
        """Do a part unless it is done; return whether this process did it.

        Raises PansharpenError where its scene cannot be opened, or its file cannot be written.
        """
        folder = self.job.scene(part.scene)
        if folder.done(part.at):
            return False
        started, spent = time.monotonic(), time.process_time()
        frozen = self._scene(part.scene)
        ready = frozen.planned.ready
        record = folder.record(part.at)
        # The hidden folder is named after the record, so that the next attempt removes what a
        # killed process left.
        with folder_for(record) as place:
            files = _written(frozen, part.at, place, progress)
            facts = {
                "format": FORMAT,
                "files": [_described(file) for file in files],
                "device": ready.method.describe(ready.context).get("device", "cpu"),
                "seconds": round(time.monotonic() - started, 3),
                "processor": round(time.process_time() - spent, 3),  # of all threads
                "memory": peak_memory(),
                "host": socket.gethostname(),
                "process": os.getpid(),
                "version": __version__,
            }
            for file in files:
                put(file.target, record.with_name(file.target.name))
        if folder.done(part.at):  # by another process meanwhile: `collect` may have read its record
            for file in files:
                record.with_name(file.target.name).unlink(missing_ok=True)
            return False
        write_json(record, facts)
        return True

    def _scene(self, number: int) -> FrozenScene:
        if self._open is None or self._open[0] != number:
            self.close()
            scene = self._closing.enter_context(thawed(self.job.scene(number)))
            self._open = number, scene
        return self._open[1]


def _written(frozen: FrozenScene, at: int, place: Path, progress: Progress) -> list[OutputFile]:
    """Sharpen a part into files of a folder; return them, closed."""
    planned, window, token, files = frozen.planned, frozen.parts[at], secrets.token_hex(4), []
    with ExitStack() as stack:
        for (output, layout), ending in zip(planned.layouts, ("", "-spread"), strict=False):
            path = place / f"{at:04d}-{token}{ending}.tif"
            bits = {k: v for k, v in output.creation_options.items() if k.upper() == "NBITS"}
            of_part = replace(output, path=path, creation_options={**OPTIONS, **bits}, cog=False)
            file = OutputFile(of_part, layout, planned.tile, window)
            files.append(stack.enter_context(file))
        planned.fuse(files, progress, Pace(), window)
        write_files(files)
    return files


def _described(file: OutputFile) -> dict[str, Any]:
    path = file.target
    return {
        "name": path.name,
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "counts": file.counts.facts(),
    }


def run_parts(job: Job, parts: Sequence[Part], progress: Progress, pace: Pace) -> dict[str, int]:
    """Do parts in order; return how many this process did, and how many were done before."""
    pace.start(len(parts))
    done = 0
    with Runner(job) as runner:
        for number, part in enumerate(parts):
            name = f"Part {part.number} of {len(job.parts)}, {job.names[part.scene]}"
            share = scaled(progress, number / len(parts), (number + 1) / len(parts))
            done += runner.do(part, labelled(share, name))
            pace.done(1)
    return {"done": done, "before": len(parts) - done}
