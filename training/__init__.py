# SPDX-License-Identifier: GPL-2.0-or-later
"""From scenes to a model file. Uses the fusion core; the core never uses it."""

import os

# With several threads OpenBLAS rounds by how busy they are: a run that is resumed, or whose batches
# processes draw, would not repeat itself to the bit. It is read when numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
