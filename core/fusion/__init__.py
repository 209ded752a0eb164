# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene sharpened in tiles, and which method does it; no indices and no pages."""
