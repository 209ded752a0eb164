# SPDX-License-Identifier: GPL-2.0-or-later
"""Shapes of the fusion network: quality against speed, as a picture."""
