# SPDX-License-Identifier: GPL-2.0-or-later
"""Workers by the way they behave: the first argument names the function to run."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ARGUMENTS = sys.argv[2:]


def say(**event):
    print(json.dumps(event), flush=True)


def hello(**facts):
    say(type="hello", protocol=2, **facts)


def sleeping_child(**options):
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], **options)


def normal():
    """Does everything right, and nothing else."""
    hello(version="0.1.0", python="3.11.2", onnxruntime="1.2.3", pid=1)
    request = json.loads(sys.stdin.readline())
    say(type="log", level="info", message="reading " + request["pan"])
    say(type="log", level="warning", message="careful")
    say(type="log", level="error", message="not so bad")
    for i in range(4):
        say(type="progress", fraction=i / 4, message=f"tile {i} of 4", remaining_s=200 - i)
    say(type="progress", fraction=7, message="writing", remaining_s=None)
    say(type="news", from_a="later version")
    say(type="result", out=request["out"], ratio=4.0, tiles=4, seconds=0.1, echo=request)


def slow():
    """Works for a minute, stops when asked, and then writes to the file given."""
    hello()
    sys.stdin.readline()
    stop = threading.Event()

    def listen():
        for line in sys.stdin:
            if json.loads(line)["type"] == "cancel":
                stop.set()

    threading.Thread(target=listen, daemon=True).start()
    for i in range(600):
        say(type="progress", fraction=i / 600, message="tile")
        if stop.is_set():
            if ARGUMENTS:
                Path(ARGUMENTS[0]).write_text("politely")
            say(type="error", kind="Cancelled", message="Cancelled.")
            sys.exit(3)
        time.sleep(0.1)


def stubborn():
    """Ignores messages and SIGTERM; writes its process number and its child's to a file."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = sleeping_child()
    if ARGUMENTS:
        Path(ARGUMENTS[0]).write_text(f"{os.getpid()} {child.pid}")
    hello()
    time.sleep(60)


def failing():
    """Reports an error."""
    hello()
    sys.stdin.readline()
    say(type="error", kind="InputError", message="No overlap.", remedy="Take others.")
    sys.exit(1)


def killed():
    """Is killed by the system during its work."""
    hello()
    os.kill(os.getpid(), signal.SIGKILL)


def leaving():
    """Is killed while writing, and leaves the temporary folder of each target."""
    hello(pid=os.getpid())
    request = json.loads(sys.stdin.readline())
    for target in map(Path, request["targets"]):
        folder = target.with_name(f".{target.name}.{socket.gethostname()}-{os.getpid()}-x")
        (folder / "inside").mkdir(parents=True)
        (folder / target.name).touch()
    os.kill(os.getpid(), signal.SIGKILL)


def lingering():
    """Crashes, and leaves a child that holds the pipes open."""
    hello()
    Path(ARGUMENTS[0]).write_text(str(sleeping_child(start_new_session=True).pid))
    sys.exit(7)


def sees():
    """Reports the environment variables and prefix that it sees."""
    hello()
    say(type="result", out="x", environ=dict(os.environ), prefix=sys.prefix)


def loud():
    """Writes more to standard error than a pipe holds, then fails without an event."""
    hello()
    for i in range(100_000):
        print("warning number", i, "w" * 50, file=sys.stderr)
    sys.exit("the very end")


def partial():
    """Sends an event slowly, in pieces that cut UTF-8 characters."""
    hello()
    text = {"type": "log", "level": "info", "message": "Überflug Łódź 東京"}
    data = json.dumps(text, ensure_ascii=False).encode() + b"\n"
    for i in range(0, len(data), 3):
        sys.stdout.buffer.write(data[i : i + 3])
        sys.stdout.buffer.flush()
        time.sleep(0.002)
    say(type="result", out="x")


def garbage():
    """Writes lines that are no events between the events."""
    out = sys.stdout.buffer
    lines = b'Loading profile...\n\n[1, 2]\n{"no": "type"}\n\xff\xfe\x00\n'
    out.write(lines + b"x" * 3_000_000 + b"\n")
    hello()
    out.write(b"\r\n{half an event\n")
    out.flush()
    say(type="progress", fraction="a lot", message=None)
    say(type="progress", fraction=float("nan"), message="odd")
    say(type="result", out="x")


def babble():
    """Writes lines that are no events without end."""
    while True:
        print("la " * 100)


def silent():
    """Greets, and then writes nothing."""
    hello()
    print("waiting for a lock", file=sys.stderr, flush=True)
    time.sleep(60)


def no_hello():
    """Starts, and writes nothing."""
    time.sleep(60)


def other_protocol():
    """Speaks another version of the protocol."""
    say(type="hello", protocol=99)
    time.sleep(60)


def stranger():
    """Writes JSON lines, but is no worker."""
    say(type="result", out="x")


globals()[sys.argv[1]]()
