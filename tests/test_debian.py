# SPDX-License-Identifier: GPL-2.0-or-later
"""tools/debian.sh on machines where it cannot work: it states the reason and succeeds."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "tools" / "debian.sh"
USED = ("sh", "env", "dirname", "id", "mkdir", "rm", "tail", "cat", "true")


def link(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"{name} is not on this machine")
        (folder / name).symlink_to(found)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder for PATH with the programs that the script needs first; the user is root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    link(folder, USED)
    write(folder / "id", "echo 0")
    write(folder / "unshare", "exit 0")
    return folder


@pytest.fixture
def backport(programs: Path) -> Path:
    """The same with an existing root of 13-backports."""
    link(programs, ("find", "xargs", "tar", "cp", "grep", "sed", "sort"))
    cache = programs.parent / "ksdiff_qgis"
    root = cache / "debian-13-backports"
    (root / "etc" / "ssl" / "certs").mkdir(parents=True)
    (cache / "trixie").mkdir()
    for name in ("git", "mount", "debootstrap"):
        write(programs / name, "exit 0")
    write(programs / "unshare", 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"')
    write(programs / "chroot", f'shift; PATH="{programs}" exec "$@"')
    write(programs / "make", f'echo "$3" >> "{programs.parent}/made"')
    return programs


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("3.44.15+dfsg-1~bpo13+1", True),
        ("1:4.0.1+dfsg-1~bpo13+1", True),
        ("3.40.6+dfsg-1+b4", False),
        ("3.5.1-1", False),
    ],
)
def test_backports_with_an_old_qgis_fail(backport: Path, version: str, good: bool) -> None:
    write(backport / "dpkg-query", f"printf %s '{version}'")
    done = run(backport, "13-backports")
    made = (backport.parent / "made").read_text(encoding="utf-8").split()
    assert made == ["build/.qgis", *(["demo"] if good else [])], done.stderr
    assert (done.returncode == 0) == good
    assert (f"QGIS {version} was installed; 3.44 or newer" in done.stderr) != good


def write(program: Path, line: str) -> None:
    program.unlink(missing_ok=True)
    program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    program.chmod(0o755)


def run(programs: Path, name: str = "13") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(programs), "XDG_CACHE_HOME": str(programs.parent)}
    command = ["/bin/sh", str(SCRIPT), name, "demo"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("program", "line", "reason"),
    [
        ("id", "echo 1000", "that takes root"),
        ("debootstrap", "", "debootstrap is not installed"),
        ("unshare", "exit 1", "mount namespaces are not allowed here"),
        ("debootstrap", "echo no route >&2; exit 1", "debootstrap could not fetch it"),
    ],
)
def test_reason_is_stated(programs: Path, program: str, line: str, reason: str) -> None:
    write(programs / "debootstrap", "exit 0")
    if line:
        write(programs / program, line)
    else:
        (programs / program).unlink()
    done = run(programs)
    assert done.returncode == 0, done.stderr
    assert f"Debian 13: skipped, because {reason}" in done.stdout
    assert not list(programs.parent.glob("ksdiff_qgis/debian-*"))


def test_other_debian_is_an_error(programs: Path) -> None:
    done = run(programs, "11")
    assert done.returncode == 2
    assert "12, 13 or 13-backports" in done.stderr
