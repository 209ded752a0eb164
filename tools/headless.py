# SPDX-License-Identifier: GPL-2.0-or-later
"""Start QGIS in scripts, without windows, with temporary settings."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def qgis() -> Iterator[Any]:
    """Start QGIS and Processing; yield the application."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QGIS_CUSTOM_CONFIG_PATH"] = folder
        os.environ["KSDIFF_QGIS_HOME"] = folder  # no user's models
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from qgis.core import QgsApplication

        application = QgsApplication([], False, folder)
        application.initQgis()
        sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
        from processing.core.Processing import Processing

        Processing.initialize()
        try:
            yield application
        finally:
            Processing.deinitialize()
            application.exitQgis()
