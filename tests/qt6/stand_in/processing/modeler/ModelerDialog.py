# SPDX-License-Identifier: GPL-2.0-or-later
"""The window of the model designer, which no test opens."""


class ModelerDialog:
    pass
