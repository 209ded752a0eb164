# SPDX-License-Identifier: GPL-2.0-or-later
"""Versions of Python and packages, for the first event of the worker and for reports."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import platform

from core import RESOURCES, __version__

# The packages a run needs; the plugin reads the same file.
PACKAGES = tuple(json.loads((RESOURCES / "runtime.json").read_text("utf-8"))["packages"])


def versions() -> dict[str, object]:
    """Return the versions in this environment by name; None for a package that is missing.

    Imports onnxruntime only, for its execution providers. Raises nothing.
    """
    found: dict[str, object] = {"python": platform.python_version()}
    for package in (*PACKAGES, "torch"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    try:
        runtime = importlib.import_module("onnxruntime")
        found["onnxruntime"] = runtime.__version__  # onnxruntime-gpu is another distribution
        found["providers"] = runtime.get_available_providers()
    except Exception:  # a broken installation fails in any way
        found["providers"] = []
    return found


def software() -> dict[str, str]:
    """Return the versions of KSDiff, Python, the installed packages and GDAL by name."""
    gdal = importlib.import_module("rasterio").__gdal_version__
    here = {name: text for name, text in versions().items() if isinstance(text, str)}
    return {"ksdiff": __version__, **here, "gdal": gdal}
