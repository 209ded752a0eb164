# SPDX-License-Identifier: GPL-2.0-or-later
"""The windows that calibrate a network: of a tile, all over the scene, or the whole image."""
