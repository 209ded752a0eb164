# SPDX-License-Identifier: GPL-2.0-or-later
"""What the worker says in English, with {} for what is named; `worker_translation` translates it.

Sentences of errors are in `resources/errors.json`. What is in reports and results as well, the
worker tells in the language of the request itself (`core/language.py`).
"""

from __future__ import annotations

from ..language import later

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
# Of a training.
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
# Heads of tables; a translation that is not longer leaves the columns even.
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
# Of the bench: set, resolution, scene, and what is done there.
_WHERE = (later("{}, {}, {}: {}"),)
SENTENCES = (*_PROGRESS, *_LOG, *_TRAINING, *_TITLES, *_WARNINGS, *_WHERE)
