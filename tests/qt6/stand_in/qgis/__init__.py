# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands for PyQGIS where only Qt matters: Qt 6 is the real one, QGIS answers anything."""
