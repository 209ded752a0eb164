# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a job on the workers of a Dask scheduler.

A worker gets a job's folder and the number of a part, never pixels. What is done is told by the
folder alone, so that a part that is done twice, because its worker was lost, does no harm.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import local
from typing import Any

from rasterio.errors import RasterioError

from core.errors import EnvironmentFault, InputError
from core.jobs.job import Job, Part
from core.jobs.planning import freeze_scene
from core.jobs.running import Runner, compute_by
from core.jobs.storage import name_of, place
from core.progress import silent

log = logging.getLogger(__name__)

LOCAL = "local"
RETRIES = 2  # of a part that fails
GPU = "GPU"  # the resource of which a worker has one for each of its GPUs
MEMORY = "MEMORY"  # bytes
CONNECT = 30  # seconds

_of_thread = local()


def do_part(folder: str, number: int, threads: int) -> tuple[int, bool]:
    """Do a part in a worker; return its number, and whether there was something to do.

    Each thread of a worker does parts by itself, and keeps the scene of its last one open.
    """
    compute_by(threads)
    runner: Runner | None = getattr(_of_thread, "runner", None)
    if runner is None or name_of(runner.job.folder) != folder:
        if runner:
            runner.close()
        _of_thread.runner = runner = Runner(Job.open(place(folder)))
        atexit.register(_closed, runner)
    return number, runner.do(runner.job.parts[number - 1], silent)


def _closed(runner: Runner) -> None:
    """Close what a thread has open when the process ends, whose own end comes too late for that."""
    with suppress(RasterioError):  # which misses the thread
        runner.close()


def prepare_scene(folder: str, number: int, threads: int) -> tuple[int, str]:
    """Freeze a scene in a worker; return its number, and why it could not be frozen, if so."""
    compute_by(threads)
    return number, freeze_scene(place(folder), number, silent)


@dataclass(frozen=True)
class Cluster:
    """Workers of a scheduler, each of whose networks has so many threads."""

    client: Any
    threads: int

    @property
    def workers(self) -> int:
        """The number of workers at present."""
        return len(self.client.scheduler_info()["workers"])

    def prepare(self, folder: Path, numbers: Sequence[int]) -> Generator[int, None, None]:
        """Freeze scenes of a job; yield the number of each that is."""
        for number, _ in self._map(prepare_scene, folder, numbers, None):
            yield number

    def do(self, job: Job, parts: Sequence[Part]) -> Generator[Part, None, None]:
        """Do parts; yield each that is done. Raises what a part raises that fails again and again.

        Closing the iterator cancels the rest.
        """
        all_parts = job.parts
        numbers = [part.number for part in parts]
        for number, _ in self._map(do_part, job.folder, numbers, resources_of(job, self.client)):
            yield all_parts[number - 1]

    def submit(self, work: Callable[..., Any], folder: Path, number: int) -> Any:
        """Return the future of other work on a scene, which goes before parts."""
        path = name_of(folder)
        return self.client.submit(work, path, number, retries=RETRIES, priority=1, pure=False)

    def _map(
        self, work: Callable[..., Any], folder: Path, numbers: Sequence[int], resources: Any
    ) -> Iterator[Any]:
        from distributed import as_completed
        from distributed.client import FutureCancelledError

        path = name_of(folder)
        futures = self.client.map(
            partial(work, path, threads=self.threads),
            numbers,
            # A key of its own for every try, so that no scheduler remembers an earlier one.
            key=[f"{work.__name__}-{number}-{secrets.token_hex(8)}" for number in numbers],
            retries=RETRIES,
            resources=resources,
            pure=False,
        )
        try:
            for future, result in as_completed(futures, with_results=True):
                if isinstance(result, FutureCancelledError):  # it is given, not raised
                    raise result
                future.release()
                yield result
        finally:
            self.client.cancel(futures, force=True)


def _threads(scheduler: str, workers: int) -> int:
    """Return the threads of a network: a local worker's share of the cores, one elsewhere.

    There as many parts are done at a time as `dask worker` was given threads.
    """
    return max(1, (os.cpu_count() or 1) // workers) if scheduler == LOCAL else 1


def resources_of(job: Job, client: Any) -> dict[str, float] | None:
    """Return what a part takes of what workers tell that they have: memory, and a GPU.

    A job that can use a GPU takes one, so that there is one part in flight on each. Where no worker
    has the memory, the largest does a part at a time.
    """
    workers = client.scheduler_info()["workers"].values()
    told: dict[str, float] = {}
    for name, amount in (item for each in workers for item in each.get("resources", {}).items()):
        told[name] = max(amount, told.get(name, 0))
    uses = any(
        str(job.scene(n).read()["needs"]["device"]).startswith("cuda")
        for n, count in enumerate(job.counts)
        if count
    )
    takes = {MEMORY: job.memory, **({GPU: 1} if uses else {})}
    return {name: min(takes[name], told[name]) for name in takes if told.get(name)} or None


@contextmanager
def cluster(scheduler: str, workers: int) -> Iterator[Cluster]:
    """Provide the workers of a scheduler.

    Parameters
    ----------
    scheduler : the address of one, or ``local``, which starts one with so many `workers`.

    Raises EnvironmentFault without dask.distributed, InputError where no scheduler answers, or does
    so no more.
    """
    try:
        from distributed import Client, LocalCluster
        from distributed.client import FutureCancelledError
    except ModuleNotFoundError as error:
        raise EnvironmentFault("cluster-needs-package", package=error.name) from error
    # It tells of every connection; a local one is ended by us, which it takes for a loss.
    logging.getLogger("distributed").setLevel(
        logging.ERROR if scheduler == LOCAL else logging.WARNING
    )
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
        try:
            yield Cluster(client, _threads(scheduler, workers))
        except FutureCancelledError as error:
            reason = "the connection was lost"
            raise InputError("no-scheduler", address=scheduler, reason=reason) from error
