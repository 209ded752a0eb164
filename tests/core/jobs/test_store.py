# SPDX-License-Identifier: GPL-2.0-or-later
"""A job in an S3 store: that of moto, a process of its own on loopback, as GDAL and we see it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import ROOT, perform
from made_jobs import Made
from raising import raises_code
from raster_files import pixels, read

from core.errors import EnvironmentFault, InputError
from core.jobs.job import Job
from core.jobs.storage import name_of, place
from core.requests.jobs import Cluster, Plan, Run

pytest.importorskip("obstore")
pytest.importorskip("moto")

# GDAL keeps the interpreter while it waits for an address: the server is a process of its own.
SERVER = """
import time
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
time.sleep(3600)
"""
BUCKET = "jobs"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a store with one bucket."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        assert server.stdout
        lines = (line.strip() for line in server.stdout)
        host = f"127.0.0.1:{next(line for line in lines if line.isdigit())}"
        made = urllib.request.Request(f"http://{host}/{BUCKET}", method="PUT")
        urllib.request.urlopen(made).close()
        yield host
        server.kill()


@pytest.fixture
def store(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder's name in that store, which GDAL's variables tell of."""
    told = {
        "AWS_S3_ENDPOINT": endpoint, "AWS_HTTPS": "NO", "AWS_VIRTUAL_HOSTING": "FALSE",
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return f"/vsis3/{BUCKET}/{tmp_path.name}"


@pytest.fixture
def job(job: Made, store: str) -> Made:
    """The job in the store, not yet planned."""
    job.job = f"{store}/job"
    return job


def test_a_job_in_a_store_gives_the_bytes_of_one_machine(job: Made, tmp_path: Path) -> None:
    assert job.plan()["parts"] == 9
    assert job.run("1/2")["done"] == 4
    with raises_code("job-parts-missing", InputError, count=5, all=9):
        job.collect()
    assert job.run() | {"seconds": 0} == {
        "job": job.job, "done": 5, "before": 4, "missing": 0, "seconds": 0
    }  # fmt: skip
    made = job.collect()
    assert job.same
    assert made["manifest"] == f"{job.job}/manifest.json"
    # The mosaic is in the store, too, and GDAL opens it there.
    assert made["mosaics"] == [f"{job.job}/scenes/0000/mosaic.vrt"]
    assert (read(made["mosaics"][0]) == read(job.out)).all()
    assert not (tmp_path / "job").exists(), "all of it is in the store"


def test_a_killed_process_leaves_no_part_that_counts(job: Made) -> None:
    job.plan()
    command = [sys.executable, "-m", "core", "run", "--job", job.job]
    folder = Job.open(place(job.job)).scene(0)
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 120
        while not folder.record(1).exists():
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    left = job.run()
    assert left["before"] >= 2 and left["missing"] == 0
    job.collect()
    assert job.same
    assert len(list((folder.path / "parts").glob("*.tif"))) == 9


def test_a_part_that_was_changed_in_the_store_is_done_again(job: Made) -> None:
    job.plan()
    job.run()
    folder = Job.open(place(job.job)).scene(0)
    record = json.loads(folder.record(3).read_text())
    part = folder.record(3).with_name(record["files"][0]["name"])
    part.write_bytes(b"x" * record["files"][0]["bytes"])
    with raises_code("job-parts-missing", InputError, parts="4"):
        job.collect()
    assert job.run()["done"] == 1
    job.collect()
    assert job.same


def test_workers_of_a_scheduler_and_a_fit_of_all_scenes(job: Made, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    folder = tmp_path / "in"
    for number, name in enumerate(job.pair):
        (folder / "s1").mkdir(parents=True, exist_ok=True)
        target = folder / "s1" / ("s1_pan.tif", "s1_ms.tif")[number]
        target.symlink_to(name)
    asked = Plan(
        job=job.job, data=str(folder), out_folder=str(tmp_path / "out"), method="scene-fit",
        shared_fit=True, tile=64, part_size=128, list_only=True,
    )  # fmt: skip
    perform(asked)
    made = perform(Cluster(job.job))
    assert made["done"] == 9 and len(made["files"]) == 1
    job.settings["method"] = "scene-fit"
    assert pixels(job.alone()) == pixels(made["files"][0])


def check_keys(endpoint: str, after: str) -> None:
    """Have the store refuse our keys, of no user, after so many requests."""
    address = f"http://{endpoint}/moto-api/reset-auth"
    plain = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(address, after.encode(), plain)).close()


def test_a_store_that_fails_in_the_middle_of_a_run(job: Made, endpoint: str) -> None:
    job.plan()
    try:
        with raises_code("store-failed", EnvironmentFault, path=job.job):
            perform(Run(job.job), lambda *_: check_keys(endpoint, "0"))
        with raises_code("store-not-reached"):
            job.run()
    finally:
        check_keys(endpoint, "inf")
    assert job.run()["missing"] == 0


def test_a_store_that_does_not_answer(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    assert name_of(place(store) / "job.json") == f"{store}/job.json"
    with raises_code("job-missing", InputError):
        Job.open(place(store))
    with raises_code("store-not-reached", InputError):
        Job.open(place("/vsis3/no-such-bucket/job"))
