# SPDX-License-Identifier: GPL-2.0-or-later
"""Every method on every scene: where scenes come from, how they are scored, and the tables."""
