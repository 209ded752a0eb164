# SPDX-License-Identifier: GPL-2.0-or-later
"""The tasks of training's worker, one module each, see `training.requests`."""
