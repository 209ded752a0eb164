# SPDX-License-Identifier: GPL-2.0-or-later
"""What the worker and its parent say to each other: one request, then events, as JSON lines.

The parent (the QGIS plugin, or any program) starts the worker with pipes, writes one request as
one line of JSON, and keeps stdin open: ``{"type": "cancel"}`` asks the worker to stop, and so does
the end of the stream, which means that the parent is gone. The worker answers with ``hello``,
then ``progress`` and ``log``, and last exactly one ``result`` or ``error``.

Rasters travel by path, never through the pipe. This module needs the standard library only.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
PROTOCOL = int(json.loads((RESOURCES / "protocol.json").read_text("utf-8"))["protocol"])

TASKS = ("pansharpen", "check")
EXIT_OK, EXIT_ERROR, EXIT_BAD_REQUEST, EXIT_CANCELLED = 0, 1, 2, 3


class RequestError(ValueError):
    """The line on stdin is not a request this worker can serve."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True)
class Request:
    """One job, as the plugin and the command line ask for it.

    ``extent`` is (xmin, ymin, xmax, ymax) in PAN's CRS; ``tile`` is in PAN px; band numbers count
    from 1; ``nodata`` is read from the inputs and written to the output.
    """

    task: str = "pansharpen"
    pan: str = ""
    ms: str = ""
    out: str = ""
    pan_band: int | None = None
    ms_bands: tuple[int, ...] | None = None
    method: str = "ksdiff"
    model: str | None = None
    device: str = "auto"
    extent: tuple[float, float, float, float] | None = None
    output_type: str | None = None
    nodata: float | None = None
    creation_options: dict[str, str] = field(default_factory=dict)
    cog: bool = False
    tile: int = 512
    seed: int = 0


_TEXT = {"task", "pan", "ms", "out", "method", "device"}
_OPTIONAL_TEXT = {"model", "output_type"}
_WHOLE = {"tile", "seed"}


def parse_request(line: bytes) -> Request:
    """Read one line of stdin. Raises RequestError with a sentence a person can act on."""
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
    unknown = sorted(set(message) - {each.name for each in fields(Request)})
    if unknown:
        raise RequestError(f"The request has unknown fields: {', '.join(unknown)}.")
    request = Request(**{name: _checked(name, value) for name, value in message.items()})
    if request.task not in TASKS:
        raise RequestError(f"Unknown task {request.task!r}; known are {', '.join(TASKS)}.")
    missing = [name for name in ("pan", "ms", "out") if not getattr(request, name)]
    if request.task == "pansharpen" and missing:
        raise RequestError(f"The request lacks {', '.join(missing)}.")
    return request


def _checked(name: str, value: Any) -> Any:
    """The field's value in the type Request declares."""
    ok: bool
    if name in _TEXT:
        ok = isinstance(value, str)
    elif name in _OPTIONAL_TEXT:
        ok = value is None or isinstance(value, str)
    elif name in _WHOLE:
        ok = _is_whole(value)
    elif name == "cog":
        ok = isinstance(value, bool)
    elif name == "pan_band":
        ok = value is None or _is_whole(value)
    elif name == "nodata":
        ok = value is None or _is_number(value)
    elif name == "creation_options":
        ok = isinstance(value, dict)
        value = {str(key): str(item) for key, item in value.items()} if ok else value
    else:  # ms_bands, extent
        each = _is_whole if name == "ms_bands" else _is_number
        ok = value is None or (isinstance(value, list) and all(map(each, value)))
        ok = ok and (name != "extent" or value is None or len(value) == 4)
        value = tuple(value) if ok and value is not None else value
    if not ok:
        raise RequestError(f"The request's field {name} cannot be {value!r}.")
    return value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


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

    def result(self, **facts: object) -> bool:
        """End with success. False when the run has already ended otherwise."""
        return self._send({"type": "result", **facts}, last=True)

    def error(self, kind: str, message: str, remedy: str = "") -> bool:
        """End with an error. False when the run has already ended otherwise."""
        event = {"type": "error", "kind": kind, "message": message, "remedy": remedy}
        return self._send(event, last=True)

    def _send(self, event: Mapping[str, object], last: bool = False) -> bool:
        line = json.dumps(_finite(event), ensure_ascii=False, allow_nan=False) + "\n"
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


def _finite(value: Any) -> Any:
    """JSON knows no NaN and no infinity: they become null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return value
