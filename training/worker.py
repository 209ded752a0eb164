# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker process of training: `core.worker.main` with other tasks.

``python -I -u -X utf8 <folder>/training/worker.py``
"""

from __future__ import annotations

import sys
from pathlib import Path

# Checked before anything that an older Python cannot parse.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit("KSDiff needs Python 3.10 or newer.")
if __name__ == "__main__":  # under -I the folder that holds training/ is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.worker.main import TaskSet, main
from training.requests import TASKS

# A step may take that long on a slow machine, and is saved before the end.
TRAINING = TaskSet(TASKS, "training.tasks", grace=30.0)

if __name__ == "__main__":
    sys.exit(main(TRAINING))
