# SPDX-License-Identifier: GPL-2.0-or-later
"""The small networks that the tests of the core use."""

from tests.core.conftest import small_model, small_network, small_operator, small_srino

__all__ = ["small_model", "small_network", "small_operator", "small_srino"]
