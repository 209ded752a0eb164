# SPDX-License-Identifier: GPL-2.0-or-later
"""Leaves a child behind that holds the pipes open, and crashes."""

import json
import subprocess
import sys
from pathlib import Path

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
child = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
)
Path(sys.argv[1]).write_text(str(child.pid))
sys.exit(7)
