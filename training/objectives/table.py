# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of objectives. A new network is one entry here, and one module beside it."""

from __future__ import annotations

from typing import Any

from training.objectives.ksdiff import KSDiffObjective
from training.objectives.objective import Objective
from training.objectives.srino import SRINOObjective

#: By method.
OBJECTIVES: dict[str, Objective[Any, Any]] = {
    objective.network.method: objective for objective in (KSDiffObjective(), SRINOObjective())
}
