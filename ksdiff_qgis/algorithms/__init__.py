# SPDX-License-Identifier: GPL-2.0-or-later
"""The Processing algorithms, one file each; ids and parameter names never change."""
