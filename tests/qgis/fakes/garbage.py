# SPDX-License-Identifier: GPL-2.0-or-later
"""Things that are no events stand between the events."""

import json
import sys

out = sys.stdout.buffer
out.write(
    b'Loading profile...\n\n[1, 2]\n{"no": "type"}\n\xff\xfe\x00\n' + b"x" * 3_000_000 + b"\n"
)
print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
out.write(b"\r\n{half an event\n")
out.flush()
print(json.dumps({"type": "progress", "fraction": "a lot", "message": None}), flush=True)
print(json.dumps({"type": "progress", "fraction": float("nan"), "message": "odd"}), flush=True)
print(json.dumps({"type": "result", "out": "x"}), flush=True)
