# SPDX-License-Identifier: GPL-2.0-or-later
"""The quality indices, of whole images and of scenes of any size; no methods and no pages.

`indices` and `q2n` need numpy alone, `whole_image` has all indices of the field's toolbox. A fused
file of any size is assessed by `assess`: `inputs` opens and checks the files, `streaming` and
`no_reference` add up the indices tile by tile, `interpolated_ms` is LMS as those want it,
`consistency` compares with MS at its own resolution, `sharpness` tells whose the detail is,
`overviews` and `closeups` are what a person looks at, `maps` writes maps.
"""
