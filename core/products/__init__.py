# SPDX-License-Identifier: GPL-2.0-or-later
"""What users give for PAN and MS, made rasters: files of single bands, products as delivered."""
