# SPDX-License-Identifier: GPL-2.0-or-later
"""Translate progress, log, tables and errors of the worker, which are English.

Sentences are listed with {} for the facts in them; one that is not listed stays English. Those of
errors are in `resources/errors.json`. Reports and results are not translated here: the worker
writes them in the language of the request (`core/language.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .. import paths
from ..language import later, tr, with_local_point

# Progress. A longer form comes before the one that it begins with.
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
    later("Tile {} of {}"),
    later("Error bar, tile {} of {}"),
    later("Joining the bands"),
    later("Finishing the file"),
    later("Writing"),
    later("Files"),
    later("Largest value"),
    later("Scores, tile {} of {}"),
    later("PAN and reference, tile {} of {}"),
    later("MS, tile {} of {}"),
    later("Testing {} on the scene"),
    later("Loading the network"),
    later("Measuring how long a step takes here"),
    later("Training stage {} of 2, step {} of {}, loss {}"),
    later("Training"),
    later("Measuring the model on what was held out"),
    later("Writing the model"),
    later("Checking the model"),
    later("Reading {}"),
    later("Writing the training set"),
)
# Log.
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
    later("{} bands"),
    later("{} windows"),
    later("{} window"),
    later("{} tiles, {} steps each,"),
    later("{} tile, {} steps each,"),
    later("Sharpening with {}: {}."),
    later("The GPU is not used: {}."),
    later("the installed onnxruntime is one for the CPU"),
    later("onnxruntime could not load its part for CUDA"),
    later("PAN hardly explains the detail of {} (correlation at the resolution of MS); it is {}."),
    later("sharpened as the others (unseen-bands gentle or interpolate is more careful)"),
    later("given {} % of the detail"),
    later("only interpolated"),
    later("To sharpen: {} of {}, {} of them doubtful."),
    later("{}: {}; ready."),
    later("{}: {}; doubtful. {}"),
    later("{}: {}; no pair. {}"),
    later("{}: {}; left out."),
    later("{}: {}; left out. {}"),
    later("{}: {}; already there."),
    later("{}: {}; already there. {}"),
    later("{}: {}; not sharpened. {}"),
)
# Training.
_TRAINING = (
    later("{}: held out"),
    later("{}: to train on"),
    later("Left out: {}"),
    later(
        "A step takes {} s in stage 1 and {} s in stage 2 on this device: {} and {} steps in "
        "about {} minutes."
    ),
    later("On held-out windows, {}: {}"),
    later("Nothing was held out of training: the model has no scores."),
    later("The comparison in use was stopped; the model is written."),
    later("The scenes are too small to hold anything out: the model will have no scores."),
    later("Stopped in stage {} after {} steps; the same run folder goes on from there."),
    later("In use, on {} of ground that it was not trained on, its ERGAS is {}: {}. {}"),
    later("one piece"),
    later("{} pieces"),
    later("{} against {} ({}) and {} against {} ({})"),
    later("{} against {} ({})"),
    later("the scene fit"),
    later("the weights it began with"),
    later("It is better than both there."),
    later("It is better there."),
    later("That is no gain: {} is at least as good."),
    later("That is no gain: {} are at least as good."),
)
# Titles of tables.
_TITLES = (
    later("### {}, {}, {} scene"),
    later("### {}, {}, {} scenes"),
    later("### All at {}: {} over that of a reference, {} sets, {} scenes"),
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
        "This will take long, about {}. Fewer steps, a smaller extent, or a GPU "
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
)
# Heads of tables; a translation must not be longer, or the columns become uneven.
HEADS = (
    later("method"),
    later("error"),
    later("expected"),
    later("reprojected"),
    later("seconds"),
    later("worst"),
    later("lower on"),
    later("to best classical"),
    later("to scene fit"),
)
# Bench: set, resolution, scene, and the progress there.
_WHERE = (later("{}, {}, {}: {}"),)
SENTENCES = (*_PROGRESS, *_LOG, *_TRAINING, *_TITLES, *_WARNINGS, *_WHERE)

_FACT = re.compile(r"\{(\w*)[^{}]*\}")  # a fact in a sentence; those of errors have names
_HEAD = re.compile(rf"( *)(?<![\w-])({'|'.join(HEADS)})(?![\w-])( *(?=\||$)|)")
_NUMBER = re.compile(r"(?<![\w.,])[+-]?\d+\.\d+(?![\w.])")
_ONLY_A_NUMBER = re.compile(rf"{_NUMBER.pattern}(?: ?%| [a-zA-Z]{{1,3}})?")
_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")


def in_users_words(text: str) -> str:
    """Translate a sentence of the worker, or several in a row."""
    found = _translated(text)
    if found is None:
        parts = _NEXT_SENTENCE.split(text)
        found = " ".join(_translated(part) or part for part in parts)
    return found


def table_in_users_words(text: str) -> str:
    """Translate the titles and the heads of a table whose columns are even."""
    lines = (_translated(line) or _HEAD.sub(_in_place, line) for line in text.split("\n"))
    return _NUMBER.sub(lambda number: with_local_point(number[0]), "\n".join(lines))


def _in_place(head: re.Match[str]) -> str:
    """Translate the head of a column, which ends where its numbers do."""
    before, word, behind = head.groups()
    if len(before) > 1:
        return tr(word).rjust(len(before) + len(word)) + behind
    return before + tr(word).ljust(len(word) + len(behind))


def error_in_users_words(code: str, facts: Mapping[str, object]) -> list[str]:
    """Return message and remedy of an error of the worker; empty where they are not translated."""
    told = {
        name: _fact_in_users_words(fact) if isinstance(fact, str) else fact
        for name, fact in facts.items()
    }
    sentences = error_sentences().get(code, ["", ""])
    forms = [tr(sentence) if sentence else "" for sentence in sentences]
    try:
        return [
            "" if form == sentence and _says_something(sentence) else form.format(**told)
            for sentence, form in zip(sentences, forms)
        ]
    except (KeyError, ValueError, TypeError):  # facts of another version
        return ["", ""]


@lru_cache(maxsize=1)
def error_sentences() -> dict[str, list[str]]:
    """Return code -> message and remedy in English, with the facts in braces."""
    found: dict[str, list[str]] = json.loads(paths.ERRORS.read_text(encoding="utf-8"))
    return found


def error_texts() -> list[str]:
    """Return the sentences of errors that have words to translate, not only facts."""
    each = (text for sentences in error_sentences().values() for text in sentences)
    return [text for text in dict.fromkeys(each) if _says_something(text)]


def _says_something(sentence: str) -> bool:
    return bool(re.search("[A-Za-z]{2}", _FACT.sub("", sentence)))


def _translated(text: str) -> str | None:
    """Translate a sentence and the facts in it; None if it is not listed."""
    for sentence, form in _forms():
        match = form.fullmatch(text)
        if match:
            told = [_fact_in_users_words(each) for each in match.groups()]
            return _filled(sentence, told)
    return None


def _fact_in_users_words(text: str) -> str:
    """Translate a fact, or write a number as the locale does."""
    return with_local_point(text) if _ONLY_A_NUMBER.fullmatch(text) else in_users_words(text)


def _filled(sentence: str, told: Sequence[str]) -> str:
    """Translate a sentence and fill in its facts, by name or in turn."""
    named, in_turn = dict(zip(_FACT.findall(sentence), told)), iter(told)
    return _FACT.sub(lambda fact: named[fact[1]] if fact[1] else next(in_turn), tr(sentence))


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the sentences with patterns that match them with any facts."""
    forms = []
    for sentence in (*SENTENCES, *error_texts()):
        words = _FACT.split(sentence)[::2]  # without the names between them
        forms.append((sentence, re.compile("(.+?)".join(map(re.escape, words)), re.DOTALL)))
    return tuple(forms)
