# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings that are all empty."""

from typing import Any


class ProcessingConfig:
    settings: dict[str, Any] = {}  # noqa: RUF012
    settingIcons: dict[str, Any] = {}  # noqa: RUF012

    @staticmethod
    def getSetting(_name: str) -> str:
        return ""

    @staticmethod
    def setSettingValue(_name: str, _value: Any) -> None:
        pass


class Setting:
    FILE = "file"
