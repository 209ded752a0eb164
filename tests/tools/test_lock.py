# SPDX-License-Identifier: GPL-2.0-or-later
"""The locked versions of the checkout's environments."""

from __future__ import annotations

import re
from pathlib import Path


def versions(path: Path) -> dict[str, set[str]]:
    """Return the locked versions by name: one, or several for different Pythons."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w-]+)==([\w.]+)", path.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_the_tests_inside_qgis_are_locked_to_the_versions_of_the_others(root: Path) -> None:
    """But for pytest-qgis, of which every range of QGIS has its own."""
    toml = (root / "pyproject.toml").read_text(encoding="utf-8")
    groups = re.findall(r"^(qgis-test-[\d-]+) = ", toml, re.MULTILINE)
    files = (root / "tools").glob("constraints-*.txt")
    assert sorted(path.name for path in files) == sorted(f"constraints-{g}.txt" for g in groups)
    common = versions(root / "tools" / "constraints.txt")
    for group in groups:
        locked = versions(root / "tools" / f"constraints-{group}.txt")
        assert len(locked.pop("pytest-qgis")) == 1
        assert "pytest" in locked and locked.items() <= common.items()
