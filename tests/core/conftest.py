# SPDX-License-Identifier: GPL-2.0-or-later
"""Small networks with random weights, exported as real model files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import pytest
import torch
from hypothesis import HealthCheck, settings

from core.networks.ksdiff import KSDiff, KSDiffConfig
from core.networks.srino import SRINO, SRINOConfig
from training.export import write_model

# A busy machine fails nothing, and every run tries the same examples.
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")
# Small networks gain nothing from several threads, and tests that run at once wait for each other.
# TEST_THREADS asks for more: sums are then made in another order.
torch.set_num_threads(int(os.environ.get("TEST_THREADS", "1")))

SMALL = {
    "unet_dims": (8, 12, 16),
    "unet_depths": (1, 1, 1),
    "plfe_dims": (8, 12, 16),
    "c_z": 16,
    "tokens": 4,
    "denoiser_dim": 16,
    "steps": 20,
    "ddim_steps": 3,
}

SMALL_SRINO = {
    "layers": 2,
    "width": 16,
    "heads": 2,
    "features": 8,
    "residual": 4,
    "hidden": 8,
    "blur_hidden": (8,),
    "sampling": 3,
}

Network = TypeVar("Network", KSDiff, SRINO)


def awake(model: Network) -> Network:
    """With random weights where training starts from zero, so that every part matters."""
    torch.manual_seed(1)
    for parameter in model.parameters():
        if parameter.detach().abs().max() < 0.02:
            torch.nn.init.normal_(parameter, std=0.1)
    return model.eval()


@pytest.fixture(scope="session")
def small_network() -> KSDiff:
    """Any number of bands."""
    torch.manual_seed(0)
    return awake(KSDiff(KSDiffConfig(**SMALL)))


@pytest.fixture(scope="session")
def small_model(small_network: KSDiff, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model file of `small_network`."""
    folder = tmp_path_factory.mktemp("models")
    return write_model(small_network, folder, "small", window=32, training={}).path


@pytest.fixture(scope="session")
def paper_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model bound to four bands, normalised by full scale."""
    torch.manual_seed(0)
    network = awake(KSDiff(KSDiffConfig(bands=4, **SMALL)))
    folder = tmp_path_factory.mktemp("models")
    return write_model(network, folder, "paper4", window=32, training={}, scale=2047.0).path


@pytest.fixture(scope="session")
def small_operator() -> SRINO:
    """Any number of bands."""
    torch.manual_seed(0)
    unet = {"unet_dims": (8, 12, 16), "unet_depths": (1, 1, 1)}
    return awake(SRINO(SRINOConfig(**SMALL_SRINO, **unet, stride=2, scale=1.5)))


@pytest.fixture(scope="session")
def small_srino(small_operator: SRINO, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model file of `small_operator`."""
    folder = tmp_path_factory.mktemp("models")
    return write_model(small_operator, folder, "small-srino", window=32, training={}).path


@pytest.fixture(scope="session")
def paper_srino(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SRINO bound to four bands, normalised by full scale."""
    torch.manual_seed(0)
    network = awake(SRINO(SRINOConfig(bands=4, **SMALL_SRINO)))
    folder = tmp_path_factory.mktemp("models")
    return write_model(network, folder, "paper-srino", window=32, training={}, scale=2047.0).path
