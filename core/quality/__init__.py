# SPDX-License-Identifier: GPL-2.0-or-later
"""The quality indices, of whole images and of scenes of any size; no methods and no pages."""
