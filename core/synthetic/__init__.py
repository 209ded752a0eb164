# SPDX-License-Identifier: GPL-2.0-or-later
"""Synthetic PAN and MS pairs with a known reference."""
