# SPDX-License-Identifier: GPL-2.0-or-later
"""How well the reduced-resolution test selects a method."""
