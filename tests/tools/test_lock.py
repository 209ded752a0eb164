# SPDX-License-Identifier: GPL-2.0-or-later
"""The locked versions of the checkout's environments."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest


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


LOCKED = (
    "numpy==1.0 \\\n    --hash=sha256:aa\n"
    "nvidia-cublas==13 ; sys_platform == 'linux' \\\n    --hash=sha256:bb\n"
    "torch==2.13.0 \\\n    --hash=sha256:cc\n"
)
BUILD = '<a href="/whl/cpu/torch-{}-{}.whl#sha256={}">a file</a>\n'


@pytest.mark.skipif(sys.version_info < (3, 11), reason="make lock needs Python 3.11")
def test_full_takes_the_builds_for_the_cpu_that_pytorchs_page_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tools import lock

    files = [
        ("2.13.0%2Bcpu", "cp312-cp312-manylinux_2_28_x86_64", "1" * 64),
        ("2.13.0%2Bcpu", "cp313-cp313-manylinux_2_28_aarch64", "2" * 64),
        ("2.13.0%2Bcpu", "cp312-cp312-win_amd64", "3" * 64),
        ("2.12.0%2Bcpu", "cp312-cp312-manylinux_2_28_x86_64", "4" * 64),
    ]
    page, full = tmp_path / "page.html", tmp_path / "full.txt"
    page.write_text("".join(BUILD.format(*each) for each in files))
    monkeypatch.setattr(lock, "TORCH_CPU_PAGE", page.as_uri())
    full.write_text(LOCKED)
    lock.take_cpu_build(full, "")
    text = full.read_text()
    assert "nvidia" not in text and text.startswith("numpy==1.0 \\\n    --hash=sha256:aa\n")
    assert "torch==2.13.0 ; sys_platform != 'linux' \\\n    --hash=sha256:cc\n" in text
    linux = text[text.index("torch==2.13.0+cpu ; sys_platform == 'linux'") :]
    assert re.findall(r"sha256:(\w+)", linux) == ["1" * 64, "2" * 64]
    # Without the page, the hashes of the same version stay; of another, there is no lock.
    page.unlink()
    full.write_text(LOCKED)
    lock.take_cpu_build(full, text)
    assert full.read_text() == text
    full.write_text(LOCKED.replace("2.13.0", "2.14.0"))
    with pytest.raises(SystemExit) as caught:
        lock.take_cpu_build(full, text)
    assert page.as_uri() in str(caught.value)
