# SPDX-License-Identifier: GPL-2.0-or-later
"""A worker that does everything right, and does nothing."""

import json
import sys


def say(**event):
    print(json.dumps(event), flush=True)


say(type="hello", protocol=2, version="0.1.0", python="3.11.2", onnxruntime="1.2.3", pid=1)
request = json.loads(sys.stdin.readline())
say(type="log", level="info", message="reading " + request["pan"])
say(type="log", level="warning", message="careful")
say(type="log", level="error", message="not so bad")
for i in range(4):
    say(type="progress", fraction=i / 4, message=f"tile {i} of 4", remaining_s=200 - i)
say(type="progress", fraction=7, message="writing", remaining_s=None)
say(type="news", from_a="later version")
say(type="result", out=request["out"], ratio=4.0, tiles=4, seconds=0.1, echo=request)
