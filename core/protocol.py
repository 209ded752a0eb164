# SPDX-License-Identifier: GPL-2.0-or-later
"""What the worker and its parent say to each other: one request, then events, as JSON lines.

The parent (the QGIS plugin, or any program) starts the worker with pipes, writes one request as
one line of JSON, and keeps stdin open: ``{"type": "cancel"}`` asks the worker to stop, and so does
the end of the stream, which means that the parent is gone. The worker answers with ``hello``,
then ``progress`` and ``log`` (and ``measure`` where something is trained), and last exactly one
``result`` or ``error``.

Rasters travel by path, never through the pipe. This module needs the standard library only.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, BinaryIO, get_args, get_origin, get_type_hints

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
PROTOCOL = int(json.loads((RESOURCES / "protocol.json").read_text("utf-8"))["protocol"])

EXIT_OK, EXIT_ERROR, EXIT_BAD_REQUEST, EXIT_CANCELLED = 0, 1, 2, 3

Extent = tuple[float, float, float, float]


class RequestError(ValueError):
    """The line on stdin is not a request this worker can serve."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True)
class Check:
    """Import what a run needs, and tell the versions.

    ``selftest`` sharpens a tiny pair on each device, too, and tells what ran (`core.selftest`).
    """

    selftest: bool = False


@dataclass(frozen=True)
class Pansharpen:
    """Sharpen a pair, as the plugin and the command line ask for it.

    ``method`` auto is the winner of the scene test, which ``scene_test`` asks for with any other
    method too; ``report`` is where its HTML page goes. ``adapt`` is for how many seconds at
    most the network learns in the scene test, and again on the scene if that shows that it helps; 0
    is not at all. ``steps`` are those of SRINO's sampling, None is what its model wants; ``spread``
    is where the spread of its results over ``spread_seeds`` seeds goes, a raster in DN.
    ``extent`` is (xmin, ymin, xmax, ymax) in PAN's CRS; ``tile`` is in PAN px; band numbers count
    from 1; ``nodata`` is read from the inputs and written to the output; ``sensor`` is a sensor
    card or auto. ``align`` is whether the shift between the two is measured and taken out.
    """

    pan: str
    ms: str
    out: str
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    method: str = "auto"
    adapt: float = 60.0
    scene_test: bool = False
    report: str | None = None
    sensor: str = "auto"
    model: str | None = None
    device: str = "auto"
    extent: Extent | None = None
    output_type: str | None = None
    nodata: float | None = None
    creation_options: dict[str, str] = field(default_factory=dict)
    cog: bool = False
    tile: int = 512
    seed: int = 0
    steps: int | None = None
    spread: str | None = None
    spread_seeds: int = 4
    align: bool = False


@dataclass(frozen=True)
class Quality:
    """Assess a fused raster on PAN's grid; what is written is named, None is left out.

    ``report`` is an HTML page; the maps are GeoTIFFs: SAM per pixel (degrees), Q2n per block,
    error per band (DN). ``scene_test`` asks what every method reaches on the scene one ratio
    coarser, whatever the fused raster was made by.
    """

    pan: str
    ms: str
    fused: str
    reference: str | None = None
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    nodata: float | None = None
    sensor: str = "auto"
    scene_test: bool = False
    report: str | None = None
    sam_map: str | None = None
    q2n_map: str | None = None
    error_map: str | None = None


@dataclass(frozen=True)
class Simulate:
    """Reduce a pair by Wald's protocol; ``out_reference`` is MS itself on the reduced PAN's grid.

    ``ratio`` None is the pair's own, rounded; ``phase`` is product or benchmark.
    """

    pan: str
    ms: str
    out_pan: str
    out_ms: str
    out_reference: str
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    nodata: float | None = None
    ratio: int | None = None
    sensor: str = "auto"
    phase: str = "product"


@dataclass(frozen=True)
class Align:
    """Measure how far MS lies from PAN; what is written is named, None is left out.

    ``out`` is MS with the shift taken out, the same pixels on a grid that was moved; ``report`` is
    an HTML page.
    """

    pan: str
    ms: str
    out: str | None = None
    report: str | None = None
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    nodata: float | None = None


@dataclass(frozen=True)
class Bench:
    """Every method on every scene of a folder or file; ``methods`` and ``sets`` None are all.

    ``adapt`` is for how many seconds adapted methods may learn on a scene; they are left out for 0.
    ``steps`` are those of SRINO's sampling, None is what its model wants.
    ``cut`` is the border left out of scores with a reference, PAN px; None is the source's own.
    """

    data: str
    methods: tuple[str, ...] | None = None
    sets: tuple[str, ...] | None = None
    sensor: str = "auto"
    model: str | None = None
    device: str = "auto"
    seed: int = 0
    adapt: float = 0.0
    steps: int | None = None
    tile: int = 512
    cut: int | None = None
    phase: str = "benchmark"
    csv: str | None = None
    json: str | None = None


Request = Check | Pansharpen | Quality | Simulate | Align | Bench

#: The tasks of a request; but for ``check`` each is a module of core.commands with ``perform``.
TASKS: dict[str, type[Request]] = {
    "check": Check,
    "pansharpen": Pansharpen,
    "quality": Quality,
    "simulate": Simulate,
    "align": Align,
    "bench": Bench,
}


