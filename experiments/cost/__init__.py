# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters and multiply-accumulates of each part of a network, and its speed on a device."""
