# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the zip by the plugin store's rules: `store.py build/ksdiff_qgis.zip`.

The store or its reviewers refuse an upload for each of these problems. The store also opens the
addresses in the metadata; here only their form is checked.
"""

from __future__ import annotations

import argparse
import ast
import configparser
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath

LIMIT_BYTES = 25_000_000
NEEDED = ("name", "description", "about", "version", "qgisMinimumVersion", "author", "email")
ADDRESSES = ("tracker", "repository", "homepage")
BINARIES = {".exe", ".dll", ".so", ".dylib", ".pyd", ".bat", ".sh", ".ps1", ".cmd", ".pyc", ".jar"}
# Findings of bandit that the store does not accept to be suppressed.
NOT_SUPPRESSIBLE = {"B102", "B105", "B106", "B107", "B202", "B301", "B307", "B506", "B602", "B615"}
# Commands that look for weaknesses at any severity, and for passwords and keys; a hit in words.
SCANS = {
    ("bandit", "--quiet", "--recursive", "--format", "json", "."): (
        "{filename}:{line_number}: {test_id} {issue_text}"
    ),
    ("detect_secrets", "scan", "--all-files", "."): (
        "{filename}:{line_number}: looks like a secret ({type})"
    ),
}
_EXECUTABLE = 0o111


def layout(package: zipfile.ZipFile) -> Iterator[str]:
    """Check for one importable folder with the files of every plugin."""
    names = package.namelist()
    tops = {name.split("/")[0] for name in names}
    if len(tops) != 1:
        yield f"not one top folder but {sorted(tops)}"
        return
    top = tops.pop()
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", top):
        yield f"the folder {top!r} is no name of a Python package"
    for file in ("__init__.py", "metadata.txt", "LICENSE"):
        if f"{top}/{file}" not in names:
            yield f"{file} is missing"
    if f"{top}/__init__.py" in names:
        module = ast.parse(package.read(f"{top}/__init__.py"))
        if "classFactory" not in {getattr(node, "name", "") for node in module.body}:
            yield "__init__.py has no classFactory"
    if f"{top}/LICENSE" in names and b"GNU GENERAL PUBLIC LICENSE" not in package.read(
        f"{top}/LICENSE"
    ):
        yield "LICENSE is not the GNU General Public License"


def files(package: zipfile.ZipFile) -> Iterator[str]:
    """Check that nothing is hidden, compiled, executable, or outside the folder."""
    for entry in package.infolist():
        path = PurePosixPath(entry.filename)
        if "\\" in entry.orig_filename or path.is_absolute() or ".." in path.parts:
            yield f"{entry.orig_filename}: a name that leads elsewhere"
        if any(part.startswith(".") or part in ("__pycache__", "__MACOSX") for part in path.parts):
            yield f"{path}: hidden or a cache"
        if path.suffix.lower() in BINARIES:
            yield f"{path}: a program or compiled code"
        if not entry.is_dir() and entry.external_attr >> 16 & _EXECUTABLE:
            yield f"{path}: marked as executable"


def metadata(package: zipfile.ZipFile) -> Iterator[str]:
    """Check the entries of metadata.txt."""
    top = package.namelist()[0].split("/")[0]
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # case-sensitive
    try:
        parser.read_string(package.read(f"{top}/metadata.txt").decode("utf-8"))
        general = parser["general"]
    except (KeyError, UnicodeDecodeError, configparser.Error) as error:
        yield f"metadata.txt cannot be read: {error}"
        return
    for key in (*NEEDED, *ADDRESSES):
        if not general.get(key, "").strip():
            yield f"metadata.txt: {key} is missing"
    for key in ADDRESSES:
        if not re.fullmatch(r"https?://[\w.-]+\.\w+(/\S*)?", general.get(key, "")):
            yield f"metadata.txt: {key} is no address"
    if "/" in general.get("author", ""):
        yield "metadata.txt: no / in author"
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", general.get("email", "")):
        yield "metadata.txt: email is none"
    if "plugin" in general.get("name", "").lower():
        yield "metadata.txt: the word plugin in the name says nothing"
    for key in ("qgisMinimumVersion", "qgisMaximumVersion"):
        if not re.fullmatch(r"\d+\.\d+(\.\d+)?", general.get(key, "")):
            yield f"metadata.txt: {key} is no version"
    if not re.fullmatch(r"\d+\.\d+\.\d+(-\w+)?", general.get("version", "")):
        yield "metadata.txt: version is none"
    if general.get("icon") and f"{top}/{general['icon']}" not in package.namelist():
        yield f"metadata.txt: the icon {general['icon']} is not in the zip"


def suppressions(folder: Path) -> Iterator[str]:
    """Find nosec comments that the store does not accept, or without a code."""
    for path in sorted(folder.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = re.search(r"#\s*nosec\b(.*)", line)
            codes = set(re.findall(r"B\d{3}", found[1])) if found else set()
            if found and (not codes or codes & NOT_SUPPRESSIBLE):
                yield f"{path.relative_to(folder)}:{number}: nosec not accepted: {line.strip()}"


def scan(folder: Path, command: Sequence[str], problem: str) -> Iterator[str]:
    """Run a module of Python that prints hits as JSON; `problem` is a hit in words."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    if not done.stdout.startswith("{"):
        yield f"{command[0]} did not run: {done.stderr.strip()[-300:]}"
        return
    results = json.loads(done.stdout)["results"]
    for hit in results if isinstance(results, list) else chain(*results.values()):
        yield problem.format(**hit)


def problems(path: Path) -> list[str]:
    """Return all problems of the zip."""
    found = []
    if path.stat().st_size > LIMIT_BYTES:
        found.append(f"{path.stat().st_size / 1e6:.1f} MB, {LIMIT_BYTES / 1e6:.0f} MB at most")
    with zipfile.ZipFile(path) as package, tempfile.TemporaryDirectory() as temporary:
        found += [*layout(package), *files(package)]
        if found:
            return found
        found += metadata(package)
        package.extractall(temporary)
        folder = Path(temporary)
        found += suppressions(folder)
        for command, problem in SCANS.items():
            found += scan(folder, command, problem)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="the zip")
    path = parser.parse_args().package
    found = problems(path)
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"{path}: {len(found) or 'no'} problems with the plugin store")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
