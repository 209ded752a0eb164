# SPDX-License-Identifier: GPL-2.0-or-later
"""`ksdiff:folder`: sharpen the pairs of a folder, or of a table of files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from osgeo import gdal
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFolderDestination,
    QgsProject,
    QgsRasterLayer,
)

from ..language import formatted, later, tr
from ..layers.sources import same_file
from ..layers.style import ImageResult
from ..runtime.environments import SCHEDULER_SETTING
from ..runtime.errors import RunCancelled
from ..runtime.worker_run import show_table
from ..runtime.worker_translation import in_users_words
from . import files, methods, reading, run_estimate
from . import parameters as p
from .pansharpening import output_type
from .toolbox_entry import PANSHARPENING
from .values import Values
from .worker_algorithm import Outputs, Result, RunSummary, WorkerAlgorithm

FOLDER, TABLE = "FOLDER", "TABLE"
DRY_RUN, SKIP_DOUBTFUL, LEAVE_OUT = "DRY_RUN", "SKIP_DOUBTFUL", "LEAVE_OUT"
OUTPUT_FOLDER, SUMMARY, LOAD = "OUTPUT_FOLDER", "SUMMARY", "LOAD_RESULTS"
BETWEEN = "|"  # names of pairs, and files of single bands
READY, THERE, SHARPENED = "ready", "already there", "sharpened"
# What the worker calls the state of a pair -> what the user reads.
_STATES = {
    READY: later("to sharpen"),
    "no pair": later("no pair"),
    "left out": later("left out"),
    SHARPENED: later("sharpened"),
    THERE: later("exists, is kept"),
    "not sharpened": later("cannot be sharpened"),
}
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
    texts: ClassVar[Outputs] = {"ROWS": ("", "Rows of the summary (JSON)")}
    # Set by the plugin where QGIS has windows: adds a result to the project while others are made.
    arrived: ClassVar[Callable[[Arrival], None] | None] = None

    def __init__(self) -> None:
        super().__init__()
        self._load = False
        self._rows: Sequence[Mapping[str, Any]] = ()

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
        kind = values.text(p.OUTPUT_TYPE)
        return {
            "data": values.full_path(FOLDER) or values.full_path(TABLE),
            "dry_run": values.flag(DRY_RUN),
            "skip_doubtful": values.flag(SKIP_DOUBTFUL),
            "leave_out": left_out(values.text(LEAVE_OUT)),
            "method": values.text(p.METHOD),
            "adapt": values.integer(p.ADAPT),
            "align": values.flag(p.ALIGN),
            "device": values.text(p.DEVICE),
            "sensor": values.text(p.SENSOR),
            "output_type": None if kind == p.INPUT_TYPE else kind,
            **reading.request(values, self.sources(values.optional_layer(p.RPC_DEM), values)),
            "tile": values.integer(p.TILE),
            "scheduler": ProcessingConfig.getSetting(SCHEDULER_SETTING) or None,
        }

    def before_work(self, values: Values, feedback: QgsProcessingFeedback) -> None:
        self._load = values.flag(LOAD) and not values.flag(DRY_RUN)

    def on_measurement(self, event: Mapping[str, Any]) -> None:
        """Show a result that the workers of a scheduler have made."""
        if self.arrived is not None and self._load:
            name, label = _named(event)
            folder = self._paths[OUTPUT_FOLDER]
            self.arrived(Arrival(event["out"], name, label, folder, self._group()))

    def cancel_message(self) -> str:
        return tr("Cancelled. Run it again with the same folder for the results to continue.")

    def expected(self, values: Values, sizes: Sequence[Sequence[int]]) -> run_estimate.Estimate:
        """Estimate all results together; `sizes` are columns, rows and bands of each.

        One process makes them all. The size of the files is not estimated.
        """
        kind = self.kind_of_run(self.request(values))
        each = [run_estimate.estimate(kind, w * h, bands, 0) for w, h, bands in sizes]
        memory = max((one.memory for one in each), default=0.0)
        whole = run_estimate.Estimate(sum(one.seconds for one in each), memory, 0.0)
        return replace(whole, runs=each[0].runs, measured_on=each[0].measured_on) if each else whole

    @staticmethod
    def kind_of_run(request: Mapping[str, Any]) -> run_estimate.Kind:
        """Return the kind of the runs, as *KSDiff pansharpening* makes it with its defaults."""
        return run_estimate.Kind.of(
            {**request, "scene_test": request["method"] == methods.AUTO}, False
        )

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        done, there, failed = (int(result.get(n) or 0) for n in ("sharpened", "there", "failed"))
        self.message = tr("Sharpened: {}; already there: {}; not sharpened: {}.").format(
            done, there, failed
        )
        if self.sent["dry_run"]:
            self.message = tr("Pairs found: {}; nothing was sharpened.").format(result["pairs"])
        if done and self._temporary():
            self.message += " " + tr(
                "The results are in a temporary folder, which QGIS deletes when it closes."
            )
        self._rows = result.get("rows") or []
        if self.sent["dry_run"]:
            self._rows = list(_with_sizes(self._rows, feedback))
        for run in result.get("runs") or ():
            took = {"memory": result.get("memory"), **run}
            run_estimate.record(self.kind_of_run(self.sent), took)
        show_table(feedback, _table(self._rows))
        (feedback.pushWarning if failed else feedback.pushInfo)(self.message)
        rows = {"ROWS": json.dumps(self._rows)}
        return {**super().outputs(result, feedback), **rows, **self._folder()}

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self._load:
            self._load_results(context)
        return super().postProcessAlgorithm(context, feedback)

    def _load_results(self, context: QgsProcessingContext) -> None:
        """Have QGIS load the results that are not in the project yet, in a group of their own."""
        project = context.project() or QgsProject.instance()
        known = [layer.source() for layer in project.mapLayers().values()]
        folder = self._paths[OUTPUT_FOLDER]
        for row in self._rows:
            path, (name, label) = row["out"], _named(row)
            if row["state"] not in (SHARPENED, THERE) or any(same_file(path, k) for k in known):
                continue
            details = QgsProcessingContext.LayerDetails(name, project, OUTPUT_FOLDER)
            context.addLayerToLoadOnCompletion(path, details)
            loaded = context.layerToLoadOnCompletionDetails(path)
            result_of_folder(folder, self._group(), label).attach(loaded)

    def _temporary(self) -> bool:
        """Return whether QGIS made the folder of the results, and deletes it when it is closed."""
        return Path(self._paths[OUTPUT_FOLDER]).name == OUTPUT_FOLDER

    def _group(self) -> str:
        """Return the name of the results' group: their folder, or that of the pairs."""
        return Path(self.sent["data"] if self._temporary() else self._paths[OUTPUT_FOLDER]).stem

    def _summary(self, context: QgsProcessingContext) -> RunSummary:
        return replace(super()._summary(context), folder=self._folder().get(OUTPUT_FOLDER, ""))

    def _folder(self) -> dict[str, str]:
        """Return the folder of the results, if it was made."""
        folder = self._paths[OUTPUT_FOLDER]
        return {OUTPUT_FOLDER: folder} if os.path.isdir(folder) else {}  # noqa: PTH112


