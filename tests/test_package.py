# SPDX-License-Identifier: GPL-2.0-or-later
"""The zip: complete, small, the same twice, and what the plugin store would let pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tools import package, store

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "build/ksdiff_qgis.zip"

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
needs_store = pytest.mark.skipif(
    find_spec("bandit") is None or find_spec("detect_secrets") is None,
    reason="bandit and detect-secrets are not installed: make lint",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of this checkout."""
    target = tmp_path_factory.mktemp("package") / "ksdiff_qgis.zip"
    package.write(ROOT, target)
    return target


def test_package_is_one_folder_with_all_files(made: Path) -> None:
    with zipfile.ZipFile(made) as opened:
        names = set(opened.namelist())
    inside = {"__init__.py", "metadata.txt", "LICENSE", "core/worker/main.py", "docs/bench.md"}
    inside |= {"training/__main__.py", "resources/protocol.json", "CHANGELOG.md"}
    assert {f"ksdiff_qgis/{name}" for name in inside} <= names
    assert names == set(package.contents(ROOT))
    assert {name.split("/")[0] for name in names} == {"ksdiff_qgis"}
    assert not {name.split("/")[1] for name in names} & {"experiments", "tools", "tests"}
    assert made.stat().st_size <= package.LIMIT_BYTES


def test_package_is_reproducible(made: Path, little: Path, tmp_path: Path) -> None:
    """Whatever the times and modes of the files, and wherever the checkout lies."""
    other = shutil.copytree(little, tmp_path / "elsewhere")
    for path in other.rglob("*"):
        if path.is_file():
            os.utime(path, (1e9, 1e9))
            path.chmod(0o755)
    roots = (little, other, ROOT)
    zips = [tmp_path / f"{number}.zip" for number in range(3)]
    for root, target in zip(roots, zips, strict=True):
        package.write(root, target)
    assert zips[0].read_bytes() == zips[1].read_bytes()
    assert zips[2].read_bytes() == made.read_bytes()


@needs_store
def test_package_meets_rules_of_store(made: Path) -> None:
    assert store.problems(made) == []


LITTLE = (
    "__init__.py", "metadata.txt", "LICENSE", "CHANGELOG.md", "core/a.py", "core/sub/c.py",
    "training/b.py", "resources/models/m/m.onnx",
)  # fmt: skip


