# SPDX-License-Identifier: GPL-2.0-or-later
"""The user's own settings of pip and uv: which count, and whether there are any of an index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from .environment import clean

# Of pip's settings in the environment, those that would send the packages elsewhere.
_MISLEADING = (
    *("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PIP_DRY_RUN", "PIP_PYTHON"),
    *("PIP_REQUIREMENT", "PIP_NO_DEPS", "PIP_REPORT", "PIP_QUIET", "PIP_DEST", "PIP_EDITABLE"),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT_ENVIRONMENT"),
)
_PIP_ELSEWHERE = re.compile(r"PIP_(?:INDEX|EXTRA_INDEX|FIND_LINKS|NO_INDEX|CERT|PROXY|CONFIG)")


def variables(environ: Mapping[str, str], proxy: Mapping[str, str]) -> dict[str, str]:
    """Environment variables of pip and uv: the user's settings of them count, QGIS' own do not."""
    kept = clean(environ, keep=("PIP_", "UV_"))
    kept = {name: value for name, value in kept.items() if name.upper() not in _MISLEADING}
    return {**kept, **proxy}


def pip_is_set_up(environ: Mapping[str, str]) -> bool:
    """Whether pip has settings of an index, which uv does not know: then pip shall do the work."""
    if any(_PIP_ELSEWHERE.match(name.upper()) for name in environ):
        return True
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or "/nowhere")
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [config / "pip" / "pip.conf", home / ".pip" / "pip.conf", Path("/etc/pip.conf")]
    files += [Path("/etc/xdg/pip/pip.conf"), home / "pip" / "pip.ini"]
    files += [
        Path(environ[n]) / "pip" / "pip.ini" for n in ("APPDATA", "PROGRAMDATA") if n in environ
    ]
    files.append(home / "Library" / "Application Support" / "pip" / "pip.conf")
    return any(path.is_file() for path in files)
