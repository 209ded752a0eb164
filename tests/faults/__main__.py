# SPDX-License-Identifier: GPL-2.0-or-later
"""Try cases by number: ``python -m tests.faults 612 613``; without a number, list them all.

The files stay in ``build/faults/NUMBER``.
"""

from __future__ import annotations

import shutil
import sys
import time
import warnings
from pathlib import Path

from tests.faults.table import TABLE


def main(numbers: list[str]) -> int:
    """Print what is wrong with each case; return 1 if anything is."""
    if not numbers:
        print("\n".join(f"{number:5} {case.id}" for number, case in TABLE.items()))
        return 0
    if unknown := [text for text in numbers if not text.isdecimal() or int(text) not in TABLE]:
        print(f"there is no case {', '.join(unknown)}")
        return 2
    wrong = 0
    for text in numbers:
        folder = Path("build", "faults", text).resolve()
        shutil.rmtree(folder, ignore_errors=True)
        case, started = TABLE[int(text)], time.monotonic()
        found = case.wrongs(folder)
        wrong += bool(found)
        print(
            f"{text} {case.id}: {'; '.join(found) or 'right'} ({time.monotonic() - started:.2f} s)"
        )
    print(f"{len(numbers)} tried, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1:]))
