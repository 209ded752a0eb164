# SPDX-License-Identifier: GPL-2.0-or-later
"""From scenes to a model file. Uses the fusion core; the core never uses it."""
