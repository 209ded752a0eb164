# SPDX-License-Identifier: GPL-2.0-or-later
"""Names of array types."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