def parse_request(line: bytes, tasks: Mapping[str, type[Any]] = TASKS) -> tuple[str, Any]:
    """Task and request of one line of stdin; `tasks` are those that can be asked for.

    Raises RequestError with a sentence a person can act on.
    """
    if not line.strip():
        raise RequestError("No request came on stdin.", "Send one line of JSON first.")
    try:
        message = json.loads(line.decode("utf-8"))
    except ValueError as error:
        raise RequestError(f"The request is not a line of JSON in UTF-8: {error}.") from error
    if not isinstance(message, dict):
        raise RequestError("The request is not a JSON object.")
    spoken = message.pop("protocol", None)
    if spoken != PROTOCOL:
        raise RequestError(
            f"The request speaks protocol {spoken}, this worker speaks protocol {PROTOCOL}.",
            "The plugin and its worker come from different versions: install both anew, "
            "and restart QGIS.",
        )
    message.pop("type", None)
    task = message.pop("task", "pansharpen")
    if task not in tasks:
        raise RequestError(f"Unknown task {task!r}; known are {', '.join(tasks)}.")
    return task, _request(tasks[task], message)


def _request(kind: type[Any], message: dict[str, Any]) -> Any:
    """The fields of a message as the dataclass declares them."""
    types = get_type_hints(kind)
    unknown = sorted(name for name in message if name not in types)
    if unknown:
        raise RequestError(f"The request has unknown fields: {', '.join(unknown)}.")
    needed = [each.name for each in fields(kind) if _is_needed(each)]
    missing = [name for name in needed if not message.get(name)]
    if missing:
        raise RequestError(f"The request lacks {', '.join(missing)}.")
    return kind(**{name: _checked(name, types[name], value) for name, value in message.items()})


def _is_needed(declared: Field[Any]) -> bool:
    return declared.default is MISSING and declared.default_factory is MISSING


def _checked(name: str, declared: Any, value: Any) -> Any:
    """The value in the declared type: JSON has lists for tuples, and whole numbers for floats."""
    kinds = get_args(declared) if isinstance(declared, UnionType) else (declared,)
    if value is None and NoneType in kinds:
        return None
    kind = next(each for each in kinds if each is not NoneType)
    origin, parts = get_origin(kind) or kind, get_args(kind)
    if origin is tuple and isinstance(value, list):
        each = parts[:1] * len(value) if parts[-1] is Ellipsis else parts
        if len(each) == len(value) and all(map(_is, value, each)):
            return tuple(value)
    elif origin is dict and isinstance(value, dict):
        return {str(key): str(item) for key, item in value.items()}
    elif _is(value, kind):
        return value
    raise RequestError(f"The request's field {name} cannot be {value!r}.")


def _is(value: object, kind: type) -> bool:
    """Whether a JSON value is of a type; true and false are no numbers."""
    if isinstance(value, bool) or get_origin(kind):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


class Events:
    """The worker's side of the stream: thread-safe, one JSON object a line, at most one ending.

    Parameters
    ----------
    stream : the binary stream the parent reads, unbuffered or flushed here.
    on_broken : called when the parent no longer reads.
    """

    def __init__(self, stream: BinaryIO, on_broken: Callable[[], None] = lambda: None) -> None:
        self._stream = stream
        self._on_broken = on_broken
        self._lock = threading.Lock()
        self._ended = False
        self._last_sent = time.monotonic()

    @property
    def silent_for(self) -> float:
        """Seconds since the parent last heard anything."""
        return time.monotonic() - self._last_sent

    def hello(self, **facts: object) -> None:
        self._send({"type": "hello", "protocol": PROTOCOL, **facts})

    def progress(self, fraction: float, message: str, remaining_s: float | None) -> None:
        fraction = min(1.0, max(0.0, fraction))
        remaining = None if remaining_s is None else round(remaining_s, 1)
        self._send(
            {
                "type": "progress",
                "fraction": round(fraction, 4),
                "message": message,
                "remaining_s": remaining,
            }
        )

    def log(self, level: str, message: str) -> None:
        self._send({"type": "log", "level": level, "message": message})

    def measure(self, **facts: object) -> None:
        self._send({"type": "measure", **facts})

    def result(self, **facts: object) -> bool:
        """End with success. False when the run has already ended otherwise."""
        return self._send({"type": "result", **facts}, last=True)

    def error(self, kind: str, message: str, remedy: str = "") -> bool:
        """End with an error. False when the run has already ended otherwise."""
        event = {"type": "error", "kind": kind, "message": message, "remedy": remedy}
        return self._send(event, last=True)

    def _send(self, event: Mapping[str, object], last: bool = False) -> bool:
        line = json.dumps(finite(event), ensure_ascii=False, allow_nan=False) + "\n"
        # A path with undecodable bytes holds lone surrogates, which UTF-8 cannot carry.
        payload = line.encode("utf-8", "backslashreplace")
        with self._lock:
            if self._ended:
                return False
            self._ended = last
            self._last_sent = time.monotonic()
            try:
                self._stream.write(payload)
                self._stream.flush()
            except OSError:
                self._on_broken()
            return True


def finite(value: Any) -> Any:
    """JSON knows no NaN and no infinity: they become null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return value
