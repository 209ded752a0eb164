# SPDX-License-Identifier: GPL-2.0-or-later
"""Make the zip that QGIS installs: one folder, reproducible to the byte with the same zlib.

It contains the files under version control, as they are on the disk; in an unpacked archive, all
files but caches and hidden ones.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

PLUGIN = "ksdiff_qgis"
BESIDE = ("metadata.txt", "LICENSE", "CHANGELOG.md", "core", "training", "resources", "docs")
LEFT_OUT = {".pyc", ".ts"}  # Qt reads the compiled .qm
LIMIT_BYTES = 25_000_000  # the plugin store's
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip
_FILE, _UNIX = 0o100644, 3


def versioned_files(root: Path) -> list[Path]:
    """Return existing paths under version control; empty in an unpacked archive."""
    git = shutil.which("git")
    if git is None:
        return []
    command = [git, "ls-files", "-z", "--", PLUGIN, *BESIDE]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    names = set(done.stdout.split("\0")) - {""}
    # A repository above an unpacked archive lists none of its files.
    return [Path(name) for name in names if (root / name).is_file()] if done.returncode == 0 else []


def files_on_disk(root: Path) -> Iterator[Path]:
    """Yield every file of the plugin's parts."""
    for part in (PLUGIN, *BESIDE):
        path = root / part
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (file.relative_to(root) for file in found if file.is_file())


def contents(root: Path) -> dict[str, Path]:
    """Return name in the zip -> file, sorted by name."""
    files = versioned_files(root) or files_on_disk(root)
    shipped = {}
    for path in files:
        hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        if not hidden and path.suffix not in LEFT_OUT:
            inside = path if path.parts[0] == PLUGIN else Path(PLUGIN) / path
            shipped[inside.as_posix()] = root / path
    return dict(sorted(shipped.items()))


def write(root: Path, target: Path) -> None:
    """Write the zip, independent of times, owners and modes of the files."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, path in contents(root).items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = _UNIX
            entry.external_attr = _FILE << 16
            package.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, help="the zip to write")
    target = parser.parse_args().target
    write(Path.cwd(), target)
    size = target.stat().st_size
    print(f"{target}, {size / 1e6:.1f} MB")
    if size > LIMIT_BYTES:
        print(f"larger than the store's {LIMIT_BYTES / 1e6:.0f} MB", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
