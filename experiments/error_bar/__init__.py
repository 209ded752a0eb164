# SPDX-License-Identifier: GPL-2.0-or-later
"""How many errors the error bar covers, on scenes that have a reference."""
