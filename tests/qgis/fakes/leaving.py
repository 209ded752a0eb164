# SPDX-License-Identifier: GPL-2.0-or-later
"""Is killed in the middle of writing; leaves an unfinished file or folder for each target."""

import json
import os
import signal
import socket
import sys
from pathlib import Path

print(json.dumps({"type": "hello", "protocol": 2, "pid": os.getpid()}), flush=True)
request = json.loads(sys.stdin.readline())
for number, target in enumerate(request["targets"]):
    path = Path(target)
    path.with_name(f".{path.name}.{os.getpid()}").touch()
    made = path.with_name(f".{path.name}.{socket.gethostname()}-{os.getpid()}-x{number}")
    made.touch() if number % 2 else (made / "inside").mkdir(parents=True)
os.kill(os.getpid(), signal.SIGKILL)
