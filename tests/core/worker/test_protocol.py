# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests are read strictly, events are one line of JSON each and end once."""

from __future__ import annotations

import io
import json
import math
import threading
from pathlib import Path
from typing import Any

import pytest

from core.errors import Cancelled
from core.requests import Check, Pansharpen, Quality
from core.worker.protocol import PROTOCOL, Events, RequestError, parse_request

GOOD = {"protocol": PROTOCOL, "pan": "p.tif", "ms": "m.tif", "out": "o.tif"}


def parse(**changes: Any) -> Pansharpen:
    request = parse_request(json.dumps({**GOOD, **changes}).encode() + b"\n")[1]
    assert isinstance(request, Pansharpen)
    return request


def test_the_number_is_the_one_the_plugin_reads(root: Path) -> None:
    assert json.loads((root / "resources" / "protocol.json").read_text()) == {"protocol": PROTOCOL}


def test_absent_fields_have_the_usual_values() -> None:
    assert parse() == Pansharpen(pan="p.tif", ms="m.tif", out="o.tif")


def test_every_field_is_read() -> None:
    asked = parse(
        ms_bands=[3, 1],
        pan_band=2,
        extent=[0, 1.5, 2, 3],
        creation_options={"COMPRESS": "LZW", "LEVEL": 9},
        cog=True,
        nodata=-1,
        tile=128,
        seed=5,
        adapt=30,
        output_type="uint8",
        model="a",
        steps=8,
        spread="s.tif",
        spread_seeds=3,
    )
    assert asked.ms_bands == (3, 1)
    assert asked.extent == (0, 1.5, 2, 3)
    assert asked.creation_options == {"COMPRESS": "LZW", "LEVEL": "9"}
    assert (asked.pan_band, asked.cog, asked.nodata, asked.tile) == (2, True, -1, 128)
    assert (asked.adapt, parse().adapt) == (30, 60)
    assert (asked.steps, asked.spread, asked.spread_seeds) == (8, "s.tif", 3)
    assert (parse().steps, parse().spread, parse().spread_seeds) == (None, None, 4)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"protocol": 99}, "protocol 99"),
        ({"protocol": None}, "protocol None"),
        ({"task": "dance"}, "dance"),
        ({"out": ""}, "out"),
        ({"pan": 3}, "pan"),
        ({"tile": "big"}, "tile"),
        ({"tile": True}, "tile"),
        ({"ms_bands": "1,2"}, "ms_bands"),
        ({"ms_bands": [1, "2"]}, "ms_bands"),
        ({"extent": [1, 2, 3]}, "extent"),
        ({"cog": 1}, "cog"),
        ({"adapt": True}, "adapt"),
        ({"steps": 2.5}, "steps"),
        ({"steps": "many"}, "steps"),
        ({"spread": 1}, "spread"),
        ({"creation_options": []}, "creation_options"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_request_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(RequestError, match=named):
        parse(**changes)


def test_each_task_has_its_own_fields() -> None:
    fields = {"pan": "p", "ms": "m", "fused": "f", "reference": None}
    line = json.dumps({"protocol": PROTOCOL, "task": "quality", **fields}).encode()
    assert parse_request(line) == ("quality", Quality(pan="p", ms="m", fused="f"))
    line = json.dumps({"protocol": PROTOCOL, "task": "check"}).encode()
    assert parse_request(line) == ("check", Check())
    with pytest.raises(RequestError, match="unknown fields: tile"):
        parse_request(json.dumps({"protocol": PROTOCOL, "task": "check", "tile": 1}).encode())
    with pytest.raises(RequestError, match="lacks fused"):
        parse_request(
            json.dumps({"protocol": PROTOCOL, "task": "quality", "pan": "p", "ms": "m"}).encode()
        )


@pytest.mark.parametrize("line", [b"", b"\n", b"{", b"[]\n", b"3\n", b"\xff\xfe{}\n"])
def test_what_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(RequestError):
        parse_request(line)


def test_a_wrong_version_says_what_to_do() -> None:
    with pytest.raises(RequestError) as caught:
        parse(protocol=PROTOCOL + 1)
    assert "install" in caught.value.remedy


def sent(stream: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().decode("utf-8").splitlines()]


def test_events_are_lines_of_strict_json() -> None:
    stream = io.BytesIO()
    events = Events(stream)
    events.hello(pid=1)
    events.progress(1.7, "two\nlines, Ünïcode", math.nan)
    events.log("info", "lone surrogate \udcff")
    events.result(out=Path("a") / "ü.tif", ratio=math.inf)
    assert [event["type"] for event in sent(stream)] == ["hello", "progress", "log", "result"]
    assert sent(stream)[0] == {"type": "hello", "protocol": PROTOCOL, "pid": 1}
    assert sent(stream)[1]["fraction"] == 1.0
    assert sent(stream)[1]["remaining_s"] is None
    assert sent(stream)[3] == {"type": "result", "out": str(Path("a") / "ü.tif"), "ratio": None}


def test_a_run_ends_once() -> None:
    stream = io.BytesIO()
    events = Events(stream)
    assert events.result(out="x")
    assert not events.error("Cancelled", Cancelled())
    events.log("info", "after the end")
    assert [event["type"] for event in sent(stream)] == ["result"]


def test_a_parent_that_reads_no_more_is_noticed() -> None:
    class Broken(io.BytesIO):
        def write(self, data: Any) -> int:
            raise BrokenPipeError

    noticed = threading.Event()
    Events(Broken(), on_broken=noticed.set).log("info", "hello?")
    assert noticed.is_set()


def test_threads_do_not_mix_their_lines() -> None:
    stream = io.BytesIO()
    events = Events(stream)
    threads = [
        threading.Thread(target=lambda: [events.log("info", "x" * 500) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent(stream)) == 200
