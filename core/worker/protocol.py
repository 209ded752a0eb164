# SPDX-License-Identifier: GPL-2.0-or-later
"""The protocol between the worker and its parent: one request, then events, as lines of JSON.

The parent (the QGIS plugin, or any program) starts the worker with pipes, writes one request as
one line of JSON, and keeps stdin open: ``{"type": "cancel"}`` stops the worker, and so does the end
of the stream, which means that the parent is gone. The worker sends ``hello``, then ``progress``
and ``log`` (and ``measure`` during training), and at the end exactly one ``result`` or ``error``.

Rasters are passed by path, never through the pipe. This module needs the standard library only.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, BinaryIO, get_args, get_origin, get_type_hints

from core import RESOURCES
from core.errors import PansharpenError
from core.requests.scenes import TASKS

PROTOCOL = int(json.loads((RESOURCES / "protocol.json").read_text("utf-8"))["protocol"])
EXIT_OK, EXIT_ERROR, EXIT_BAD_REQUEST, EXIT_CANCELLED = 0, 1, 2, 3


class RequestError(PansharpenError):
    """The line on stdin is not a valid request."""


def parse_request(
    line: bytes, tasks: Mapping[str, type[Any]] = TASKS
) -> tuple[str, Any, str | None]:
    """Return task, request and language of one line of stdin; `tasks` are those of this worker.

    Raises RequestError if the line is not a request for one of them.
    """
    if not line.strip():
        raise RequestError("request-empty")
    try:
        message = json.loads(line.decode("utf-8"))
    except ValueError as error:
        raise RequestError("request-not-json", reason=error) from error
    if not isinstance(message, dict):
        raise RequestError("request-not-object")
    spoken = message.pop("protocol", None)
    if spoken != PROTOCOL:
        raise RequestError("request-protocol", spoken=spoken, protocol=PROTOCOL)
    message.pop("type", None)
    task, language = message.pop("task", "pansharpen"), message.pop("language", None)
    if task not in tasks:
        raise RequestError("request-task", task=task, known=", ".join(tasks))
    return task, _request(tasks[task], message), _checked("language", str | None, language)


def _request(kind: type[Any], message: dict[str, Any]) -> Any:
    """Return the request of a message; raise RequestError for missing, unknown or wrong fields."""
    types = get_type_hints(kind)
    unknown = sorted(name for name in message if name not in types)
    if unknown:
        raise RequestError("request-fields-unknown", fields=", ".join(unknown))
    needed = [f.name for f in fields(kind) if f.default is f.default_factory is MISSING]
    missing = [name for name in needed if not message.get(name)]
    if missing:
        raise RequestError("request-fields-missing", fields=", ".join(missing))
    return kind(**{name: _checked(name, types[name], value) for name, value in message.items()})


def _checked(name: str, declared: Any, value: Any) -> Any:
    """Return the value in the declared type: JSON has lists for tuples, and integers for floats."""
    kinds = get_args(declared) if isinstance(declared, UnionType) else (declared,)
    if value is None and NoneType in kinds:
        return None
    for kind in kinds:
        origin, parts = get_origin(kind) or kind, get_args(kind)
        if origin is tuple and isinstance(value, list):
            each = parts[:1] * len(value) if parts[-1] is Ellipsis else parts
            if len(each) == len(value) and all(map(_is, value, each)):
                return tuple(value)
        elif origin is dict and isinstance(value, dict):
            return {str(key): str(item) for key, item in value.items()}
        elif kind is not NoneType and _is(value, kind):
            return value
    raise RequestError("request-field-value", field=name, value=value)


def _is(value: object, kind: type) -> bool:
    """Return whether a JSON value has a type; true and false are not numbers."""
    if isinstance(value, bool) or get_origin(kind):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _plain(value: object) -> object:
    """Return a value of JSON; paths and errors become text."""
    return value if isinstance(value, bool | int | float) else str(value)


class Events:
    """Send events: one JSON object a line, from any thread, nothing after ``result`` or ``error``.

    Parameters
    ----------
    stream : the binary stream the parent reads.
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
        """Seconds since the last event."""
        return time.monotonic() - self._last_sent

    def progress(self, fraction: float, message: str, remaining_s: float | None) -> None:
        done = round(min(1.0, max(0.0, fraction)), 4)
        remaining = None if remaining_s is None else round(remaining_s, 1)
        self.send("progress", fraction=done, message=message, remaining_s=remaining)

    def log(self, level: str, message: str) -> None:
        self.send("log", level=level, message=message)

    def result(self, **facts: object) -> bool:
        """Send the result; return False if the run has already ended otherwise."""
        return self._send({"type": "result", **facts}, last=True)

    def error(self, kind: str, error: PansharpenError) -> bool:
        """Send the error; return False if the run has already ended otherwise."""
        facts = {name: _plain(value) for name, value in error.facts.items()}
        event = {"type": "error", "kind": kind, "code": error.code, "facts": facts}
        event |= {"message": error.message, "remedy": error.remedy}
        return self._send(event, last=True)

    def send(self, event: str, **facts: object) -> None:
        """Send an event after which others may follow."""
        self._send({"type": event, **facts})

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
    """Return a value with None in place of NaN and infinity, which JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return value
