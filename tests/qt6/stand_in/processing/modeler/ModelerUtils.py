# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the models of the user lie."""


class ModelerUtils:
    @staticmethod
    def modelsFolders():
        return []
