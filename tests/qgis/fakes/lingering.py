# SPDX-License-Identifier: GPL-2.0-or-later
"""Leaves a child behind that holds the pipes open, and crashes."""

import json
import subprocess
import sys

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(8)"], start_new_session=True)
sys.exit(7)
