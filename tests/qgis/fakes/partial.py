# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends an event in pieces that cut UTF-8 characters in two, and not all at once."""

import json
import sys
import time

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
text = {"type": "log", "level": "info", "message": "Überflug Łódź 東京"}
data = json.dumps(text, ensure_ascii=False).encode() + b"\n"
for i in range(0, len(data), 3):
    sys.stdout.buffer.write(data[i : i + 3])
    sys.stdout.buffer.flush()
    time.sleep(0.002)
print(json.dumps({"type": "result", "out": "x"}), flush=True)
