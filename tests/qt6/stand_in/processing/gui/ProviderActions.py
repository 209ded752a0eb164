# SPDX-License-Identifier: GPL-2.0-or-later
"""The entries of plugins in the context menu of the toolbox."""

from typing import ClassVar


class ProviderContextMenuActions:
    actions: ClassVar[list] = []

    @staticmethod
    def registerProviderContextMenuActions(actions):
        ProviderContextMenuActions.actions.extend(actions)

    @staticmethod
    def deregisterProviderContextMenuActions(actions):
        for each in actions:
            ProviderContextMenuActions.actions.remove(each)
