# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin's own field in Processing's dialogs is made from."""

DIALOG_MODELER = "modeler"
dialogTypes = {}  # noqa: N816


class WidgetWrapper:
    """A field of a dialog."""
