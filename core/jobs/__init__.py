# SPDX-License-Identifier: GPL-2.0-or-later
"""Sharpening past one machine: a folder of frozen scenes, done part by part and collected.

``plan`` prepares each scene once and freezes it; ``run`` does parts, in any process on any machine
that can read the folder; ``collect`` joins them.
"""
