# SPDX-License-Identifier: GPL-2.0-or-later
"""A worker of another version."""

import json
import time

print(json.dumps({"type": "hello", "protocol": 99}), flush=True)
time.sleep(60)
