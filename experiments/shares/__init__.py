# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of the result a network makes, and how much the scene fit."""
