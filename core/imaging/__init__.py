# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbers on arrays: MTF, resampling and moments of images; no files, no scenes."""
