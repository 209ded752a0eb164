# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a job on the workers of a Dask scheduler.

A worker gets a job's folder and the number of a part, never pixels. The folder alone records what
is done, so a part that is done twice, because its worker was lost, does no harm.
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
from core.jobs.running import Runner, set_threads
from core.jobs.storage import name_of, place, store_errors
from core.progress import silent

log = logging.getLogger(__name__)

LOCAL = "local"
RETRIES = 2  # of a part that fails
GPU = "GPU"  # the resource of which a worker has one for each of its GPUs
MEMORY = "MEMORY"  # bytes
CONNECT = 30  # seconds

_of_thread = local()


def do_part(folder: str, number: int, threads: int) -> tuple[int, bool]:
    """Do a part in a worker, unless it is done; return its number, and whether this process did it.

    Each thread of a worker keeps the scene of its last part open.
    """
    set_threads(threads)
    runner: Runner | None = getattr(_of_thread, "runner", None)
    with store_errors(folder):
        if runner is None or name_of(runner.job.folder) != folder:
            if runner:
                runner.close()
            _of_thread.runner = runner = Runner(Job.open(place(folder)))
            atexit.register(_closed, runner)
        return number, runner.do(runner.job.parts[number - 1], silent)


def _closed(runner: Runner) -> None:
    """Close the scene of a thread at the exit of the process, before rasterio is unloaded."""
    with suppress(RasterioError):  # the environment of rasterio belongs to the other thread
        runner.close()


def prepare_scene(folder: str, number: int, threads: int) -> tuple[int, str]:
    """Freeze a scene in a worker; return its number, and why it could not be frozen, if so."""
    set_threads(threads)
    with store_errors(folder):
        return number, freeze_scene(place(folder), number, silent)


@dataclass(frozen=True)
class Cluster:
    """The workers of a scheduler, and the threads of a network in each."""

    client: Any
    threads: int

    @property
    def workers(self) -> int:
        """The number of workers at present."""
        return len(self.client.scheduler_info()["workers"])

    def prepare(self, folder: Path, numbers: Sequence[int]) -> Generator[int, None, None]:
        """Freeze scenes of a job; yield the number of each when it is done."""
        for number, _ in self._map(prepare_scene, folder, numbers, None):
            yield number

    def do(self, job: Job, parts: Sequence[Part]) -> Generator[Part, None, None]:
        """Do parts; yield each when it is done. Closing the iterator cancels the rest.

        Raises the error of a part that fails in every retry.
        """
        all_parts = job.parts
        numbers = [part.number for part in parts]
        for number, _ in self._map(do_part, job.folder, numbers, resources_of(job, self.client)):
            yield all_parts[number - 1]

    def submit(self, work: Callable[..., Any], folder: Path, number: int) -> Any:
        """Submit other work on a scene, ahead of parts; return its future."""
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
                if isinstance(result, FutureCancelledError):  # returned, not raised
                    raise result
                future.release()
                yield result
        finally:
            self.client.cancel(futures, force=True)


def _threads(scheduler: str, workers: int) -> int:
    """Return the threads of a network: a local worker's share of the cores, one elsewhere.

    Elsewhere a worker does as many parts at a time as `dask worker` was given threads.
    """
    return max(1, (os.cpu_count() or 1) // workers) if scheduler == LOCAL else 1


def resources_of(job: Job, client: Any) -> dict[str, float] | None:
    """Return what a part takes of the resources that workers declare, memory and GPUs.

    A job that can use a GPU takes one, so that each GPU has one part at a time. Where no worker
    has enough memory, the largest one does one part at a time.
    """
    workers = client.scheduler_info()["workers"].values()
    declared: dict[str, float] = {}
    for name, amount in (item for each in workers for item in each.get("resources", {}).items()):
        declared[name] = max(amount, declared.get(name, 0))
    uses = any(
        str(job.scene(n).read()["needs"]["device"]).startswith("cuda")
        for n, count in enumerate(job.counts)
        if count
    )
    takes = {MEMORY: job.memory, **({GPU: 1} if uses else {})}
    usable = (name for name in takes if declared.get(name))
    return {name: min(takes[name], declared[name]) for name in usable} or None


@contextmanager
def cluster(scheduler: str, workers: int) -> Iterator[Cluster]:
    """Provide the workers of a scheduler.

    Parameters
    ----------
    scheduler : its address, or ``local``, which starts one here.
    workers : number of workers of a local scheduler.

    Raises EnvironmentFault without dask.distributed, InputError where no scheduler answers, or the
    connection to it is lost.
    """
    try:
        from distributed import Client, LocalCluster
        from distributed.client import FutureCancelledError
    except ModuleNotFoundError as error:
        raise EnvironmentFault("cluster-needs-package", package=error.name) from error
    # It logs every connection, and takes the end of a local cluster for a loss.
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
