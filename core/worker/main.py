# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker process: read one request from stdin, write events to stdout, exit.

``python -I -u -X utf8 <folder>/core/worker/main.py``

Exit codes: 0 a result was sent, 1 an error was sent, 2 the request was not valid, 3 cancelled. Any
other code means that the process was killed or has crashed.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

# Checked before anything that an older Python cannot parse.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit("KSDiff needs Python 3.10 or newer.")
if __name__ == "__main__":  # under -I the folder that holds core/ is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core import RESOURCES, __version__
from core.errors import (
    Cancelled,
    EnvironmentFault,
    InputError,
    ModelError,
    OutputError,
    PansharpenError,
    causes_of,
    out_of_memory,
    reason_of,
)
from core.gdal_names import as_called
from core.language import speaking
from core.progress import Pace
from core.requests.jobs import JOB_TASKS
from core.requests.scenes import TASKS
from core.worker.cancellation import GRACE_S, Stop, end_now
from core.worker.memory import peak_memory
from core.worker.protocol import (
    EXIT_BAD_REQUEST,
    EXIT_CANCELLED,
    EXIT_ERROR,
    EXIT_OK,
    PROTOCOL,
    Events,
    RequestError,
    parse_request,
)
from core.worker.versions import PACKAGES, versions

log = logging.getLogger("core.worker.main")  # its name when run as a script, too

HEARTBEAT_S = 5.0
PROGRESS_EVERY_S = 0.2


def missing_packages() -> list[str]:
    """Return the packages a run needs that are not installed."""
    return [package for package in PACKAGES if importlib.util.find_spec(package) is None]


def check_packages() -> None:
    """Raise ImportError if a package is missing or onnxruntime cannot be loaded."""
    missing = missing_packages()
    if missing:
        raise ModuleNotFoundError(f"No module named {missing[0]!r}", name=missing[0])
    importlib.import_module("onnxruntime")


def check(selftest: bool = False) -> dict[str, object]:
    """Import every package a run needs and return the versions; `selftest` sharpens, too.

    Raises ImportError for a package that is missing or broken.
    """
    for package in PACKAGES:
        importlib.import_module(package)
    gdal = importlib.import_module("rasterio").__gdal_version__
    found = {**versions(), "gdal": gdal, "version": __version__}
    if selftest:
        found["selftest"] = importlib.import_module("core.commands.check").selftest()
    return found


def describe_error(error: BaseException) -> tuple[str, PansharpenError]:
    """Return the kind of an error event, and the error as one that has a code."""
    if isinstance(error, PansharpenError):
        kinds = (InputError, ModelError, OutputError, Cancelled)
        kind = next((each.__name__ for each in kinds if isinstance(error, each)), "InternalError")
        return kind, error
    reason = reason_of(error)
    if out_of_memory(error):
        return "MemoryError", EnvironmentFault("out-of-memory")
    if isinstance(error, ImportError) and (missing := missing_packages()):
        fault = EnvironmentFault(
            "packages-missing", packages=", ".join(missing), python=sys.executable
        )
        return "InternalError", fault
    if isinstance(error, ImportError):
        return "InternalError", EnvironmentFault("package-broken", reason=reason)
    if any(type(each).__module__.partition(".")[0] == "rasterio" for each in causes_of(error)):
        return "InputError", InputError("gdal-failed", reason=reason)
    if type(error).__name__ == "LinAlgError":  # numpy's, which this module does not import
        return "InputError", InputError("values-not-computable", reason=reason)
    kind = type(error).__name__
    return "InternalError", EnvironmentFault("program-fault", kind=kind, reason=reason)


class EventHandler(logging.Handler):
    """Send log records as log events."""

    def __init__(self, events: Events) -> None:
        super().__init__(logging.INFO)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        level = "error" if record.levelno >= logging.ERROR else "info"
        level = "warning" if record.levelno == logging.WARNING else level
        if getattr(record, "table", False):  # lines with aligned columns
            level = "table"
        self._events.log(level, as_called(record.getMessage()))


@dataclass(frozen=True)
class TaskSet:
    """The tasks that a worker serves.

    Parameters
    ----------
    tasks : name of a task -> its request.
    package : with a module for each task, which has ``perform(request, progress, pace) -> dict``.
    grace : seconds for a cancelled task to end by itself.
    """

    tasks: Mapping[str, type[Any]]
    package: str
    grace: float = GRACE_S


FUSION = TaskSet({**TASKS, **JOB_TASKS}, "core.commands")


