# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker process: one request on stdin, events on stdout, exit.

``python -I -u -X utf8 <folder>/core/worker/main.py``

Exit codes: 0 a result was sent, 1 an error was sent, 2 the request could not be understood,
3 cancelled. A worker that ends otherwise was killed or has crashed.
"""

from __future__ import annotations

import importlib
import importlib.util
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

# Before anything that an older one does not understand; who runs this chooses the interpreter.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit("KSDiff needs Python 3.10 or newer.")
if __name__ == "__main__":  # under -I the folder that holds core/ is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core import __version__
from core.errors import (
    Cancelled,
    EnvironmentFault,
    InputError,
    ModelError,
    OutputError,
    PansharpenError,
)
from core.progress import Pace
from core.requests import TASKS
from core.versions import PACKAGES, versions
from core.worker.cancellation import GRACE_S, Stop, end_now
from core.worker.protocol import (
    EXIT_BAD_REQUEST,
    EXIT_CANCELLED,
    EXIT_ERROR,
    EXIT_OK,
    Events,
    RequestError,
    parse_request,
)

log = logging.getLogger("core.worker.main")  # its name when run as a script, too

HEARTBEAT_S = 5.0
PROGRESS_EVERY_S = 0.2


def lacking() -> list[str]:
    """The packages a run needs that are not installed."""
    return [package for package in PACKAGES if importlib.util.find_spec(package) is None]


def require() -> None:
    """Raise ImportError where a package is missing, or onnxruntime cannot be loaded."""
    missing = lacking()
    if missing:
        raise ModuleNotFoundError(f"No module named {missing[0]!r}", name=missing[0])
    importlib.import_module("onnxruntime")


def check(selftest: bool = False) -> dict[str, object]:
    """Import what a run needs; raises ImportError for what is missing.

    `selftest` sharpens a tiny pair on each device, too.
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
    reason = str(error).strip() or type(error).__name__
    # onnxruntime and CUDA have exceptions of their own for a failed allocation.
    starved = ("allocate memory", "bad_alloc", "out of memory", "bad allocation")
    if isinstance(error, MemoryError) or any(word in reason.lower() for word in starved):
        return "MemoryError", EnvironmentFault("out-of-memory")
    if isinstance(error, ImportError) and (missing := lacking()):
        fault = EnvironmentFault(
            "packages-missing", packages=", ".join(missing), python=sys.executable
        )
        return "InternalError", fault
    if isinstance(error, ImportError):
        return "InternalError", EnvironmentFault("package-broken", reason=reason)
    kind = type(error).__name__
    return "InternalError", EnvironmentFault("program-fault", kind=kind, reason=reason)


class _ToEvents(logging.Handler):
    """Log records as log events."""

    def __init__(self, events: Events) -> None:
        super().__init__(logging.INFO)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        level = "error" if record.levelno >= logging.ERROR else "info"
        level = "warning" if record.levelno == logging.WARNING else level
        self._events.log(level, record.getMessage())


@dataclass(frozen=True)
class Trade:
    """What a worker can do: the requests it takes, and the package with a module for each.

    ``grace`` is for how many seconds a task that is cancelled may finish what it is about.
    """

    tasks: Mapping[str, type[Any]]
    package: str
    grace: float = GRACE_S


FUSION = Trade(TASKS, "core.commands")


class Reporter:
    """Progress as events: not too many, never long silent, and the place where cancel is seen."""

    def __init__(self, events: Events, stop: Stop, pace: Pace) -> None:
        self._events, self._stop, self._pace = events, stop, pace
        self._state = (0.0, "Starting")

    def __call__(self, fraction: float, message: str) -> None:
        self._stop.check()
        changed = message.split()[:1] != self._state[1].split()[:1]
        self._state = (fraction, message)
        if changed or self._events.silent_for > PROGRESS_EVERY_S:
            self._send()

    def measure(self, **facts: object) -> None:
        """What training has come to, for a curve."""
        self._events.measure(**facts)

    def _send(self) -> None:
        self._events.progress(*self._state, self._pace.remaining())

    def beat(self) -> None:
        """Repeat the last progress whenever nothing was said for a while. Never returns."""
        while True:
            time.sleep(HEARTBEAT_S / 5)
            if self._events.silent_for >= HEARTBEAT_S:
                self._send()


def serve(events: Events, stdin: BinaryIO, stop: Stop, trade: Trade = FUSION) -> int:
    """Greet, read one request, do it. Returns the exit code."""
    found = versions()
    facts = {name: found[name] for name in ("python", "onnxruntime", "providers")}
    events.hello(version=__version__, pid=os.getpid(), **facts)
    try:
        task, request = parse_request(stdin.readline(), trade.tasks)
    except RequestError as error:
        events.error("InputError", error)
        return EXIT_BAD_REQUEST
    threading.Thread(target=_listen, args=(stdin, stop), name="stdin", daemon=True).start()
    try:
        if task == "check":
            facts = check(request.selftest)
        else:
            facts = _run(f"{trade.package}.{task}", request, events, stop)
    except Cancelled as error:
        events.error("Cancelled", error)
        return EXIT_CANCELLED
    except Exception as error:
        if not isinstance(error, PansharpenError):
            traceback.print_exc()  # stderr is for whoever looks into it, events are for people
        return EXIT_ERROR if events.error(*describe_error(error)) else EXIT_CANCELLED
    # The run may have been declared cancelled just before it was done.
    return EXIT_OK if events.result(**facts) else EXIT_CANCELLED


def _run(module: str, request: Any, events: Events, stop: Stop) -> dict[str, object]:
    require()
    pace = Pace()
    reporter = Reporter(events, stop, pace)
    threading.Thread(target=reporter.beat, name="heartbeat", daemon=True).start()
    reporter(0.0, "Opening the files")
    done: dict[str, object] = importlib.import_module(module).perform(request, reporter, pace)
    return done


def _listen(stdin: BinaryIO, stop: Stop) -> None:
    """Wait for the cancel message, or for the end of the stream: the parent is gone."""
    while True:
        line = stdin.readline()
        if not line or b'"cancel"' in line:
            stop.ask()
            return


def main(trade: Trade = FUSION) -> int:
    """The process: own the streams, then serve."""
    # Libraries print to file descriptor 1, from C too; events keep the original for themselves.
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered, since a thread that waits inside a buffered stdin aborts the interpreter's exit.
    stdin = os.fdopen(os.dup(0), "rb", buffering=0)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)

    def force() -> None:
        if events.error("Cancelled", Cancelled()):
            end_now(EXIT_CANCELLED)

    stop = Stop(force, trade.grace)
    events = Events(stream, on_broken=stop.ask)
    to_events = _ToEvents(events)
    for ours in {"core", trade.package.partition(".")[0]}:
        logging.getLogger(ours).addHandler(to_events)
        logging.getLogger(ours).setLevel(logging.INFO)
    logging.getLogger("rasterio").addHandler(to_events)
    with stop.on_signals():
        return serve(events, stdin, stop, trade)


if __name__ == "__main__":
    sys.exit(main())
