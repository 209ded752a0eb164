# SPDX-License-Identifier: GPL-2.0-or-later
"""Hears no message and ignores SIGTERM; writes its process number and its child's to a file."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
if len(sys.argv) > 1:
    import os

    Path(sys.argv[1]).write_text(f"{os.getpid()} {child.pid}")
print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
time.sleep(60)
