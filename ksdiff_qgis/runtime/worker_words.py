# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's sentences in the language of QGIS: its progress, warnings, and words on pairs.

The worker speaks English, on the command line too. What users always see is translated here, by
the plugin's own table of translations; a sentence that is not listed stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..language import later, tr

# Of the progress. Longer forms come before those that they begin with.
_PROGRESS = (
    later("Starting"),
    later("Preparing"),
    later("Opening the files"),
    later("Looking for pairs"),
    later("Pair {} of {}, {}: {}"),
    later("Comparing PAN and MS"),
    later("Statistics of the scene"),
    later("The scene is known"),
    later("Diffusing the prior, making the kernels"),
    later("Measuring how much detail to add"),
    later("Calibrating on windows of the scene"),
    later("Fitting at reduced resolution"),
    later("Fitting at full resolution"),
    later("Adapting the network to the scene"),
    later("Sharpening"),
    later("Tile {} of {}, step {} of {}"),
    later("Spread, tile {} of {}, step {} of {}"),
    later("Tile {} of {}"),
    later("Spread, tile {} of {}"),
    later("Joining the bands"),
    later("Finishing the file"),
    later("Writing"),
    later("Files"),
    later("Largest value"),
    later("Scores, tile {} of {}"),
    later("PAN and reference, tile {} of {}"),
    later("MS, tile {} of {}"),
)
# Of the log.
_LOG = (
    later("Sensor: {}."),
    later("PAN {} x {}, MS {}, ratio {}, {}."),
    later("Prepared {} in {} s."),
    later("{} will take about {} on this device."),
    later("{} in {} s, {} s of it waiting for the disk."),
    later("Detail added to each band: {}"),
    later("The network was shown {} of the scene, on {}."),
    later("Fitted on {} MS pixels; sharpness of PAN {}."),
    later("{} pixels have no data, {} % of the result."),
    later("{} values ({} %) were clipped to what the file can hold, {} to {}."),
    later("{} tile"),
    later("{} tiles"),
    later("The MS lies {}; it is moved back."),
    later("MS is reprojected from {} to {}."),
    later("Tiles of {} px, since the GPU has the memory for them."),
)
# Warnings.
_WARNINGS = (
    later("{} was not sharpened: {}"),
    later("{} was left out: {}"),
    later("The methods were not compared on this scene: {}"),
    later("The report {} was not written: the methods were not compared."),
    later("The report was not written: {}"),
    later(
        "Only {} % of the result has data; PAN and MS have {} % of it in common, and {} % "
        "with data in both. Check their nodata values, masks and georeference."
    ),
    later(
        "No method comes closer to the reference than interpolation does: PAN and MS may be "
        "displaced against each other, or show different days."
    ),
    later("Nodata {} does not fit the result: {} is written."),
    later(
        "Memory ran out for {} px: going on in parts of {} px, which gives the same result "
        "and takes longer. A smaller tile size avoids this."
    ),
    later(
        "This will take long, about {}. Fewer steps, a smaller extent, no spread, or a GPU "
        "make it shorter; it can be cancelled at any time."
    ),
    later("The method gave no number for {} valid pixels: written as nodata."),
    later("torch finds no working CUDA: the network is fine-tuned on the CPU."),
    later(
        "After {} seconds, {} of {} steps to adapt to the scene were done: with more time the "
        "result does not depend on this machine."
    ),
    later(
        "{} was trained for ratios from {} to {}, this pair has {}: compare the result with a "
        "classical method."
    ),
    later(
        "This scene is too small for a fit ({} x {} MS pixels, or most of them without data): "
        "it is sharpened by {} with back-projection."
    ),
    later(
        "With {} steps, looking at the scene alone takes about {} on this device, and the "
        "tiles come after it. Fewer steps or a GPU make it shorter; it can be cancelled."
    ),
    later(
        "{}: {} % of its pixels are infinite, or as good as that. They are left out as "
        "missing data."
    ),
    later(
        "{}: {} % of its pixels are {}, far from all others, and no file says what that is. "
        "They are left out as missing data."
    ),
    later(
        "{}: {} % of its pixels are {} in a collar or gap, and no file says what that is. "
        "They are left out as missing data."
    ),
    later(
        "{}: {} % of its pixels are {} in areas that end sharply. They stay as data; if they "
        "are not, name {} as nodata."
    ),
    later(
        "The collar or gap of {} stays after all: the image is resampled, and the value is "
        "elsewhere too. Named as nodata it is left out everywhere."
    ),
    later("Only one of {} and {} has a CRS; assuming the same."),
    later("The CRS of {} is no place on Earth; assuming that of {}."),
    later("The creation option {} is of GTiff, not of COG: it is not used."),
    later("The creation options change the values: by {} in RMS, at most by {}, in one tile."),
    later("They also change where there is no data: {} % of the pixels of that tile."),
    later("Interpolated bicubically to the pixels of the finest band ({}): {}."),
    later("{} may be too small for the result."),
    later("{} lacks files of bands: {}."),
    later(
        "PAN and MS have too little in common to be aligned, or lie too far apart: MS stays "
        "where it is."
    ),
    later(
        "The MS lies {}. Detail will not sit on its colours: choose to align it to the PAN "
        "(ALIGN in QGIS, --align at the command line)."
    ),
    later("{} rows further down and {} columns further right than the PAN (PAN pixels)"),
    later("{} rows further down and {} columns further left than the PAN (PAN pixels)"),
    later("{} rows further up and {} columns further right than the PAN (PAN pixels)"),
    later("{} rows further up and {} columns further left than the PAN (PAN pixels)"),
)
# On pairs of a folder.
_PAIRS = (
    later("To sharpen: {} of {}, {} of them doubtful."),
    later("They are a pair by their ground, not by their names."),
    later("They are a pair by their names: where they lie is not known."),
    later("They share {} of the ground."),
    later("PAN is of {}, MS of {}."),
    later("It could also be of a pair with {}."),
    later("{} cannot be opened ({})."),
    later("No PAN was found for it."),
    later("No MS was found for it."),
    later("No PAN was found for its bands; without one, fine bands can stand for it."),
    later("PAN and MS are swapped: the pixels of MS are the smaller ones."),
    later("PAN does not have smaller pixels than MS."),
    later("PAN and MS show different ground."),
    later("They do not fit as PAN and MS."),
    later("Its result would replace that of another pair."),
    later("One of the two is a result of this program."),
    later("{} does not exist."),
)
SENTENCES = (*_PROGRESS, *_LOG, *_WARNINGS, *_PAIRS)
_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")


def in_users_words(text: str) -> str:
    """Translate what the worker said: one of its sentences, or several after one another."""
    found = _translated(text)
    if found is None:
        parts = _NEXT_SENTENCE.split(text)
        found = " ".join(_translated(part) or part for part in parts)
    return found


def _translated(text: str) -> str | None:
    """Translate a sentence and what is named in it; None if it is not known."""
    for sentence, form in _forms():
        match = form.fullmatch(text)
        if match:
            return tr(sentence).format(*(_translated(each) or each for each in match.groups()))
    return None


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the sentences with patterns of what they may look like."""
    return tuple(
        (sentence, re.compile("(.+?)".join(map(re.escape, sentence.split("{}"))), re.DOTALL))
        for sentence in SENTENCES
    )
