# SPDX-License-Identifier: GPL-2.0-or-later
"""Model files and the ONNX sessions that run them; no torch and no architecture."""
