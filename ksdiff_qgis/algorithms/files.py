# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that parameters name: scenes to read, outputs to write.

The functions ending in `_problem` return a message, empty if all is well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingOutputLayerDefinition

from ..language import tr
from ..layers.sources import files, same_file

# Suffixes of the test files of PanCollection.
_SAMPLE_SUFFIXES = (".h5", ".mat")
# Suffixes of what the fields of a request write; all others are rasters.
_RASTER_SUFFIXES = (".tif", ".tiff")
_SUFFIXES = {
    "report": (".html", ".htm"),
    "csv": (".csv",),
    "json": (".json",),
    "save_fit": (".json",),
}


def destination_path(value: Any) -> str:
    """Return the file that a destination parameter names; empty for a temporary one.

    Unlike `parameterAsOutputLayer`, this does not register the layer to be loaded, so that checks
    may use it.
    """
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink.staticValue()
    text = "" if value is None else str(value)
    return "" if text.upper() in ("", "TEMPORARY_OUTPUT") else text


def outputs_problem(targets: Mapping[str, str], inputs: Sequence[str]) -> str:
    """Check the files to write: each is writable, and none is an input or another output.

    Parameters
    ----------
    targets : path of each request field.
    inputs : sources of the input layers.
    """
    taken = list(inputs)
    for field, path in targets.items():
        message = output_problem(path, _SUFFIXES.get(field, _RASTER_SUFFIXES), taken)
        if message:
            return message
        taken.append(path)
    return ""


def output_problem(path: str, suffixes: Sequence[str], inputs: Sequence[str]) -> str:
    """Check a file to write: suffix, folder, and that it is no part of an input."""
    if any(same_file(path, each) for each in inputs):
        return tr("The output must not be one of the inputs or other outputs: {}").format(path)
    if Path(path).suffix.lower() not in suffixes:
        return tr("The name of the output must end in {}: {}").format(suffixes[0], Path(path).name)
    if not Path(path).resolve().parent.is_dir():
        return tr("The folder of the output does not exist: {}").format(Path(path).parent)
    # A file that does not exist yet is no part of an input; only rasters can be one.
    for each in inputs if suffixes == _RASTER_SUFFIXES and Path(path).exists() else ():
        if any(same_file(path, name) for name in files(each)):
            return tr("The output must not be a file that an input is read from: {} ({})").format(
                path, each
            )
    return ""


def scenes_problem(path: str) -> str:
    """Check that a path is a folder, or a test file of PanCollection."""
    data = Path(path)
    if data.is_dir() or (data.is_file() and data.suffix.lower() in _SAMPLE_SUFFIXES):
        return ""
    if data.is_file():
        return tr("Scenes are a folder, or a {} file, not {}").format(
            tr(" or ").join(_SAMPLE_SUFFIXES), data.name
        )
    return tr("The folder does not exist: {}").format(path)
