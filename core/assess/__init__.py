# SPDX-License-Identifier: GPL-2.0-or-later
"""A fused image of any size assessed beside the pair it was made of, in bounded memory.

`assess` does it all: `subject` opens and checks the files, `measure` makes one pass over tiles,
`tally` and `noreference` add up the indices of `core.quality`, `expansion` is LMS as those want it,
`consistency` compares with MS at its own resolution, `shift` finds displacements, `sharpness` tells
whose the detail is, `excerpts` and `closeups` are what a person looks at, `mapfile` writes maps.
"""

from core.assess.measure import assess

__all__ = ["assess"]
