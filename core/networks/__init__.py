# SPDX-License-Identifier: GPL-2.0-or-later
"""The networks in torch; no files and no scenes."""
