# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of experiments, whose sentences are not listed with those of the product."""

from __future__ import annotations

from core.errors import InputError, ModelError


def input_error(message: str, remedy: str = "") -> InputError:
    """Return an error in the options or the data of an experiment."""
    return InputError("other", message=message, remedy=remedy)


def model_error(message: str, remedy: str = "") -> ModelError:
    """Return an error for a model that an experiment cannot use."""
    return ModelError("other", message=message, remedy=remedy)