@dataclass(frozen=True)
class Arrival:
    """A complete result, while others are made; folder and group are those of all results."""

    path: str
    name: str
    label: str
    folder: str
    group: str


def result_of_folder(folder: str, name: str, label: str) -> ImageResult:
    """Return the post-processor of a result in the group of a folder. In the main thread."""
    named = QgsRasterLayer(folder, name, "gdal")  # no layer but a name
    return ImageResult(named, [], "", [named], label, styled=False)


def _named(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of a result in the project, and the label of its method."""
    label = methods.label(row["method"])
    return f"{row['pair']} ({label})", label


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the summary as lines, in columns."""
    heads = (tr("pair"), tr("state"), tr("method"), "ERGAS", tr("seconds"), tr("remark"))
    cells = [
        (
            row["pair"],
            state_in_words(row["state"]),
            methods.label(row["method"]),
            "" if row["ergas"] is None else formatted(row["ergas"], ".4f"),
            "" if row["seconds"] is None else formatted(row["seconds"], ".1f"),
            in_users_words(row["remark"]),
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *cells)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in (heads, *cells)
    )
    return "\n".join(line.rstrip() for line in lines)


def _with_sizes(
    rows: Sequence[Mapping[str, Any]], feedback: QgsProcessingFeedback
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a plan with the size of each result: columns, rows, bands; None: unknown.

    This opens every file, and so belongs into the run's own thread. Raises RunCancelled.
    """
    for row in rows:
        if feedback.isCanceled():
            raise RunCancelled
        pan, ms = (row[name].split(BETWEEN) for name in ("pan", "ms"))
        fine, coarse = _opened(pan[0]), _opened(ms[0])
        size = None
        if fine is not None and coarse is not None:
            bands = len(ms) if len(ms) > 1 else coarse.RasterCount
            size = [fine.RasterXSize, fine.RasterYSize, bands]
        yield {**row, "size": size}


def _opened(name: str) -> gdal.Dataset | None:
    """Return a raster; None for what GDAL alone cannot open, such as a product's metadata."""
    try:
        return gdal.Open(name) if name else None
    except RuntimeError:
        return None


def _pair_parameters() -> list[p.Parameter]:
    """Return the parameters that find and choose the pairs."""
    return [
        p.folder(
            FOLDER,
            "Folder of pairs",
            "Searched including subfolders. PAN and MS are matched by name, ground and date, "
            "and by the metadata of delivered products.",
            optional=True,
        ),
        p.file(
            TABLE,
            "Table of files, instead of a folder",
            "A .csv file with the columns pan, ms and, optionally, out. File names are "
            "relative to the folder of the table.",
            tr("Tables") + " (*.csv *.tsv *.txt)",
            optional=True,
        ),
        p.flag(
            DRY_RUN,
            "Only show the pairs",
            "Lists the pairs in the log and the summary, with what is missing or doubtful; "
            "nothing is sharpened.",
            advanced=True,
        ),
        p.flag(
            SKIP_DOUBTFUL,
            "Leave doubtful pairs out",
            "For example images of different days, or that overlap only in part.",
        ),
        p.with_field(
            p.string(
                LEAVE_OUT,
                "Pairs to leave out",
                "Names of pairs as listed by 'Only show the pairs', separated by |. The dialog "
                "shows a table of the pairs to tick instead.",
            ),
            "pairtable.PairTable",
        ),
    ]


def _sharpening_parameters() -> list[p.Parameter]:
    """Return the parameters of the sharpening."""
    return [
        p.method_choice(
            _METHODS,
            methods.AUTO,
            "'auto' compares the methods on each scene and uses the one with the lowest "
            "expected error, 'classical' does so among those without a network.",
        ),
        p.with_field(p.adapt(0, tr("For each pair.")), "fields.FineTuning", each=True),
        p.as_advanced(p.align()),
        p.as_advanced(p.device()),
        p.as_advanced(p.sensor()),
        output_type(),
        reading.nodata(),
        *reading.reading(),
        p.tile(),
    ]


def state_in_words(state: str) -> str:
    """Return the state of a pair for the user."""
    return tr(_STATES.get(state, state))


def left_out(names: str) -> list[str]:
    """Split a list of names of pairs, which are separated by |."""
    return [name.strip() for name in names.split(BETWEEN) if name.strip()]


def _result_parameters() -> list[p.Parameter]:
    """Return the parameters of the results."""
    return [
        p.flag(
            LOAD,
            "Load the results into the project",
            "In a group with the name of the folder for the results.",
            default=True,
        ),
        p.create(
            QgsProcessingParameterFolderDestination,
            OUTPUT_FOLDER,
            "Folder for the results",
            "Existing results of the same files and settings are kept, so a stopped run "
            "continues where it ended.",
        ),
        p.file_output(
            SUMMARY,
            "Summary",
            "One row per pair: files, state, method and reason, seconds, scores, remarks.",
            "CSV (*.csv)",
        ),
    ]
