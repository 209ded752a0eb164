# SPDX-License-Identifier: GPL-2.0-or-later
"""A child process spoken with in lines, that can always be stopped."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess  # nosec B404
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

TAIL_LINES = 200
# A line longer than this is no event; it is cut, so that a broken child cannot fill the memory.
_LINE_BYTES = 1 << 20
_QUEUED_LINES = 1000


class Child:
    """A started process with its pipes drained by two threads.

    Both pipes are read all the time: a child must never wait for us to read its standard error
    while we wait for its next event.

    Parameters
    ----------
    command : program and arguments.
    environment : the environment variables it sees, and no others.
    merged : whether its standard error comes among the lines of its standard output.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], merged: bool = False
    ) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(maxsize=_QUEUED_LINES)
        self._closing = threading.Event()
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._process = subprocess.Popen(  # nosec B603
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merged else subprocess.PIPE,
            env=dict(environment),
            cwd=tempfile.gettempdir(),
            **_own_group(),
        )
        self._threads = [
            threading.Thread(target=self._read_output, name="ksdiff-events", daemon=True),
            threading.Thread(target=self._read_errors, name="ksdiff-stderr", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    # --- talking ---

    def send(self, message: Mapping[str, Any]) -> bool:
        """Write one line of JSON; False when the child does not listen any more."""
        pipe = self._process.stdin
        if pipe is None or pipe.closed:
            return False
        try:
            pipe.write(json.dumps(message).encode("utf-8") + b"\n")
            pipe.flush()
        except OSError:
            return False
        return True

    def hang_up(self) -> None:
        """Say nothing more; what stands between us and the worker, a script say, ends with it."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def line(self, timeout: float) -> str | None:
        """Wait for the next line of standard output.

        Returns None when none came within `timeout` seconds; raises EOFError at the end.
        """
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            return None
        if line is None:
            raise EOFError
        return line

    def tail(self) -> list[str]:
        """The last lines of standard error."""
        return list(self._tail)

    # --- ending ---

    def exit_code(self, timeout: float = 0.0) -> int | None:
        """Exit code, waited for up to `timeout` seconds; None while it runs."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, polite: float, terminate: float) -> None:
        """Cancel by message, then terminate, then kill; returns when it has ended.

        Parameters
        ----------
        polite : seconds given to the cancel message.
        terminate : seconds given to SIGTERM.
        """
        if polite > 0 and self.send({"type": "cancel"}) and self.exit_code(polite) is not None:
            return
        self._signal(signal.SIGTERM)
        if self.exit_code(terminate) is None:
            self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            self.exit_code(5.0)

    def close(self) -> None:
        """End it if it still runs, and give back pipes and threads."""
        if self.exit_code() is None:
            self.stop(polite=0.0, terminate=0.5)
        self._closing.set()
        with contextlib.suppress(queue.Empty):
            while True:  # the reading thread may wait for room
                self._lines.get_nowait()
        for thread in self._threads:
            thread.join(1.0)
        self.hang_up()

    def _signal(self, number: int) -> None:
        """Signal the whole process group; on Windows, end the process.

        A virtual environment's python.exe on Windows ends its real interpreter with itself.
        """
        if self._process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, number)

    # --- the reading threads ---

    def _read_output(self) -> None:
        for line in _lines_of(self._process.stdout):
            if not self._closing.is_set():
                self._lines.put(line)
        if not self._closing.is_set():
            self._lines.put(None)

    def _read_errors(self) -> None:
        for line in _lines_of(self._process.stderr):
            self._tail.append(line)


def _lines_of(pipe: IO[bytes] | None) -> Iterator[str]:
    """Decoded lines of a pipe; bytes that are no UTF-8 become replacement characters.

    The reading thread closes the pipe, whenever it ends: a grandchild may keep it open for long,
    and closing it under a reading thread hangs.
    """
    if pipe is None:
        return
    with pipe:
        for raw in iter(lambda: pipe.readline(_LINE_BYTES), b""):
            yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _own_group() -> dict[str, Any]:
    """Popen arguments that let us end the child with all of its own children."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}


def hidden() -> dict[str, Any]:
    """Arguments of `subprocess.run` for a program that shall show no window."""
    return {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {}
