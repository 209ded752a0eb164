# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:folder`: sharpen the pairs of a folder, or of a table of files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFolderDestination,
)

from ..language import tr
from ..runtime.worker_run import show_table
from . import files, methods, reading
from . import parameters as p
from .pansharpening import output_type
from .toolbox_entry import PANSHARPENING
from .values import Values
from .worker_algorithm import Outputs, Result, RunSummary, WorkerAlgorithm

FOLDER, TABLE = "FOLDER", "TABLE"
DRY_RUN, SKIP_DOUBTFUL = "DRY_RUN", "SKIP_DOUBTFUL"
OUTPUT_FOLDER, SUMMARY = "OUTPUT_FOLDER", "SUMMARY"
_METHODS = (
    methods.AUTO,
    methods.CLASSICAL_AUTO,
    methods.KSDIFF,
    methods.SRINO,
    *methods.CLASSICAL,
)


class FolderAlgorithm(WorkerAlgorithm):
    """Sharpen many pairs in one run of the worker."""

    key = "folder"
    title = "Pansharpen a folder"
    summary = "Sharpens all pairs of a folder, or of a table of files."
    keywords = "pansharpen,pan-sharpening,batch,folder,many,table,csv,resume"
    toolbox_group = PANSHARPENING
    task = "folder"
    destinations: ClassVar[dict[str, str]] = {"csv": SUMMARY, "out_folder": OUTPUT_FOLDER}
    numbers: ClassVar[Outputs] = {
        "PAIRS": ("pairs", "Pairs found"),
        "SHARPENED": ("sharpened", "Pairs sharpened"),
        "THERE": ("there", "Pairs whose result was there already"),
        "FAILED": ("failed", "Pairs that could not be sharpened"),
        "SECONDS": ("seconds", "Run time (s)"),
    }

    def parameters(self) -> list[p.Parameter]:
        return [*_pair_parameters(), *_sharpening_parameters(), *_result_parameters()]

    def problem(self, values: Values) -> str:
        folder, table = values.file(FOLDER), values.file(TABLE)
        if bool(folder) == bool(table):
            return tr("Give a folder of pairs or a table of files, one of the two.")
        if folder and not Path(folder).is_dir():
            return tr("The folder does not exist: {}").format(folder)
        if table and not Path(table).is_file():
            return tr("The table does not exist: {}").format(table)
        summary = values.destination(SUMMARY)
        return files.outputs_problem({"csv": summary}, [table] if table else []) if summary else ""

    def request(self, values: Values) -> dict[str, Any]:
        heights = [values.layer(p.RPC_DEM)] if values.given(p.RPC_DEM) else []
        kind = values.text(p.OUTPUT_TYPE)
        return {
            "data": values.full_path(FOLDER) or values.full_path(TABLE),
            "dry_run": values.flag(DRY_RUN),
            "skip_doubtful": values.flag(SKIP_DOUBTFUL),
            "method": values.text(p.METHOD),
            "adapt": values.integer(p.ADAPT),
            "align": values.flag(p.ALIGN),
            "device": values.text(p.DEVICE),
            "sensor": values.text(p.SENSOR),
            "output_type": None if kind == p.INPUT_TYPE else kind,
            "nodata": values.decimal_or_none(p.NODATA),
            "pan_nodata": values.decimal_or_none(p.PAN_NODATA),
            "nodata_bands": values.text(p.NODATA_BANDS),
            "undeclared_nodata": values.text(p.UNDECLARED_NODATA),
            "rpc_dem": next(iter(self.sources(heights, values)), None),
            "tile": values.integer(p.TILE),
        }

    def cancel_message(self) -> str:
        return tr("Cancelled. Run it again with the same folder for the results to go on.")

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        done, there, failed = (int(result.get(n) or 0) for n in ("sharpened", "there", "failed"))
        self.message = tr("Sharpened: {}; already there: {}; not sharpened: {}.").format(
            done, there, failed
        )
        if self._request["dry_run"]:
            self.message = tr("Pairs found: {}; nothing was sharpened.").format(result["pairs"])
        show_table(feedback, str(result.get("table") or ""))
        (feedback.pushWarning if failed else feedback.pushInfo)(self.message)
        return {**super().outputs(result, feedback), **self._folder()}

    def _summary(self, context: QgsProcessingContext) -> RunSummary:
        return replace(super()._summary(context), folder=self._folder().get(OUTPUT_FOLDER, ""))

    def _folder(self) -> dict[str, str]:
        """Return the folder of the results, if it was made."""
        folder = self._paths[OUTPUT_FOLDER]
        return {OUTPUT_FOLDER: folder} if os.path.isdir(folder) else {}  # noqa: PTH112


def _pair_parameters() -> list[p.Parameter]:
    """Return where pairs are looked for, and which are taken."""
    return [
        p.folder(
            FOLDER,
            "Folder of pairs",
            "Searched with all folders below. PAN and MS are found by their names, ground and "
            "days, and by the metadata of delivered products.",
            optional=True,
        ),
        p.file(
            TABLE,
            "Table of files, instead of a folder",
            "A .csv file with the columns pan, ms and, if wanted, out. File names count from "
            "the folder of the table.",
            tr("Tables") + " (*.csv *.tsv *.txt)",
            optional=True,
        ),
        p.flag(
            DRY_RUN,
            "Only show the pairs",
            "The log and the summary tell the pairs, and what is missing or doubtful about "
            "them; nothing is sharpened.",
        ),
        p.flag(
            SKIP_DOUBTFUL,
            "Leave doubtful pairs out",
            "Such as pairs of different days, or that share only part of their ground.",
        ),
    ]


def _sharpening_parameters() -> list[p.Parameter]:
    """Return how they are sharpened."""
    return [
        p.method_choice(
            _METHODS,
            methods.AUTO,
            "'auto' compares the methods on each scene and uses the one with the lowest "
            "expected error, 'classical' does so among those without a network.",
        ),
        p.with_field(p.adapt(0, tr("For each pair.")), "FineTuning", each=True),
        p.as_advanced(p.align()),
        p.as_advanced(p.device()),
        p.as_advanced(p.sensor()),
        output_type(),
        p.as_advanced(reading.nodata()),
        *reading.reading(),
        p.tile(),
    ]


def _result_parameters() -> list[p.Parameter]:
    """Return what is written."""
    return [
        p.made(
            QgsProcessingParameterFolderDestination,
            OUTPUT_FOLDER,
            "Folder for the results",
            "A result that is there already, made with the same settings of the same files, "
            "is not made again: a run that was stopped goes on.",
        ),
        p.file_output(
            SUMMARY,
            "Summary",
            "A row for each pair: files, state, method and why, seconds, scores, remarks.",
            "CSV (*.csv)",
        ),
    ]
