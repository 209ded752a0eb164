# SPDX-License-Identifier: GPL-2.0-or-later
"""Stop a run when a signal, the parent process or the user requests it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.errors import Cancelled

GRACE_S = 1.5  # for the work to stop by itself, before the process ends


class Stop:
    """A request to stop, from any thread or signal.

    The work calls ``check`` between its steps. ``grace`` seconds after the request (one tile of a
    large network may take longer) ``force`` is called, which must end the process.
    """

    def __init__(self, force: Callable[[], None], grace: float = GRACE_S) -> None:
        self._requested = threading.Event()
        self._force, self._grace = force, grace

    def request_stop(self) -> None:
        """Request the stop and return at once; a second request changes nothing."""
        if not self._requested.is_set():
            self._requested.set()
            timer = threading.Timer(self._grace, self._force)
            timer.daemon = True
            timer.start()

    def check(self) -> None:
        """Raise Cancelled if a stop was requested."""
        if self._requested.is_set():
            raise Cancelled()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Request a stop when a signal tells the process to end; only in the main thread.

        A thread waits at a pipe for the signal: Python runs handlers in the main thread, which may
        be within a long call of onnxruntime.
        """
        if os.name == "nt":  # processes are ended without a signal
            yield
            return
        reading, writing = os.pipe()
        os.set_blocking(writing, False)

        def wait() -> None:
            while os.read(reading, 1) not in (b"", b"\0"):
                self.request_stop()
            os.close(reading)

        threading.Thread(target=wait, name="signals", daemon=True).start()
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        # A signal that nohup ignores stays ignored: the run outlives the terminal.
        watched = [each for each in signals if signal.getsignal(each) != signal.SIG_IGN]
        before = [signal.signal(each, lambda number, frame: None) for each in watched]
        waker = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(waker)
            for each, handler in zip(watched, before, strict=True):
                signal.signal(each, handler)
            os.write(writing, b"\0")
            os.close(writing)


def end_now(code: int) -> None:
    """End the process without unwinding; remove unfinished files before."""
    # Not imported here: another thread may be importing it.
    remove_unfinished = getattr(
        sys.modules.get("core.raster.output_files"), "remove_unfinished", None
    )
    if remove_unfinished:
        remove_unfinished()
    os._exit(code)
