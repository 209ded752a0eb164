# SPDX-License-Identifier: GPL-2.0-or-later
"""Stopping a run: asked for by a signal, by the parent process, or by the user."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.errors import Cancelled

GRACE_S = 1.5  # to stop between tiles, before the process ends in the middle of one


class Stop:
    """A request to stop, from whatever thread or signal.

    The work looks at it through ``check``. When it does not within ``grace`` seconds (one tile of a
    large network takes longer), ``force`` is called, which is expected to end the process.
    """

    def __init__(self, force: Callable[[], None], grace: float = GRACE_S) -> None:
        self._asked = threading.Event()
        self._force, self._grace = force, grace

    def ask(self) -> None:
        """Stop as soon as possible. Returns at once; asking twice changes nothing."""
        if not self._asked.is_set():
            self._asked.set()
            timer = threading.Timer(self._grace, self._force)
            timer.daemon = True
            timer.start()

    def check(self) -> None:
        """Raise Cancelled if stopping was asked for."""
        if self._asked.is_set():
            raise Cancelled()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Ask when the process is told to end, while the block runs. For the main thread.

        A thread is woken through a pipe: Python's own handlers run in the main thread only, after
        the network's runtime returns from a long call.
        """
        if os.name == "nt":  # ends processes without a signal
            yield
            return
        told, tell = os.pipe()
        os.set_blocking(tell, False)

        def wait() -> None:
            while os.read(told, 1) not in (b"", b"\0"):
                self.ask()
            os.close(told)

        threading.Thread(target=wait, name="signals", daemon=True).start()
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        # What nohup ignores stays ignored: the run outlives the terminal.
        watched = [each for each in signals if signal.getsignal(each) != signal.SIG_IGN]
        before = [signal.signal(each, lambda number, frame: None) for each in watched]
        waker = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(waker)
            for each, handler in zip(watched, before, strict=True):
                signal.signal(each, handler)
            os.write(tell, b"\0")
            os.close(tell)


def end_now(code: int) -> None:
    """End the process without unwinding, but without leaving files."""
    # Not imported here: the thread that is being ended may be in the middle of importing it.
    remove_unfinished = getattr(sys.modules.get("core.raster.writer"), "remove_unfinished", None)
    if remove_unfinished:
        remove_unfinished()
    os._exit(code)