@pytest.fixture
def little(tmp_path: Path) -> Path:
    """A checkout with this Makefile and few other files, in a folder with a blank."""
    folder = tmp_path / "a checkout"
    for name in LITTLE:
        path = folder / (f"ksdiff_qgis/{name}" if name == "__init__.py" else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("here\n", encoding="utf-8")
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copytree(ROOT / "tools", folder / "tools")
    return folder


def make(folder: Path, *words: str) -> None:
    command = ["make", "--silent", f"PYTHON={sys.executable}", *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)


@needs_make
@pytest.mark.parametrize("versioned", [True, False])
def test_package_has_versioned_files(little: Path, versioned: bool) -> None:
    """No model of the user's; in an unpacked archive, no caches or hidden files."""
    git = shutil.which("git")
    if versioned and not git:
        pytest.skip("git is not on this machine")
    if versioned:
        subprocess.run([str(git), "init", "--quiet"], cwd=little, check=True)
        subprocess.run([str(git), "add", "."], cwd=little, check=True)
        (little / "resources" / "models" / "mine.onnx").write_text("untracked", encoding="utf-8")
    (little / "core" / "a.py").write_text("changed\n", encoding="utf-8")
    (little / "core" / "__pycache__").mkdir()
    for litter in (".DS_Store", "__pycache__/a.pyc"):
        (little / "core" / litter).write_text("litter", encoding="utf-8")
    make(little, "package")
    with zipfile.ZipFile(little / PACKAGE) as opened:
        assert set(opened.namelist()) == {f"ksdiff_qgis/{name}" for name in LITTLE}
        assert opened.read("ksdiff_qgis/core/a.py") == b"changed\n"


@needs_make
@pytest.mark.parametrize(
    ("present", "linked"),
    [((), ["QGIS3"]), (("QGIS3",), ["QGIS3"]), (("QGIS3", "QGIS4"), ["QGIS3", "QGIS4"])],
)
def test_link_into_every_qgis(
    little: Path, tmp_path: Path, present: tuple[str, ...], linked: list[str]
) -> None:
    home = tmp_path / "my home"
    profiles = home / ".local" / "share" / "QGIS"
    for name in present:
        (profiles / name / "profiles").mkdir(parents=True)
    make(little, "link", f"HOME={home}")
    assert sorted(path.name for path in profiles.iterdir()) == linked
    for name in linked:
        plugin = profiles / name / "profiles" / "default" / "python" / "plugins" / "ksdiff_qgis"
        for file in ("__init__.py", "core/a.py", "metadata.txt"):
            assert (plugin / file).read_text(encoding="utf-8") == "here\n"


@needs_make
def test_link_into_one_profile_but_not_into_an_installed_plugin(
    little: Path, tmp_path: Path
) -> None:
    profile = tmp_path / "one profile"
    for _ in range(2):  # a second time changes nothing
        make(little, "link", f"PROFILE={profile}", f"HOME={tmp_path}")
    assert not (tmp_path / ".local").exists()
    plugin = profile / "python" / "plugins" / "ksdiff_qgis"
    assert (plugin / "__init__.py").is_file()
    plugin.unlink()
    plugin.mkdir()
    with pytest.raises(subprocess.CalledProcessError) as error:
        make(little, "link", f"PROFILE={profile}")
    assert "uninstall" in error.value.stderr
    assert list(plugin.iterdir()) == []


GOOD_METADATA = (ROOT / "metadata.txt").read_text(encoding="utf-8")


def write(path: Path, files: dict[str, str | bytes], *, mode: int = 0o644) -> Path:
    """A zip of a small plugin that meets the store's rules, with these files added."""
    all_files: dict[str, str | bytes] = {
        "ksdiff_qgis/__init__.py": "def classFactory(iface):\n    return None\n",
        "ksdiff_qgis/metadata.txt": GOOD_METADATA,
        "ksdiff_qgis/LICENSE": "GNU GENERAL PUBLIC LICENSE",
        "ksdiff_qgis/resources/icons/ksdiff.svg": "<svg/>",
        **files,
    }
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in all_files.items():
            entry = zipfile.ZipInfo("placeholder")
            entry.filename = name  # the constructor converts a backslash
            entry.external_attr = (mode if name in files else 0o644) << 16
            opened.writestr(entry, text)
    return path


def changed(old: str, new: str) -> dict[str, str | bytes]:
    assert old in GOOD_METADATA
    return {"ksdiff_qgis/metadata.txt": GOOD_METADATA.replace(old, new)}


KEY = "AKIA" + "Q3EGRIYT5NPAL7XW"  # of the form of a cloud's, and nobody's


@needs_store
@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"another/__init__.py": ""}, "top folder"),
        ({"ksdiff_qgis/__init__.py": "x = 1\n"}, "classFactory"),
        ({"ksdiff_qgis/LICENSE": "mine"}, "General Public"),
        ({"ksdiff_qgis/a.pyc": b""}, "compiled"),
        ({"ksdiff_qgis/lib/a.so": b""}, "compiled"),
        ({"ksdiff_qgis/.env": ""}, "hidden"),
        ({"ksdiff_qgis/__pycache__/a.txt": ""}, "cache"),
        ({"ksdiff_qgis/../a.txt": ""}, "leads elsewhere"),
        ({"ksdiff_qgis/a\\b.txt": ""}, "leads elsewhere"),
        (changed("author=KSDiff developers", "author=KSDiff/developers"), "author"),
        (changed("email=ksdiff@", "email="), "email"),
        (changed("name=KSDiff", "name=KSDiff plugin for"), "the name"),
        (changed("tracker=https://", "tracker="), "tracker is no address"),
        (changed("repository=", "# repository="), "repository is missing"),
        (changed("qgisMaximumVersion=4.99", "qgisMaximumVersion=four"), "no version"),
        (changed("icon=resources", "icon=other"), "icon"),
        ({"ksdiff_qgis/a.py": "import random\nx = random.random()\n"}, "B311"),
        ({"ksdiff_qgis/a.py": "eval(x)  # nosec B307\n"}, "nosec not accepted"),
        ({"ksdiff_qgis/a.py": "x = 1  # nosec\n"}, "nosec not accepted"),
        ({"ksdiff_qgis/a.ini": f"key = {KEY}\n"}, "looks like a secret"),
    ],
)
def test_problems_are_found(tmp_path: Path, files: dict[str, str | bytes], word: str) -> None:
    found = store.problems(write(tmp_path / "bad.zip", files))
    assert any(word in problem for problem in found), found


@needs_store
def test_good_executable_and_large_packages(tmp_path: Path) -> None:
    assert store.problems(write(tmp_path / "good.zip", {})) == []
    executable = write(tmp_path / "bad.zip", {"ksdiff_qgis/a.txt": ""}, mode=0o755)
    assert store.problems(executable) == ["ksdiff_qgis/a.txt: marked as executable"]
    large = write(tmp_path / "large.zip", {"ksdiff_qgis/big.bin": os.urandom(25_100_000)})
    assert any("25 MB at most" in problem for problem in store.problems(large))


@needs_store
@needs_make
def test_make_checks_the_package(little: Path) -> None:
    """The little checkout has no real metadata."""
    with pytest.raises(subprocess.CalledProcessError) as error:
        make(little, "check-package", f"WORK={sys.executable}", "--assume-old=.venv/.full")
    assert "metadata.txt cannot be read" in error.value.stderr or "License" in error.value.stderr
