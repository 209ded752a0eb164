# SPDX-License-Identifier: GPL-2.0-or-later
"""Run QGIS with its windows on a virtual screen, with an empty profile: for pictures and tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SIZE = "1500x940"  # px
# Variables of the machine that pip needs to find packages.
_PASSED = ("PIP_", "SSL_CERT_", "REQUESTS_CA_BUNDLE", "KSDIFF_")


def missing() -> str:
    """Return the names of missing programs; empty if there are none."""
    return ", ".join(name for name in ("qgis", "Xvfb") if shutil.which(name) is None)


@contextmanager
def screen() -> Iterator[str]:
    """Start a virtual screen; yield its name."""
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
    """Unpack the zip into the profile below `home`, as QGIS does; return the plugin's folder."""
    plugins = home / "profiles" / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(package) as opened:
        opened.extractall(plugins)
    return plugins / "ksdiff_qgis"


def run(
    script: Path, home: Path, variables: Mapping[str, str], *, patience_s: float
) -> subprocess.CompletedProcess[str]:
    """Start QGIS with a script, and wait until the script ends QGIS.

    Parameters
    ----------
    home : the user's home: settings, profile and temporary files are below it.
    variables : environment variables for the script, added to a minimal environment.
    """
    for name in ("run", "tmp"):
        (home / name).mkdir(mode=0o700, exist_ok=True)
    passed = {name: text for name, text in os.environ.items() if name.startswith(_PASSED)}
    environment = {
        **passed,
        "PATH": "/usr/bin:/bin",  # QGIS uses the first Python on the path
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
