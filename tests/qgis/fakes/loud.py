# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes more to standard error than any pipe holds, then fails without an event."""

import json
import sys

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
for i in range(100_000):
    print("warning number", i, "w" * 50, file=sys.stderr)
sys.exit("the very end")
