# SPDX-License-Identifier: GPL-2.0-or-later
"""Is killed by the system in the middle of its work."""

import json
import os
import signal

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
