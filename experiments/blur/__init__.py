# SPDX-License-Identifier: GPL-2.0-or-later
"""Accuracy of the blur that SRINO's f_KE estimates."""
