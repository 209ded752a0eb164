# SPDX-License-Identifier: GPL-2.0-or-later
"""Parts on a real scheduler with real worker processes, on the loopback; one is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fakes import ROOT, Watched, perform, quiet, write_pair
from made_jobs import Made
from raising import raises_code
from raster_files import pixels

from core.errors import Cancelled, EnvironmentFault, InputError
from core.jobs import on_dask
from core.requests.jobs import Cluster, Plan, Run
from core.requests.scenes import Folder
from core.worker.protocol import EXIT_ERROR

distributed = pytest.importorskip("distributed")

#: A worker whose tiles take a while, so that it can be met within a part.
SLOW_WORKER = """
import sys, time
from core.methods.classical import Gsa
inner = Gsa.apply
def slow(*given):
    time.sleep(0.15)
    return inner(*given)
Gsa.apply = slow
from distributed.cli.dask_worker import main
sys.exit(main())
"""


@contextmanager
def started(*command: str, **more: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, **more,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def started_scheduler() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A scheduler process and its address."""
    command = ("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
               "--no-dashboard", "--no-show")  # fmt: skip
    with started(*command) as process:
        for line in process.stderr or ():
            if found := re.search(r"Scheduler at:\s+(tcp://\S+)", line):
                drain = threading.Thread(target=list, args=(process.stderr,), daemon=True)
                drain.start()
                yield process, found[1]
                return
        raise AssertionError("no scheduler was started")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler process."""
    with started_scheduler() as (_, address):
        yield address


@pytest.fixture(scope="module")
def staffed() -> Iterator[str]:
    """The address of another scheduler, with a worker."""
    with started_scheduler() as (_, address), worker(address, "one"):
        yield address


@contextmanager
def worker(scheduler: str, name: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    command = ("-c", SLOW_WORKER, scheduler, "--nthreads", "1", "--no-nanny", "--name", name,
               "--no-dashboard", "--host", "127.0.0.1", *more)  # fmt: skip
    with started(*command) as process:
        threading.Thread(target=list, args=(process.stderr,), daemon=True).start()
        yield process


def carry_out(job: Made, scheduler: str, progress: Any = quiet, **more: Any) -> dict[str, Any]:
    return perform(Cluster(job.job, scheduler, **more), progress)


def records(job: Made) -> list[Path]:
    return sorted(Path(job.job).rglob("parts/*.json"))


def test_a_worker_that_is_killed_loses_nothing(planned: Made, scheduler: str) -> None:
    with worker(scheduler, "victim") as victim, worker(scheduler, "survivor") as survivor:
        wait_for_workers(scheduler, 2)

        def kill() -> None:
            while not any(job_process(each) == victim.pid for each in records(planned)):
                time.sleep(0.01)
            time.sleep(0.2)  # within its next part
            os.kill(victim.pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        watched = Watched()
        told = carry_out(planned, scheduler, watched)
        killer.join()
        assert victim.wait(10) == -signal.SIGKILL
        last = job_process(max(records(planned), key=lambda each: each.stat().st_mtime_ns))
        assert last == survivor.pid
    assert told["done"] == 9 and told["files"] == [planned.out]
    assert any(message.startswith("9 of 9 parts") for message in watched.messages)
    assert planned.same


def test_the_command_itself_may_be_killed(planned: Made, staffed: str) -> None:
    command = ("-m", "core", "cluster", "--job", planned.job, "--scheduler", staffed)
    with started(*command, stdout=subprocess.DEVNULL) as process:
        drain = threading.Thread(target=list, args=(process.stderr,), daemon=True)
        drain.start()
        while not records(planned):
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert not Path(planned.out).exists()
        carry_out(planned, staffed)
    assert planned.same


def test_the_scheduler_may_be_killed(planned: Made) -> None:
    """The command ends then, and goes on with another scheduler."""
    with started_scheduler() as (process, address), worker(address, "one"):
        command = ("-m", "core", "cluster", "--job", planned.job, "--scheduler", address)
        with started(*command, stdout=subprocess.DEVNULL) as asking:
            while not records(planned):
                assert asking.poll() is None
                time.sleep(0.02)
            process.kill()
            _, said = asking.communicate(timeout=60)
            assert address in said and asking.returncode == EXIT_ERROR
    assert not Path(planned.out).exists()
    with started_scheduler() as (_, address), worker(address, "two"):
        carry_out(planned, address)
    assert planned.same


def test_a_job_that_is_cancelled_goes_on(planned: Made, staffed: str) -> None:
    with pytest.raises(Cancelled):
        carry_out(planned, staffed, Watched(cancel_at=0.3))
    done = len(records(planned))
    assert 0 < done < 9
    assert carry_out(planned, staffed)["done"] <= 9 - done
    assert planned.same


def test_a_local_scheduler_with_a_network(made: Callable[..., Made], small_srino: Path) -> None:
    job = made(method="srino", model=str(small_srino), steps=1)
    job.plan()
    assert carry_out(job, "local", workers=2)["done"] == 9
    assert len({job_process(each) for each in records(job)}) == 2
    assert job.same
    assert carry_out(job, "local")["done"] == 0  # all was done and collected


def test_the_workers_prepare_the_scenes_too(tmp_path: Path, staffed: str) -> None:
    """The scenes are listed alone; one of them cannot be prepared, which stops no other."""
    data, job = pairs_in(tmp_path / "data"), str(tmp_path / "job")
    asked = Plan(job=job, data=str(data), out_folder=str(tmp_path / "out"), method="gsa",
                 list_only=True)  # fmt: skip
    told = perform(asked)
    assert not told["ready"] and told["parts"] == 0
    with raises_code("job-not-prepared", InputError, left=3):
        perform(Run(job))
    (data / "b_ms.tif").write_bytes(b"nothing")
    told = perform(Cluster(job, staffed))
    assert [Path(path).name for path in told["files"]] == ["a_sharpened.tif", "c_sharpened.tif"]


def test_a_folder_is_handed_to_a_scheduler(tmp_path: Path, staffed: str) -> None:
    """Results and rows are those of this process; each is told of when it is whole."""
    data = pairs_in(tmp_path / "data")
    with (data / "b_ms.tif").open("r+b") as file:  # its header is whole, its pixels are not
        file.truncate(600)
    told: list[dict[str, Any]] = []

    class Telling(Watched):
        def measure(self, **facts: Any) -> None:
            told.append(facts)

    settings: dict[str, Any] = {"data": str(data), "method": "classical"}
    asked = Folder(**settings, out_folder=str(tmp_path / "two"), scheduler=staffed)
    two = perform(asked, Telling())
    one = perform(Folder(**settings, out_folder=str(tmp_path / "one")))
    assert (two["sharpened"], two["failed"]) == (one["sharpened"], one["failed"]) == (2, 1)
    for mine, other in zip(one["rows"], two["rows"], strict=True):
        for key in ("pair", "state", "method", "why", "ergas", "sam"):
            assert mine[key] == other[key]
        assert bool(mine["remark"]) == bool(other["remark"])
        if mine["state"] == "sharpened":
            assert pixels(mine["out"]) == pixels(other["out"])
    assert sorted(each["pair"] for each in told) == ["a", "c"]
    assert all(Path(each["out"]).name in ("a_sharpened.tif", "c_sharpened.tif") for each in told)
    assert [path.name for path in (tmp_path / "two").iterdir() if path.name[0] == "."] == []
    again = perform(asked)
    assert (again["there"], again["sharpened"]) == (2, 0)


def test_a_part_that_fails_tells_why(planned: Made, staffed: str) -> None:
    arrays = next(Path(planned.job).rglob("arrays.npz"))
    arrays.write_bytes(b"nothing")
    with raises_code("job-damaged", reason="its hash is another"):
        carry_out(planned, staffed)


def test_a_scheduler_that_is_not_there(planned: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "CONNECT", 1)
    with raises_code("no-scheduler", InputError, address="tcp://127.0.0.1:9"):
        carry_out(planned, "tcp://127.0.0.1:9")


def test_a_worker_for_each_gpu(planned: Made, scheduler: str) -> None:
    """A job for a GPU waits for workers that have one, if any worker tells of such."""
    opened = on_dask.Job.open(Path(planned.job))
    state = opened.scene(0).state
    with worker(scheduler, "with", "--resources", "GPU=1"), distributed.Client(scheduler) as client:
        client.wait_for_workers(1)
        assert on_dask.resources_of(opened, client) is None
        state.write_text(state.read_text().replace('"device": "cpu"', '"device": "cuda"'))
        assert on_dask.resources_of(opened, client) == {"GPU": 1}


def test_as_many_parts_as_a_worker_has_memory_for(planned: Made, scheduler: str) -> None:
    """Of two threads one waits, where memory does for one part; no part waits for ever."""
    opened = on_dask.Job.open(Path(planned.job))
    for has in (1.5 * opened.memory, 0.5 * opened.memory):
        more = ("--nthreads", "2", "--resources", f"MEMORY={has}")
        with worker(scheduler, "small", *more), distributed.Client(scheduler) as client:
            client.wait_for_workers(1)
            takes = on_dask.resources_of(opened, client)
            assert takes == {"MEMORY": min(has, opened.memory)}
            carry_out(planned, scheduler)
        spans = sorted(
            (each.stat().st_mtime - json.loads(each.read_text())["seconds"], each.stat().st_mtime)
            for each in records(planned)
        )
        assert len(spans) == 9
        assert all(a[1] <= b[0] + 0.05 for a, b in pairwise(spans))
        for path in (*Path(planned.job).rglob("parts/*"), Path(planned.out)):
            path.unlink()


def test_without_dask(planned: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with raises_code("cluster-needs-package", EnvironmentFault, package="distributed"):
        carry_out(planned, "local")


def job_process(record: Path) -> int:
    found = re.search(r'"process": (\d+)', record.read_text())
    assert found
    return int(found[1])


def wait_for_workers(scheduler: str, count: int) -> None:
    with distributed.Client(scheduler) as client:
        client.wait_for_workers(count)


def pairs_in(folder: Path) -> Path:
    """Write the pairs a, b and c into a folder."""
    for name in ("a", "b", "c"):
        for path in write_pair(folder, size=128):
            path.rename(folder / f"{name}_{path.name}")
    return folder
