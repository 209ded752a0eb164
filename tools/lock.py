# SPDX-License-Identifier: GPL-2.0-or-later
"""``make lock``: resolve the versions of the plugin's environment and of the checkout again.

Writes ``resources/locks/<size>.txt``, versions and hashes for every system and Python, the download
sizes in ``resources/runtime.json``, and ``tools/constraints*.txt``, the versions that ``make env``
installs. Needs uv, and a package index configured for uv and pip; its name is not written.
"""

from __future__ import annotations

import io
import json
import math
import re
import subprocess
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import tomllib
from packaging import tags
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "resources" / "locks"
RUNTIME = ROOT / "resources" / "runtime.json"
TORCH_CPU_PAGE = json.loads(RUNTIME.read_text(encoding="utf-8"))["torch_cpu"]

# Groups of pyproject.toml: of .venv, and of .venv-qgis, whose pytest-qgis follows QGIS' version.
DEVELOPMENT = ("test", "lint", "docs")
INSIDE_QGIS = ("qgis-test-3-22", "qgis-test-3-34")

# Size -> group of pyproject.toml, and the oldest Python.
SIZES = {"light": ("worker", "3.10"), "full": ("training", "3.10"), "gpu": ("gpu", "3.11")}
# Packages whose newest version lacks wheels on some platforms.
OLD = "python_full_version < '3.11' or (sys_platform == 'darwin' and platform_machine == 'x86_64')"
NEW = "python_full_version >= '3.11' and (sys_platform != 'darwin' or platform_machine != 'x86_64')"
SPLIT = {
    "onnxruntime": (f"<1.24 ; {OLD}", f">=1.24 ; {NEW}"),
    "rasterio": ("<1.4.4 ; sys_platform == 'darwin'", ">=1.4.4 ; sys_platform != 'darwin'"),
}
# Dependencies of torch on Linux that its CPU builds do not have.
CUDA = re.compile(r"(?:nvidia-|cuda-)|triton==")
PYTHON = (3, 12)  # of the sizes
COMPILED = 1.2  # size on the disk, with pip and compiled files, over that of wheels: of light
# MB of torch's CPU builds on Linux, which are not in the index: downloaded, unpacked. That for
# aarch64 has not been unpacked here: in proportion.
TORCH_CPU = {"linux-x86_64": (192.0, 700.0), "linux-aarch64": (155.0, 565.0)}
PLATFORMS = {
    "linux-x86_64": ("linux", "x86_64"),
    "linux-aarch64": ("linux", "aarch64"),
    "windows-x86_64": ("win32", "AMD64"),
    "macos-arm64": ("darwin", "arm64"),
    "macos-x86_64": ("darwin", "x86_64"),
}


