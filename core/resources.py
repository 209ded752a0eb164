# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths of the data files of the core: beside `core/`, in a checkout and installed."""

from __future__ import annotations

from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
ERRORS = RESOURCES / "errors.json"
MODELS = RESOURCES / "models"
PAIRING = RESOURCES / "pairing.json"
PRODUCTS = RESOURCES / "products.json"
REPORT = RESOURCES / "report"
SENSORS = RESOURCES / "sensors"
SPECTRA = RESOURCES / "spectra.json"
TRANSLATIONS = RESOURCES / "i18n"
