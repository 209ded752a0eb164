# SPDX-License-Identifier: GPL-2.0-or-later
"""The base of entries in the context menu of the toolbox."""


class ContextAction:
    def __init__(self):
        self.name, self.itemData = None, None
