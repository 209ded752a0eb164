# SPDX-License-Identifier: GPL-2.0-or-later
"""Works for a minute, and stops when asked; tells in the file given when it stopped so."""

import json
import sys
import threading
import time
from pathlib import Path

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
sys.stdin.readline()
stop = threading.Event()


def listen():
    for line in sys.stdin:
        if json.loads(line)["type"] == "cancel":
            stop.set()


threading.Thread(target=listen, daemon=True).start()
for i in range(600):
    print(json.dumps({"type": "progress", "fraction": i / 600, "message": "tile"}), flush=True)
    if stop.is_set():
        if len(sys.argv) > 1:
            Path(sys.argv[1]).write_text("politely")
        print(json.dumps({"type": "error", "kind": "Cancelled", "message": "Cancelled."}))
        sys.exit(3)
    time.sleep(0.1)
