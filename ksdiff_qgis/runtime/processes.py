# SPDX-License-Identifier: GPL-2.0-or-later
"""Child processes: pipes, reliable termination, a clean environment; and locks between processes.

QGIS' own Python, GDAL, PROJ and Qt must not leak into another interpreter: PYTHONHOME stops it
from starting, PYTHONEXECUTABLE makes a virtual environment miss its packages, and a foreign PROJ
or GDAL data folder breaks rasterio.
"""

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
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TAIL_LINES = 200
# Longer lines are no events; they are cut, so that a faulty child cannot fill the memory.
_LINE_BYTES = 1 << 20
_QUEUED_LINES = 1000

_REMOVED = (
    *("PYTHON", "VIRTUAL_ENV", "CONDA_", "PIP_", "UV_", "PROJ_", "GDAL_", "GEOTIFF_CSV", "QGIS_"),
    *("QT_", "GISBASE", "OSGEO4W_", "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_"),
)
_CERTIFICATES = ("SSL_CERT_", "REQUESTS_CA_BUNDLE")
_TRIES = 10  # to take a lock: `is_locked` takes it, too, for a moment
_PAUSE_S = 0.1
# A QGIS from system packages shares these prefixes with everything else.
_SYSTEM_PREFIXES = ("", "/", "/usr", "/usr/local")


class ChildProcess:
    """A child process whose pipes are drained by two threads.

    Both pipes are read all the time: a child that waits until its standard error is read would
    block while we wait for its next event.

    Parameters
    ----------
    command : program and arguments.
    environment : all environment variables that it sees.
    merge_stderr : whether standard error is read as part of standard output.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], merge_stderr: bool = False
    ) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(maxsize=_QUEUED_LINES)
        self._closing = threading.Event()
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._process = subprocess.Popen(  # nosec B603
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merge_stderr else subprocess.PIPE,
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

    def send(self, message: Mapping[str, Any]) -> bool:
        """Write one line of JSON; return False if the child no longer reads."""
        pipe = self._process.stdin
        if pipe is None or pipe.closed:
            return False
        try:
            pipe.write(json.dumps(message).encode("utf-8") + b"\n")
            pipe.flush()
        except OSError:
            return False
        return True

    def close_input(self) -> None:
        """Close the child's standard input."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def read_line(self, timeout: float) -> str | None:
        """Return the next line of standard output, or None after `timeout` seconds.

        Raises EOFError: the child has closed its standard output.
        """
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            return None
        if line is None:
            raise EOFError
        return line

    def stderr_tail(self) -> list[str]:
        """Return the last lines of standard error."""
        return list(self._tail)

    def exit_code(self, timeout: float = 0.0) -> int | None:
        """Return the exit code, waiting up to `timeout` seconds; None while it runs."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, polite: float, terminate: float) -> None:
        """Cancel by message, then terminate, then kill; return when the child has ended.

        Parameters
        ----------
        polite : seconds to wait after the cancel message.
        terminate : seconds to wait after SIGTERM.
        """
        if polite > 0 and self.send({"type": "cancel"}) and self.exit_code(polite) is not None:
            return
        self._signal(signal.SIGTERM)
        if self.exit_code(terminate) is None:
            self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            self.exit_code(5.0)

    def close(self) -> None:
        """Stop the child if it still runs, and release pipes and threads."""
        if self.exit_code() is None:
            self.stop(polite=0.0, terminate=0.5)
        self._closing.set()
        with contextlib.suppress(queue.Empty):
            while True:  # the reading thread may wait for room
                self._lines.get_nowait()
        for thread in self._threads:
            thread.join(1.0)
        self.close_input()

    def _signal(self, number: int) -> None:
        """Send a signal to the process group; on Windows, end the process.

        On Windows python.exe of a virtual environment ends its real interpreter with itself.
        """
        if self._process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, number)

    def _read_output(self) -> None:
        for line in _decoded_lines(self._process.stdout):
            if not self._closing.is_set():
                self._lines.put(line)
        if not self._closing.is_set():
            self._lines.put(None)

    def _read_errors(self) -> None:
        for line in _decoded_lines(self._process.stderr):
            self._tail.append(line)


def _decoded_lines(pipe: IO[bytes] | None) -> Iterator[str]:
    """Yield the lines of a pipe; invalid UTF-8 becomes replacement characters.

    The reading thread closes the pipe: a grandchild may hold it open for long, and closing it
    from another thread while it is read hangs.
    """
    if pipe is None:
        return
    with pipe:
        for raw in iter(lambda: pipe.readline(_LINE_BYTES), b""):
            yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _own_group() -> dict[str, Any]:
    """Return Popen arguments that allow ending the child together with its children."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}


