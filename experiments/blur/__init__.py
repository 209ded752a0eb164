# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether SRINO's f_KE tells how a scene was blurred."""
