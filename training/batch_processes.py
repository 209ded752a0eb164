# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes that draw batches: a GPU takes them faster than one thread draws them.

What they draw depends on the step alone, so it is the same whatever their number. They are
spawned, not forked: a fork of a process that has threads or uses a GPU may hang.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from threading import Thread
from typing import TypeVar

# Tensors are passed on in shared memory once this is imported, here and there.
import torch.multiprocessing  # noqa: F401

#: More do not help, and Windows waits for 61 at most.
MOST = 32
#: Each process computes with one thread.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Made = TypeVar("Made")


def process_count(trainings: int) -> int:
    """Return the number of processes per training, for `trainings` on this machine."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return min(max(cores // trainings - 1, 1), MOST)


def made_by_processes(
    make: Callable[[int], Made], steps: Iterable[int], count: int
) -> Iterator[Made]:
    """Yield what `make` returns for each step, in order; `count` processes work ahead."""
    upcoming = iter(steps)
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, spawn, initializer=_end_with_parent)
    try:
        with _environment(ONE_THREAD):  # all processes are started in it
            waiting = deque(pool.submit(make, step) for step in islice(upcoming, count + 2))
        while waiting:
            made = waiting.popleft().result()
            waiting.extend(pool.submit(make, step) for step in islice(upcoming, 1))
            yield made
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _end_with_parent() -> None:
    """End this process when its parent has been killed."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()
