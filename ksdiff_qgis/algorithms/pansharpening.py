# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the pansharpening algorithms: a PAN and an MS to a sharpened raster."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from osgeo import gdal
from qgis.core import QgsProcessingFeedback, QgsProcessingParameterExtent

from .. import compat
from ..language import tr
from ..layers.geometry import data_bands, extent_in
from ..layers.result import ResultLayer
from ..layers.sources import data_type
from . import creation_options, methods, reading, run_estimate
from . import parameters as p
from .align import project_layer
from .pair_algorithm import PairAlgorithm
from .run_estimate import Estimate
from .values import Values
from .worker_algorithm import Outputs, Result

_TYPES = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "float32": gdal.GDT_Float32,
}


class PansharpeningAlgorithm(PairAlgorithm):
    """Sharpen a pair in the worker; a subclass adds the methods it offers.

    `of_one_pan` are the parameters that have no meaning if each band of MS gets its own PAN.
    """

    of_one_pan: ClassVar[tuple[str, ...]] = (p.TEST_REPORT,)
    task = "pansharpen"
    destinations: ClassVar[dict[str, str]] = {"out": p.OUTPUT, "report": p.TEST_REPORT}
    numbers: ClassVar[Outputs] = {
        "RATIO": ("ratio", "Ratio of the pixel sizes"),
        "TILES": ("tiles", "Number of tiles"),
        "SECONDS": ("seconds", "Run time (s)"),
        "ALIGN_ROWS": ("align_rows", "Shift correction of MS, rows up (PAN pixels)"),
        "ALIGN_COLUMNS": ("align_columns", "Shift correction of MS, columns left (PAN pixels)"),
        "ERGAS": ("", "ERGAS of the method used, in the comparison"),
        "SAM": ("", "SAM of the method used, in the comparison (degrees)"),
        "TEST_PIXELS": ("", "MS pixels compared"),
    }
    texts: ClassVar[Outputs] = {
        "METHOD_USED": ("", "Method used"),
        "METHOD_REASON": ("", "Reason for the method"),
        "SENSOR_USED": ("sensor", "Sensor (MTF) used"),
        "WINNER": ("", "Method selected by 'auto'"),
        "BEST_CLASSICAL": ("", "Best classical method of the comparison"),
        "SCENE_TEST_TABLE": ("", "Scores of the comparison (JSON)"),
    }

    def method_request(self, values: Values) -> dict[str, Any]:
        """Return the fields of the request that describe the method; for the subclass."""
        raise NotImplementedError

    def pan_problem(self, values: Values) -> str:
        if not values.flag(p.PAN_FROM_BANDS):
            return super().pan_problem(values)
        pan = values.layer(p.PAN)
        if len(data_bands(pan)) < 2:
            return tr("PAN cannot be made from the bands of '{}': it has only one.").format(
                pan.name()
            )
        given = [name for name in (p.PAN_BAND, *self.of_one_pan) if values.given(name)]
        if given:
            title = self.parameterDefinition(given[0]).description()
            return tr(
                "'{}' cannot be used if each band of MS gets its own PAN: leave it empty."
            ).format(title)
        return ""

    def options_problem(self, values: Values) -> str:
        try:
            options = creation_options.parse(values.text(p.CREATION_OPTIONS))
        except ValueError as error:
            return tr("Creation options are written NAME=VALUE, not '{}'.").format(error)
        if values.given(p.PRODUCT):  # its type is not known here; the worker tries the options
            return ""
        written, bands = self._type_written(values), min(self.ms_band_counts(values))
        return creation_options.problem(options, written, bands, values.flag(p.COG))

    def request(self, values: Values) -> dict[str, Any]:
        # Of a product's PAN only the worker knows the CRS.
        pan = None if values.given(p.PRODUCT) else values.layer(p.PAN)
        extent = values.extent(p.EXTENT, pan)
        corners = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
        kind = values.text(p.OUTPUT_TYPE)
        return {
            **super().request(values),
            **self._method(values),
            "extent": None if extent.isEmpty() else corners,
            "extent_crs": None if pan else values.extent_crs(p.EXTENT),
            "output_nodata": values.decimal_or_none(p.OUTPUT_NODATA),
            "output_type": None if kind == p.INPUT_TYPE else kind,
            "creation_options": creation_options.parse(values.text(p.CREATION_OPTIONS)),
            "cog": values.flag(p.COG),
            "overviews": values.text(p.OVERVIEWS),
            "unseen_bands": values.text(p.UNSEEN_BANDS),
            "pan_from_bands": values.flag(p.PAN_FROM_BANDS),
            "align": values.flag(p.ALIGN),
            "tile": values.integer(p.TILE),
        }

    def _method(self, values: Values) -> dict[str, Any]:
        method = {"scene_test": False, **self.method_request(values)}
        # The report, also a temporary one, needs the comparison.
        method["scene_test"] |= values.given(p.TEST_REPORT)
        return method

    def expected(self, values: Values) -> Estimate:
        """Estimate a run. Raises QgsProcessingException if a layer is missing."""
        pan, ms = values.layer(p.PAN), values.layer(p.MS)
        area, of_ms = pan.extent(), extent_in(ms, pan.crs())
        given = values.extent(p.EXTENT, pan)
        for part in (of_ms, None if given.isEmpty() else given):
            area = area.intersect(part) if part is not None else area
        pixel = pan.extent().width() * pan.extent().height() / (pan.width() * pan.height())
        bands = min(self.ms_band_counts(values))
        pixels = round(area.width() * area.height() / pixel)
        kind = run_estimate.Kind.of(self._method(values), self._has_spread(values.parameters))
        size = gdal.GetDataTypeSize(self._type_written(values)) // 8
        return run_estimate.estimate(kind, pixels, bands, size)

    def _has_spread(self, given: Mapping[str, Any]) -> bool:
        """Return whether a file for the spread is given, of the parameters or of paths by name."""
        return bool(given.get(self.destinations.get("spread", "")))

    def _type_written(self, values: Values) -> int:
        """Return GDAL's type of the result."""
        ms, kind = values.layer(p.MS), values.text(p.OUTPUT_TYPE)
        of_ms = values.integers(p.MS_BANDS) or data_bands(ms)
        return int(_TYPES.get(kind) or data_type(ms, of_ms))

    def compares_methods(self) -> bool:
        asked = self.sent
        selects = asked["method"] in (methods.AUTO, methods.CLASSICAL_AUTO)
        return bool(asked["scene_test"] or selects) and not asked["pan_from_bands"]

    def result_layers(self, values: Values) -> Mapping[str, ResultLayer]:
        pan, ms = self.pair(values)
        bands = values.integers(p.MS_BANDS)
        known = None if values.given(p.PRODUCT) else project_layer(ms, values.context)
        if known is not None:
            self.compare_id = known.id()
        like = known or ms
        return {p.OUTPUT: self.image(values, like, bands, tr(p.OUTPUT_NAME), (pan, like))}

    def outputs(self, result: Result, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        kind = run_estimate.Kind.of(self.sent, self._has_spread(self._paths))
        run_estimate.record(kind, result)
        method = str(result.get("method") or "")
        test = result.get("scene_test") or {}
        # A scene that is too small for a fit is sharpened by another method.
        used = str(result.get("used") or method)
        label = methods.label(used)
        reason = self._reason(method, test)
        if used != method:
            reason = tr("A fit cannot be made on this scene; see the log.")
        self.message = tr("Sharpened by {}.").format(label)
        sentences = f"{self.message} {reason}"
        if result.get("back_projection"):
            passes = tr("Passes of back-projection: {}.").format(result["back_projection"])
            sentences = f"{sentences} {passes}"
        feedback.pushInfo(sentences)
        self.outcome = sentences
        layer = self._result_layers[p.OUTPUT]
        layer.label = label
        layer.abstract = f"{sentences} {test.get('sentence') or ''}".strip()
        return {
            **super().outputs(result, feedback),
            "METHOD_USED": used,
            "METHOD_REASON": reason,
            **_comparison_outputs(test, method),
        }

    def _reason(self, method: str, test: Mapping[str, Any]) -> str:
        """Return why the method was used, as a sentence."""
        if self.sent["method"] not in (methods.AUTO, methods.CLASSICAL_AUTO):
            return tr("It was chosen by the user.")
        if not test:
            return tr("The methods could not be compared on this scene; see the log.")
        if method != test.get("winner"):
            return tr("{} was selected, but cannot be used; see the log.").format(
                methods.label(test.get("winner"))
            )
        return tr("It had the lowest expected error on this scene.")


def _comparison_outputs(test: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Return the outputs of the comparison, whose rows are sorted by error, the best first."""
    rows: Sequence[Mapping[str, Any]] = test.get("rows") or []
    used = next((row for row in rows if row["method"] == method), {})
    classical = (row["method"] for row in rows if methods.sharpens_classically(row["method"]))
    return {
        "ERGAS": used.get("ERGAS"),
        "SAM": used.get("SAM"),
        "TEST_PIXELS": test.get("pixels"),
        "WINNER": test.get("winner"),
        "BEST_CLASSICAL": next(classical, None),
        "SCENE_TEST_TABLE": json.dumps(rows) if rows else None,
    }


def output_parameters() -> list[p.Parameter]:
    """Return the parameters of the extent, the format of the result, and the files to write."""
    return [
        p.create(
            QgsProcessingParameterExtent,
            p.EXTENT,
            "Extent",
            "Sharpen only this part, extended to whole PAN pixels.",
            advanced=True,
            optional=True,
        ),
        *_format_parameters(),
        p.added_later(
            p.flag(
                p.PAN_FROM_BANDS,
                "Make PAN of its bands (Sentinel-2)",
                "For sensors without PAN: give a raster of several fine bands as PAN, such as the "
                "10 m bands of Sentinel-2. Each band of MS is sharpened by a PAN made of them.",
            )
        ),
        p.added_later(
            p.choice(
                p.UNSEEN_BANDS,
                "Bands that PAN does not see",
                "Bands whose detail PAN hardly explains, such as SWIR and thermal: 'fit' sharpens "
                "them as the method does, 'gentle' by half of that, 'interpolate' not at all. The "
                "log names them.",
                ("fit", "gentle", "interpolate"),
                "fit",
                titles={
                    "fit": "As the method does",
                    "gentle": "Half of the detail",
                    "interpolate": "Interpolation only",
                },
            )
        ),
        p.raster_output(
            p.OUTPUT, p.OUTPUT_NAME, "GeoTIFF with the grid of PAN and the bands of MS."
        ),
        p.file_output(
            p.TEST_REPORT,
            "Comparison report",
            "HTML page with the methods compared on this scene, the number of pixels and the "
            "scores. Switches the comparison on.",
            default=False,
        ),
    ]


def output_type() -> p.Parameter:
    """Return the data type of results."""
    return p.as_advanced(
        p.choice(
            p.OUTPUT_TYPE,
            "Output data type",
            "'input' keeps the type of MS. Values are rounded and clipped.",
            p.OUTPUT_TYPES,
            p.INPUT_TYPE,
            titles={p.INPUT_TYPE: "As MS"},
        )
    )


def _format_parameters() -> list[p.Parameter]:
    """Return the parameters of the format of the result, and of reading the pair."""
    options = p.string(
        p.CREATION_OPTIONS,
        "Creation options",
        "GDAL creation options as NAME=VALUE, separated by |; they override the defaults.",
        advanced=True,
        defaultValue="",
    )
    options.setMetadata(compat.raster_options_widget())
    return [
        output_type(),
        reading.nodata(),
        p.number(
            p.OUTPUT_NODATA,
            "No data value of the result",
            "By default that of MS, or else the usual one of the data type.",
            advanced=True,
        ),
        *reading.reading(),
        options,
        p.flag(
            p.COG,
            "Cloud optimized GeoTIFF",
            "Write overviews and a layout for reading over a network.",
            advanced=True,
        ),
        p.added_later(
            p.choice(
                p.OVERVIEWS,
                "Overviews and statistics",
                "Write them into the image, so that QGIS draws it fast; 'auto' does so above "
                "4096 x 4096 pixels.",
                p.WHETHER,
                p.AUTO,
                titles={p.AUTO: "For large images", "yes": "Always", "no": "Never"},
            )
        ),
    ]
