# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin's own field in Processing's dialogs is made from."""

DIALOG_MODELER, DIALOG_BATCH, DIALOG_STANDARD = "modeler", "batch", "standard"
dialogTypes = {}  # noqa: N816


class WidgetWrapper:
    """A field of a dialog."""
