# SPDX-License-Identifier: GPL-2.0-or-later
"""Time and memory of whole processes, file to file."""
