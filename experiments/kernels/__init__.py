# SPDX-License-Identifier: GPL-2.0-or-later
"""What a trained KSDiff gains by the kernels of the scene."""
