# SPDX-License-Identifier: GPL-2.0-or-later
"""Expect an error by its code and facts, whatever its sentences are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.errors import PansharpenError


@contextmanager
def raises_code(
    code: str, kind: type[PansharpenError] = PansharpenError, **facts: object
) -> Iterator[pytest.ExceptionInfo[PansharpenError]]:
    """Expect an error of this code and these facts, which are compared as text.

    Facts that are not named here may have any value. Use ``as caught`` and ``caught.value`` for
    more.
    """
    with pytest.raises(kind) as caught:
        yield caught
    error = caught.value
    assert error.code == code, f"{error.code}: {error}"
    told = {name: str(error.facts.get(name)) for name in facts}
    assert told == {name: str(value) for name, value in facts.items()}
