# SPDX-License-Identifier: GPL-2.0-or-later
"""A finished file replaces its target."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.raster.output_files import put_in_place


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot flush a folder")
def test_a_finished_file_is_on_the_disk_before_it_replaces_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else a power cut could leave an empty target."""
    made, target = tmp_path / "made.tif", tmp_path / "target.tif"
    made.write_bytes(b"new")
    target.write_bytes(b"old")
    flush, inode, seen = os.fsync, made.stat().st_ino, []

    def fsync(handle: int) -> None:
        flush(handle)
        flushed = "file" if os.fstat(handle).st_ino == inode else "folder"
        seen.append((flushed, target.read_bytes()))

    monkeypatch.setattr(os, "fsync", fsync)
    put_in_place(made, target)
    assert seen == [("file", b"old"), ("folder", b"new")]