class Reporter:
    """A progress callback that sends events, and raises Cancelled once a stop was requested.

    Within a stage, events are at least `PROGRESS_EVERY_S` apart; `heartbeat` fills long silences.
    """

    def __init__(self, events: Events, stop: Stop, pace: Pace) -> None:
        self._events, self._stop, self._pace = events, stop, pace
        self._state = (0.0, "Starting")
        self._shown = 0.0

    def __call__(self, fraction: float, message: str) -> None:
        self._stop.check()
        changed = message.split()[:1] != self._state[1].split()[:1]
        self._state = (fraction, message)
        if changed or self._events.silent_for > PROGRESS_EVERY_S:
            self._send()

    def measure(self, **facts: object) -> None:
        """Send values for a training curve."""
        self._events.send("measure", **facts)

    def _send(self) -> None:
        (fraction, message), ahead = self._state, self._pace.under_way()
        if ahead:  # an estimate; the bar never goes back
            fraction = max(self._shown, fraction + (1.0 - fraction) * ahead)
        self._shown = fraction
        self._events.progress(fraction, message, self._pace.remaining())

    def heartbeat(self) -> None:
        """Send the estimated progress within a tile every second; never returns.

        Without an estimate, the last progress is repeated after `HEARTBEAT_S` without an event.
        """
        while True:
            time.sleep(HEARTBEAT_S / 5)
            silent = self._events.silent_for
            if silent >= HEARTBEAT_S or (silent >= HEARTBEAT_S / 5 and self._pace.under_way()):
                self._send()


def serve(events: Events, stdin: BinaryIO, stop: Stop, task_set: TaskSet = FUSION) -> int:
    """Send ``hello``, read one request and perform it. Return the exit code."""
    found = versions()
    facts = {name: found[name] for name in ("python", "onnxruntime", "providers")}
    events.send("hello", protocol=PROTOCOL, version=__version__, pid=os.getpid(), **facts)
    try:
        task, request, language = parse_request(stdin.readline(), task_set.tasks)
    except RequestError as error:
        events.error("InputError", error)
        return EXIT_BAD_REQUEST
    threading.Thread(target=_listen, args=(stdin, stop), name="stdin", daemon=True).start()
    try:
        if task == "check":
            facts = check(request.selftest)
        else:
            with speaking(translations_to(language)):
                facts = _run(f"{task_set.package}.{task}", request, events, stop)
    except Cancelled as error:
        events.error("Cancelled", error)
        return EXIT_CANCELLED
    except Exception as error:
        if not isinstance(error, PansharpenError):
            traceback.print_exc()  # for developers; the event is for the user
        return EXIT_ERROR if events.error(*describe_error(error)) else EXIT_CANCELLED
    # The run may have been cancelled just before it ended.
    return EXIT_OK if events.result(**facts) else EXIT_CANCELLED


def translations_to(language: str | None) -> dict[str, str]:
    """Return the translations of the worker's texts; empty for a language without any."""
    path = RESOURCES / "i18n" / f"ksdiff_{language}.json"
    if not language or not language.isalpha() or not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _run(module: str, request: Any, events: Events, stop: Stop) -> dict[str, object]:
    check_packages()
    pace = Pace()
    reporter = Reporter(events, stop, pace)
    threading.Thread(target=reporter.heartbeat, name="heartbeat", daemon=True).start()
    reporter(0.0, "Opening the files")
    result: dict[str, object] = importlib.import_module(module).perform(request, reporter, pace)
    return {**result, "memory": peak_memory()}


def _listen(stdin: BinaryIO, stop: Stop) -> None:
    """Request a stop at the cancel message, or at the end of the stream: the parent is gone."""
    while True:
        line = stdin.readline()
        if not line or b'"cancel"' in line:
            stop.request_stop()
            return


def main(task_set: TaskSet = FUSION) -> int:
    """Redirect the streams of the process, then serve a request. Return the exit code."""
    # Libraries print to file descriptor 1, from C too: it becomes stderr, events get the original.
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered, since a thread that waits inside a buffered stdin aborts the interpreter's exit.
    stdin = os.fdopen(os.dup(0), "rb", buffering=0)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)

    def force() -> None:
        if events.error("Cancelled", Cancelled()):
            end_now(EXIT_CANCELLED)

    stop = Stop(force, task_set.grace)
    events = Events(stream, on_broken=stop.request_stop)
    handler = EventHandler(events)
    for package in {"core", task_set.package.partition(".")[0]}:
        logging.getLogger(package).addHandler(handler)
        logging.getLogger(package).setLevel(logging.INFO)
    logging.getLogger("rasterio").addHandler(handler)
    with stop.on_signals():
        return serve(events, stdin, stop, task_set)


if __name__ == "__main__":
    sys.exit(main())
