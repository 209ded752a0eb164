# SPDX-License-Identifier: GPL-2.0-or-later
"""What a learned method can know a scene from: a tile, windows, or the whole image."""
