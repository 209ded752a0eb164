# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS with its windows, on a screen in memory, with an empty profile: for pictures and tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SIZE = "1500x940"  # px
# What a user's machine has that lets pip find packages.
_PASSED = ("PIP_", "SSL_CERT_", "REQUESTS_CA_BUNDLE", "KSDIFF_")


def missing() -> str:
    """Which program is not here; empty when all are."""
    return ", ".join(name for name in ("qgis", "Xvfb") if shutil.which(name) is None)


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees; gives its name."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            number = server.stdout.readline().strip() if server.stdout else ""
            if not number:
                raise RuntimeError("Xvfb did not start")
            yield f":{number}"
        finally:
            server.terminate()


def install(package: Path, home: Path) -> Path:
    """Unpack the zip into the profile below `home`, as QGIS does; returns the plugin's folder."""
    plugins = home / "profiles" / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(package) as opened:
        opened.extractall(plugins)
    return plugins / "ksdiff_qgis"


def run(
    script: Path, home: Path, variables: Mapping[str, str], *, patience_s: float
) -> subprocess.CompletedProcess[str]:
    """Start QGIS, let it run a script, and wait until the script has ended QGIS.

    Parameters
    ----------
    home : the user's home: settings, profile and temporary files are below it.
    variables : environment variables for the script, on top of a bare environment.
    """
    for name in ("run", "tmp"):
        (home / name).mkdir(mode=0o700, exist_ok=True)
    passed = {name: text for name, text in os.environ.items() if name.startswith(_PASSED)}
    environment = {
        **passed,
        "PATH": "/usr/bin:/bin",  # the Python found first is taken for QGIS' own
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        **variables,
    }
    command = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(home / "profiles")]
    with screen() as display:
        return subprocess.run(
            [*command, "--code", str(script)],
            env={**environment, "DISPLAY": display},
            capture_output=True,
            text=True,
            timeout=patience_s,
            check=False,
        )
