# SPDX-License-Identifier: GPL-2.0-or-later
"""Is killed in the middle of writing; leaves the folder of an unfinished file for each target."""

import json
import os
import signal
import socket
import sys
from pathlib import Path

print(json.dumps({"type": "hello", "protocol": 2, "pid": os.getpid()}), flush=True)
request = json.loads(sys.stdin.readline())
for target in request["targets"]:
    path = Path(target)
    made = path.with_name(f".{path.name}.{socket.gethostname()}-{os.getpid()}-x")
    (made / "inside").mkdir(parents=True)
    (made / path.name).touch()
os.kill(os.getpid(), signal.SIGKILL)
