# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests are checked strictly; events are one line of JSON each, and end once."""

from __future__ import annotations

import io
import json
import math
import threading
from pathlib import Path
from typing import Any

import pytest
from raising import raises_code

from core.errors import Cancelled
from core.requests.scenes import Check, Pansharpen, Quality
from core.worker.protocol import PROTOCOL, Events, RequestError, parse_request

GOOD = {"protocol": PROTOCOL, "pan": "p.tif", "ms": "m.tif", "out": "o.tif"}


def line(**changes: Any) -> bytes:
    return json.dumps({**GOOD, **changes}).encode() + b"\n"


def parse(**changes: Any) -> Pansharpen:
    request = parse_request(line(**changes))[1]
    assert isinstance(request, Pansharpen)
    return request


def test_protocol_number_is_the_one_of_the_plugin(root: Path) -> None:
    assert json.loads((root / "resources" / "protocol.json").read_text()) == {"protocol": PROTOCOL}


def test_absent_fields_have_defaults() -> None:
    assert parse() == Pansharpen(pan="p.tif", ms="m.tif", out="o.tif")


def test_every_field_is_read() -> None:
    fields = {
        "pan_band": 2, "cog": True, "nodata": -1, "tile": 128, "seed": 5, "adapt": 30, "steps": 8,
        "output_type": "uint8", "model": "a", "spread": "s.tif",
    }  # fmt: skip
    lists = {"ms_bands": [3, 1], "extent": [0, 1.5, 2, 3]}
    options = {"COMPRESS": "LZW", "LEVEL": 9}
    given = {name: GOOD[name] for name in ("pan", "ms", "out")}
    assert parse(**fields, **lists, creation_options=options) == Pansharpen(
        **given, **fields, **{name: tuple(value) for name, value in lists.items()},
        creation_options={"COMPRESS": "LZW", "LEVEL": "9"},
    )  # fmt: skip


def test_pan_and_ms_are_a_name_or_a_list_of_names() -> None:
    assert parse(pan=["b2.tif", "b3.tif"]).pan == ("b2.tif", "b3.tif")
    assert parse(ms="m.tif").ms == "m.tif"
    assert parse(ms=["b2.tif", "b3.tif"]).ms == ("b2.tif", "b3.tif")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pan", 3),
        ("pan", ["p.tif", 3]),
        ("ms", ["b2.tif", 3]),
        ("tile", "big"),
        ("tile", True),
        ("ms_bands", "1,2"),
        ("ms_bands", [1, "2"]),
        ("extent", [1, 2, 3]),
        ("cog", 1),
        ("adapt", True),
        ("steps", 2.5),
        ("steps", "many"),
        ("spread", 1),
        ("creation_options", []),
    ],
)
def test_value_of_another_type_is_refused(field: str, value: Any) -> None:
    with raises_code("request-field-value", RequestError, field=field, value=value):
        parse(**{field: value})


def test_each_task_has_its_own_fields() -> None:
    pair = {"protocol": PROTOCOL, "task": "quality", "pan": "p", "ms": "m"}
    whole = json.dumps({**pair, "fused": "f", "reference": None}).encode()
    assert parse_request(whole) == ("quality", Quality(pan="p", ms="m", fused="f"), None)
    check = {"protocol": PROTOCOL, "task": "check"}
    assert parse_request(json.dumps(check).encode()) == ("check", Check(), None)
    assert parse_request(json.dumps({**check, "language": "de"}).encode())[2] == "de"
    with raises_code("request-fields-unknown", fields="tile"):
        parse_request(json.dumps({**check, "tile": 1}).encode())
    with raises_code("request-fields-missing", fields="fused"):
        parse_request(json.dumps(pair).encode())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "request-empty"),
        (b"\n", "request-empty"),
        (b"{", "request-not-json"),
        (b"\xff\xfe{}\n", "request-not-json"),
        (b"[]\n", "request-not-object"),
        (b"3\n", "request-not-object"),
        (line(protocol=99), "request-protocol"),
        (line(protocol=None), "request-protocol"),
        (line(task="dance"), "request-task"),
        (line(out=""), "request-fields-missing"),
        (line(colour="red"), "request-fields-unknown"),
    ],
)
def test_line_that_is_no_request_is_refused(text: bytes, code: str) -> None:
    with raises_code(code, RequestError):
        parse_request(text)


def sent(stream: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().decode("utf-8").splitlines()]


def test_events_are_lines_of_strict_json() -> None:
    stream = io.BytesIO()
    events = Events(stream)
    events.send("hello", protocol=PROTOCOL, pid=1)
    events.progress(1.7, "two\nlines, Ünïcode", math.nan)
    events.log("info", "lone surrogate \udcff")
    events.result(out=Path("a") / "ü.tif", ratio=math.inf)
    assert [event["type"] for event in sent(stream)] == ["hello", "progress", "log", "result"]
    assert sent(stream)[0] == {"type": "hello", "protocol": PROTOCOL, "pid": 1}
    assert sent(stream)[1]["fraction"] == 1.0
    assert sent(stream)[1]["remaining_s"] is None
    assert sent(stream)[3] == {"type": "result", "out": str(Path("a") / "ü.tif"), "ratio": None}


def test_nothing_is_sent_after_the_result() -> None:
    stream = io.BytesIO()
    events = Events(stream)
    assert events.result(out="x")
    assert not events.error("Cancelled", Cancelled())
    events.log("info", "after the end")
    assert [event["type"] for event in sent(stream)] == ["result"]


def test_broken_stream_is_noticed() -> None:
    class Broken(io.BytesIO):
        def write(self, data: Any) -> int:
            raise BrokenPipeError

    noticed = threading.Event()
    Events(Broken(), on_broken=noticed.set).log("info", "hello?")
    assert noticed.is_set()


def test_lines_of_threads_do_not_mix() -> None:
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
