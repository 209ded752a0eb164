# SPDX-License-Identifier: GPL-2.0-or-later
"""What is asked of each task: frozen dataclasses of plain values; `core.commands` does it."""
