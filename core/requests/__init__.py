# SPDX-License-Identifier: GPL-2.0-or-later
"""The requests of all tasks: frozen dataclasses of plain values, which `core.commands` performs."""
