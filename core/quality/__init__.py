# SPDX-License-Identifier: GPL-2.0-or-later
"""Quality indices of whole images and of scenes of any size.

`streaming` has tiles, accumulators, SAM and ERGAS, `q2n` Q2n and UQI; both need numpy alone.
`with_reference` and `no_reference` have the accumulators of all indices, and functions `scores` of
whole arrays.

`assess` assesses a fused file of any size: `inputs` opens and checks the files, `interpolated_ms`
reads LMS, `detail` measures position and sharpness, `overviews` and `maps` make images, `outcome`
holds what was measured. `consistency` compares with MS at its own resolution, also in windows of a
scene at reduced resolution.
"""