def main() -> None:
    constrain()
    sizes: dict[str, dict[str, list[int]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for size, (group, python) in SIZES.items():
            wanted = Path(scratch) / f"{size}.in"
            wanted.write_text("\n".join(requirements(group)) + "\n", encoding="utf-8")
            target = LOCKS / f"{size}.txt"
            before = target.read_text(encoding="utf-8") if target.is_file() else ""
            resolve([wanted], target, python, "--generate-hashes", "--no-annotate")
            table = Path(scratch) / f"pylock.{size}.toml"
            resolve([wanted], table, python, "--format", "pylock.toml")
            packages = tomllib.loads(table.read_text(encoding="utf-8"))["packages"]
            sizes[size] = sizes_of(packages)
            if size == "full":
                take_cpu_build(target, before)
                sizes[size] |= cpu_sizes(packages)
    runtime = json.loads(RUNTIME.read_text(encoding="utf-8"))
    runtime["sizes_mb"] = sizes
    RUNTIME.write_text(pretty(runtime) + "\n", encoding="utf-8")


def constrain() -> None:
    """Write the versions of the checkout's environments, for every supported Python."""
    common = ROOT / "tools" / "constraints.txt"
    resolve_groups(DEVELOPMENT, common)
    for group in INSIDE_QGIS:
        target = common.with_name(f"constraints-{group}.txt")
        resolve_groups([group], target, "--constraint", str(common))


def resolve_groups(groups: Sequence[str], target: Path, *options: str) -> None:
    named = [option for group in groups for option in ("--group", f"pyproject.toml:{group}")]
    resolve((), target, "3.10", "--no-annotate", *named, *options)


def pretty(runtime: dict[str, Any]) -> str:
    """Return JSON with innermost lists on one line."""
    text = json.dumps(runtime, indent=1)
    return re.sub(r"\[[^\[\]]+\]", lambda found: re.sub(r"\n\s*", " ", found[0]), text)


def requirements(group: str) -> Iterator[str]:
    """Yield the requirements of a group and its included groups, by platform where they differ."""
    toml = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for entry in toml["dependency-groups"][group]:
        if isinstance(entry, dict):
            yield from requirements(entry["include-group"])
            continue
        name = re.split(r"[^\w-]", entry)[0]
        for rule in SPLIT.get(name, ()):
            bound, marker = rule.split(" ; ")
            yield f"{entry},{bound} ; {marker}"
        if name not in SPLIT:
            yield entry


def resolve(wanted: Sequence[Path], target: Path, python: str, *options: str) -> None:
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--no-header", "--upgrade"]
    command += ["--python-version", python, "--output-file", str(target), *options]
    subprocess.run([*command, *map(str, wanted)], check=True, cwd=ROOT)


def take_cpu_build(target: Path, before: str) -> None:
    """Replace torch for Linux, which needs CUDA in the package index, by its build for the CPU."""
    blocks = re.split(r"\n(?=\S)", target.read_text(encoding="utf-8").strip())
    torch = next(block for block in blocks if block.startswith("torch=="))
    name, hashes = torch.split(" \\\n", 1)
    elsewhere = f"{name} ; sys_platform != 'linux' \\\n{hashes}"
    found = sorted(cpu_hashes(name.removeprefix("torch=="), before))
    lines = [f"{name}+cpu ; sys_platform == 'linux'", *(f"    --hash=sha256:{h}" for h in found)]
    kept = [b for b in blocks if not CUDA.match(b) and b != torch]
    text = "\n".join(sorted([*kept, elsewhere, " \\\n".join(lines)]))
    target.write_text(text + "\n", encoding="utf-8")


def cpu_hashes(version: str, before: str) -> set[str]:
    """Return the hashes of torch's builds for the CPU of Linux, from the page that has them.

    Where that cannot be reached: those of the lock before, if it is of the same version.
    """
    build = rf"torch-{re.escape(version)}(?:%2B|\+)cpu-cp3\d+-cp3\d+-manylinux_2_28_\w+\.whl"
    try:
        with urllib.request.urlopen(TORCH_CPU_PAGE) as answer:
            found = re.findall(rf"{build}#sha256=([0-9a-f]{{64}})", answer.read().decode())
    except OSError as error:
        old = re.search(rf"torch=={re.escape(version)}\+cpu .*?(?=\n\S|$)", before, re.DOTALL)
        if old is None:
            raise SystemExit(f"{TORCH_CPU_PAGE} cannot be reached: {error}") from error
        found = re.findall(r"sha256:(\w+)", old[0])
    return set(found)


def sizes_of(packages: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """Return MB downloaded and MB on the disk for each platform that has all wheels."""
    found = {name: chosen(packages, *where) for name, where in PLATFORMS.items()}
    return {name: megabytes(wheels) for name, wheels in found.items() if wheels}


def cpu_sizes(packages: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """Return the sizes on Linux with `TORCH_CPU`, and without CUDA."""
    others = [p for p in packages if p["name"] != "torch" and not CUDA.match(p["name"] + "==")]
    return {
        name: megabytes(chosen(others, *PLATFORMS[name]), torch)
        for name, torch in TORCH_CPU.items()
    }


def megabytes(wheels: Sequence[dict[str, Any]], more: tuple[float, float] = (0, 0)) -> list[int]:
    """Return MB downloaded and MB on the disk, rounded up to two digits."""
    fetched = more[0] + sum(wheel["size"] for wheel in wheels) / 1e6
    unpacked = more[1] + sum(unpacked_size(wheel["url"], wheel["size"]) for wheel in wheels) / 1e6
    numbers = []
    for number in (fetched, unpacked * COMPILED):
        unit = 10 ** max(0, math.floor(math.log10(number)) - 1)
        numbers.append(math.ceil(number / unit) * unit)
    return numbers


def chosen(packages: Sequence[dict[str, Any]], system: str, machine: str) -> list[dict[str, Any]]:
    """Return the wheels for a platform; none if one is missing."""
    version = ".".join(map(str, PYTHON))
    here = {"sys_platform": system, "platform_machine": machine, "python_version": version}
    here |= {"python_full_version": version + ".0", "implementation_name": "cpython"}
    fitting = {tag: rank for rank, tag in enumerate(supported(system, machine))}
    found = []
    for package in packages:
        if not Marker(package.get("marker", "python_version > '3'")).evaluate(here):
            continue
        ranked = []
        for wheel in package.get("wheels", []):
            known = parse_wheel_filename(wheel["url"].rsplit("/", 1)[1].replace("%2B", "+"))[3]
            ranked += [(fitting[tag], wheel["url"], wheel) for tag in known if tag in fitting]
        if not ranked:
            return []
        found.append(min(ranked)[2])
    return found


@cache
def unpacked_size(url: str, size: int) -> int:
    """Return the unpacked size of a wheel; only its directory is downloaded."""
    with zipfile.ZipFile(io.BufferedReader(RemoteFile(url, size), 1 << 16)) as wheel:
        return sum(item.file_size for item in wheel.infolist())


class RemoteFile(io.RawIOBase):
    """A file at a URL that is downloaded in the ranges that are read."""

    def __init__(self, url: str, size: int) -> None:
        self._url, self._size, self._at = url, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        last = min(self._size, self._at + len(buffer)) - 1
        if last < self._at:
            return 0
        part = {"Range": f"bytes={self._at}-{last}"}
        with urllib.request.urlopen(urllib.request.Request(self._url, headers=part)) as answer:
            data = answer.read(last - self._at + 1)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def supported(system: str, machine: str) -> Iterator[tags.Tag]:
    if system == "darwin":
        platforms = list(tags.mac_platforms((14, 0), machine))
    elif system == "win32":
        platforms = ["win_amd64"]
    else:
        names = [f"manylinux_2_{minor}" for minor in range(28, 4, -1)] + ["manylinux2014"]
        platforms = [f"{name}_{machine}" for name in names]
    yield from tags.cpython_tags(PYTHON, platforms=platforms)
    yield from tags.compatible_tags(PYTHON, platforms=platforms)


if __name__ == "__main__":
    main()
