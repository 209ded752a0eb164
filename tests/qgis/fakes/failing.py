# SPDX-License-Identifier: GPL-2.0-or-later
"""Says what is wrong, as the real one does."""

import json
import sys

print(json.dumps({"type": "hello", "protocol": 2}), flush=True)
sys.stdin.readline()
error = {"type": "error", "kind": "InputError", "message": "No overlap.", "remedy": "Take others."}
print(json.dumps(error), flush=True)
sys.exit(1)
