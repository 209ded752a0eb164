# SPDX-License-Identifier: GPL-2.0-or-later
"""PAN and MS of a request as one raster each: from a file, files of bands, or a product."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar

from core.gdal_names import as_called, path_in
from core.products.bands import common_name, in_order
from core.products.delivered import find_image
from core.products.product import Role
from core.raster.stack import stacked
from core.requests.scenes import Align, Pansharpen, Quality, Simulate

log = logging.getLogger(__name__)

Request = TypeVar("Request", Pansharpen, Quality, Simulate, Align)
Others = ParamSpec("Others")
Perform = Callable[Concatenate[Request, Others], dict[str, Any]]


def with_rasters(perform: Perform[Request, Others]) -> Perform[Request, Others]:
    """Decorate a command, so that its request names one raster for each of PAN and MS."""

    @functools.wraps(perform)
    def performed(request: Request, *more: Others.args, **named: Others.kwargs) -> dict[str, Any]:
        with one_raster(request.pan, "PAN") as pan, one_raster(request.ms, "MS") as ms:
            return perform(replace(request, pan=pan, ms=ms), *more, **named)

    return performed


@contextmanager
def one_raster(given: str | tuple[str, ...], role: Role) -> Iterator[str]:
    """Provide the name of one raster: of files of bands, of a product, or of the given file.

    Raises InputError if the files do not fit together, or the product has no such image.
    """
    names = (given,) if isinstance(given, str) else given
    if len(names) > 1:
        layers = in_order(names, role)
        first, *others = (as_called(layer.name) for layer in layers)
        called = ", ".join([first, *(path_in(name).name for name in others)])
        log.info("%s is %s.", role, called)
        with stacked(layers, role, common_name([layer.name for layer in layers]), called) as stack:
            yield stack
        return
    image = find_image(names[0], role)
    if image is None:
        yield names[0]
        return
    files = ", ".join(path_in(layer.name).name for layer in image.layers)
    log.info("%s of %s in %s: %s.", role, image.satellite, image.place.parent, files)
    if image.missing:
        log.warning("%s lacks files of bands: %s.", role, ", ".join(image.missing))
    with stacked(image.layers, role, image.name, names[0], image.tags) as stack:
        yield stack