def output_of(command: Sequence[str], timeout: float) -> str:
    """Run a program in a clean environment, without a window; return its standard output.

    Raises OSError or subprocess.SubprocessError: it cannot be started, takes too long, or fails.
    """
    hidden = {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {}
    done = subprocess.run(  # nosec B603
        list(command),
        env=clean_environment(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
        **hidden,
    )
    return done.stdout


def clean_environment(
    environ: Mapping[str, str],
    prefixes: Iterable[str] | None = None,
    keep: tuple[str, ...] = (),
) -> dict[str, str]:
    """Return environment variables without those that belong to QGIS.

    Parameters
    ----------
    environ : environment variables of this process.
    prefixes : folders of the QGIS installation; guessed if None.
    keep : prefixes of names that are kept in any case.
    """
    if prefixes is None:
        prefixes = (
            sys.prefix,
            environ.get("OSGEO4W_ROOT", ""),
            environ.get("QGIS_PREFIX_PATH", ""),
        )
    own = [os.path.normcase(p) for p in prefixes if p.rstrip("/\\") not in _SYSTEM_PREFIXES]
    kept = {}
    for name, value in environ.items():
        upper = name.upper()
        if upper.startswith(_REMOVED) and not (keep and upper.startswith(keep)):
            continue
        if upper.startswith(_CERTIFICATES) and _is_under(value, own):
            continue
        if upper == "PATH" and os.name == "nt":
            folders = value.split(os.pathsep)
            value = os.pathsep.join(f for f in folders if not _is_under(f, own))
        kept[name] = value
    # Device numbers then agree with those of nvidia-smi.
    kept["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
    return kept


def _is_under(path: str, prefixes: Iterable[str]) -> bool:
    folder = os.path.normcase(path)
    return any(folder == p or folder.startswith(p.rstrip("/\\") + os.sep) for p in prefixes if p)


# --- file locks, which the system releases when a process ends, however it ends ---


@contextlib.contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold a lock file within a ``with`` block; it is created for that, and deleted afterwards.

    Raises BlockingIOError if another process holds it, OSError if it cannot be created.
    """
    file = _acquire(path)
    try:
        yield
    finally:
        if sys.platform == "win32":  # an open file cannot be deleted there
            file.close()
        with contextlib.suppress(OSError):
            path.unlink()
        file.close()


def _acquire(path: Path) -> IO[bytes]:
    for _ in range(_TRIES):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
        # The previous holder may have deleted the file that we opened.
        if _try_lock(file) and _is_same_file(file, path):
            return file
        file.close()
        time.sleep(_PAUSE_S)
    raise BlockingIOError(f"{path} is locked")


@contextlib.contextmanager
def shared_lock(path: Path) -> Iterator[None]:
    """Hold a shared lock on a file within a ``with`` block, if the file exists.

    On Windows it is enough to keep the file open: its folder cannot be renamed then.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            file = stack.enter_context(path.open("rb"))
            if sys.platform != "win32":
                _try_lock(file, to_share=True)
        yield


def is_locked(path: Path, to_share: bool = False) -> bool:
    """Return whether another process holds a lock on a file; False if there is no file.

    Parameters
    ----------
    to_share : ignore shared locks.
    """
    try:
        with path.open("rb" if to_share else "r+b") as file:
            return not _try_lock(file, to_share)
    except OSError:
        return False


def _try_lock(file: IO[bytes], to_share: bool = False) -> bool:
    """Lock an open file until it is closed; return False if another process has it."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_SH if to_share else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_same_file(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
