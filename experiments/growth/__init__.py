# SPDX-License-Identifier: GPL-2.0-or-later
"""Time and memory of SRINO's operator over the size of the image, against softmax attention."""
