# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a job on the workers of a Dask scheduler.

A worker gets a job's folder and the number of a part, never pixels. What is done is told by the
folder alone, so that a part that is done twice, because its worker was lost, does no harm.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from core.errors import EnvironmentFault, InputError
from core.jobs.job import Job, Part
from core.jobs.running import Runner
from core.models.onnx_session import limit_threads

log = logging.getLogger(__name__)

LOCAL = "local"
RETRIES = 2  # of a part that fails
GPU = "GPU"  # the resource of which a worker has one for each of its GPUs
CONNECT = 30  # seconds

_runners: dict[str, Runner] = {}
_turn = Lock()


def do_part(folder: str, number: int, threads: int) -> tuple[int, bool]:
    """Do a part in a worker; return its number, and whether there was something to do.

    A worker does one part at a time, since a part has threads of its own.
    """
    with _turn:
        limit_threads(threads)
        job = Job.open(Path(folder))
        if folder not in _runners:
            while _runners:
                _runners.popitem()[1].close()
            _runners[folder] = Runner(job)
        part = job.parts[number - 1]
        return number, _runners[folder].do(part, lambda fraction, text: None)


def do_parts(
    job: Job,
    scheduler: str,
    workers: int,
    done: Callable[[Part, int], None],
) -> int:
    """Do the parts that are not done yet on a cluster; return how many there were.

    Parameters
    ----------
    scheduler : the address of one, or ``local``, which starts one with so many `workers`.
    done : called with each part that is done, and how many workers there are; may raise Cancelled.

    Raises EnvironmentFault without dask.distributed, InputError where no scheduler answers, and
    what a part raises that fails again and again.
    """
    todo = job.missing()
    if not todo:
        return 0
    with _client(scheduler, workers) as client:
        futures = client.map(
            do_part,
            [str(job.folder.absolute())] * len(todo),
            [part.number for part in todo],
            [_threads(scheduler, workers)] * len(todo),
            key=[f"{job.folder.name}-{part.number}-{os.getpid()}" for part in todo],
            retries=RETRIES,
            resources=_resources(job, client),
            pure=False,
        )
        _wait(client, futures, job, done)
    return len(todo)


def _wait(client: Any, futures: list[Any], job: Job, done: Callable[[Part, int], None]) -> None:
    from distributed import as_completed

    parts = job.parts
    try:
        for future, (number, _) in as_completed(futures, with_results=True):
            future.release()
            done(parts[number - 1], len(client.scheduler_info()["workers"]))
    except BaseException:
        client.cancel(futures, force=True)
        raise


def _threads(scheduler: str, workers: int) -> int:
    """Return the threads of a network in a worker: its share of the cores; 0: as it finds them."""
    return max(1, (os.cpu_count() or 1) // workers) if scheduler == LOCAL else 0


def _resources(job: Job, client: Any) -> dict[str, int] | None:
    """Ask for a GPU where workers have them and the job can use one: one part in flight on each."""
    told = [each.get("resources", {}) for each in client.scheduler_info()["workers"].values()]
    uses = any(
        str(job.scene(n).read()["needs"]["device"]).startswith("cuda")
        for n, count in enumerate(job.counts)
        if count
    )
    return {GPU: 1} if uses and any(GPU in each for each in told) else None


@contextmanager
def _client(scheduler: str, workers: int) -> Iterator[Any]:
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise EnvironmentFault("cluster-needs-package", package=error.name) from error
    with ExitStack() as stack:
        address: Any = scheduler
        if scheduler == LOCAL:
            address = stack.enter_context(
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=":0",
                    silence_logs=logging.ERROR,
                )
            )  # fmt: skip
        try:
            client = stack.enter_context(Client(address, timeout=CONNECT))
            client.wait_for_workers(1, timeout=CONNECT)
        except (OSError, ValueError) as error:  # TimeoutError is one of the first
            raise InputError("no-scheduler", address=scheduler, reason=error) from error
        yield client
