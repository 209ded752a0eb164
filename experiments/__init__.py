# SPDX-License-Identifier: GPL-2.0-or-later
"""Experiments on the methods: not shipped, nothing else imports them."""
