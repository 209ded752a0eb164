# SPDX-License-Identifier: GPL-2.0-or-later
"""Greets, and never says another word."""

import json
import sys
import time

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
print("waiting for a lock", file=sys.stderr, flush=True)
time.sleep(60)
