#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#SBATCH --job-name=ksdiff-collect
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=02:00:00
exec "${KSDIFF_PYTHON:-python3}" -m core collect --job "$1" --part "$SLURM_ARRAY_TASK_ID/$2"
