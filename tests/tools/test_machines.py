# SPDX-License-Identifier: GPL-2.0-or-later
"""What `make test-machines` says of a run."""

from __future__ import annotations

import pytest

from tools.machines import last_line


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("....\n2 failed, 3 passed in 1 s\n", "2 failed, 3 passed in 1 s"),
        (" \n", "no output"),
        ("", "no output"),
    ],
)
def test_a_run_without_output_is_told_too(output: str, said: str) -> None:
    """As when it is killed for lack of memory."""
    assert last_line(output) == said
