# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpen a scene tile by tile, and select the method; no indices, no pages."""
