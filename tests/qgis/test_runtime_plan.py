# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be installed: sizes, GPUs, requirements, settings of pip, proxy, self-test."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from qgis_helpers import ROOT, fails

from ksdiff_qgis import paths
from ksdiff_qgis.runtime import install_plan, sizes
from ksdiff_qgis.runtime.environments import requirements_path
from ksdiff_qgis.runtime.errors import Kind
from ksdiff_qgis.runtime.worker_run import self_test_problem

MODERN, OLD = sizes.Gpu("a", "590.1", (9, 0)), sizes.Gpu("b", "470.1", (9, 0))


@pytest.fixture
def machine(monkeypatch):
    """Pretend to be on another platform, with GPUs."""

    def pretend(platform, *gpus):
        monkeypatch.setattr(sizes, "platform_name", lambda *_: platform)
        monkeypatch.setattr(sizes, "find_gpus", lambda: list(gpus))

    return pretend


@pytest.mark.parametrize(
    ("platform", "gpus", "names"),
    [
        ("linux-x86_64", [], ["light", "full"]),
        ("linux-x86_64", [OLD], ["light", "full"]),
        ("linux-x86_64", [OLD, MODERN], ["light", "full", "gpu"]),
        ("windows-x86_64", [], ["light", "full"]),
        ("macos-arm64", [MODERN], ["light", "full"]),
        ("macos-x86_64", [], ["light"]),
        ("linux-riscv64", [], []),
    ],
)
def test_sizes_depend_on_platform_and_gpu(machine, platform, gpus, names):
    machine(platform, *gpus)
    assert [size.name for size in sizes.available()] == names
    for name in set(sizes.NAMES) - set(names):
        kind = Kind.NO_DEVICE if (name, bool(names)) == ("gpu", True) else Kind.WHEEL
        with fails(kind) as caught:
            install_plan.make_plan(name)
        assert OLD not in gpus or OLD.driver in caught.value.message


def test_sizes_grow(machine):
    machine("linux-x86_64")
    light, full = sizes.available()
    assert 50 < light.download_mb < light.disk_mb < full.disk_mb
    assert full.download_mb < 1000, "PyTorch with CUDA"
    assert urlsplit(paths.torch_cpu_page()).hostname in full.note


def test_platform_names():
    assert sizes.platform_name("linux", "aarch64") == "linux-aarch64"
    assert sizes.platform_name("win32", "AMD64") == "windows-x86_64"
    assert sizes.platform_name("win32", "ARM64") == "windows-aarch64"
    assert sizes.platform_name("darwin", "arm64") == "macos-arm64"


def test_output_of_nvidia_smi_is_parsed():
    text = (
        "NVIDIA GeForce RTX 3060, 590.44.01, 8.6\n"
        "Tesla P100-PCIE-16GB, 580.65.06, 6.0\n"
        "Quadro, 535.183.01, 7.5\n"
        "[N/A], [N/A]\nNVIDIA-SMI has failed because it couldn't communicate with the driver\n"
        "x, y, 8\nNo devices were found\n"
    )
    modern, old_card, old_driver = sizes.parse_gpus(text)
    assert modern == sizes.Gpu("NVIDIA GeForce RTX 3060", "590.44.01", (8, 6))
    assert modern.problem == ""
    assert "6.0" in old_card.problem and "535.183.01" in old_driver.problem


# --- requirements ---


@pytest.mark.parametrize("name", sizes.NAMES)
def test_requirements_have_hashes_and_what_the_worker_needs(name):
    text = requirements_path(name).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.+]+ ", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block
    names = set(re.findall(r"(?m)^([\w.-]+)==", text))
    wanted = set(json.loads((ROOT / "resources" / "runtime.json").read_text())["packages"])
    own = "onnxruntime-gpu" if name == "gpu" else "onnxruntime"
    assert wanted - {"onnxruntime"} <= names
    assert {"onnxruntime", "onnxruntime-gpu"} & names == {own}
    assert ("torch" in names) == ("matplotlib" in names) == (name != "light")
    assert any(n.startswith("nvidia-") for n in names) == (name == "gpu")
    version = re.search(r'"torch==([\d.]+)"', (ROOT / "pyproject.toml").read_text())[1]
    assert name == "light" or f"\ntorch=={version} " in text


def test_full_takes_pytorch_for_the_cpu_on_linux_for_every_python():
    """One file for each Python from 3.10 to 3.14, on x86-64 and aarch64."""
    text = requirements_path("full").read_text(encoding="utf-8")
    version = re.search(r'"torch==([\d.]+)"', (ROOT / "pyproject.toml").read_text())[1]
    of = [b for b in re.split(r"\n(?=\S)", text) if b.startswith("torch==")]
    elsewhere, linux = sorted(of)
    assert elsewhere.startswith(f"torch=={version} ; sys_platform != 'linux' ")
    assert linux.startswith(f"torch=={version}+cpu ; sys_platform == 'linux' ")
    assert len(set(re.findall(r"sha256:(\w+)", linux))) >= 10


# --- proxy, settings of pip ---


@pytest.mark.parametrize(
    ("proxy", "address"),
    [
        (("http", "proxy.example", 3128, "", ""), "http://proxy.example:3128"),
        (("http", "p", 80, "DOM\\me", "a:b@c/d"), "http://DOM%5Cme:a%3Ab%40c%2Fd@p:80"),
        (("http", "p", 80, "me", ""), "http://me@p:80"),
        (("socks5h", "p", 0, "", ""), "socks5h://p"),
        (("", "p", 80, "", ""), None),
        (("http", "", 80, "", ""), None),
    ],
)
def test_variables_of_the_proxy(proxy, address):
    names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy") if address else ()
    assert install_plan.proxy_variables(*proxy) == dict.fromkeys(names, address)


def test_excluded_addresses_become_hosts():
    urls = ["https://mirror.example:8443/simple", "intra.example/a", " ", "http://[", "10.0.0.1"]
    found = install_plan.proxy_variables("http", "p", 0, "", "", urls)
    assert found["NO_PROXY"] == found["no_proxy"] == "mirror.example,intra.example,10.0.0.1"


def test_settings_of_pip_apply_and_those_of_qgis_do_not():
    kept = {"PIP_INDEX_URL": "https://a.example", "UV_INDEX_URL": "https://b.example"}
    removed = {"PIP_TARGET": "/x", "pip_user": "1", "PYTHONHOME": "/qgis", "GDAL_DATA": "/qgis"}
    given = {**kept, **removed, "HTTPS_PROXY": "http://old"}
    proxy = install_plan.proxy_variables("http", "new", 1, "", "", ["a.example"])
    found = install_plan.installer_variables(given, proxy)
    assert kept.items() <= found.items() and not set(removed) & set(found)
    assert (found["HTTPS_PROXY"], found["NO_PROXY"]) == ("http://new:1", "a.example")
    assert install_plan.installer_variables(given, {})["HTTPS_PROXY"] == "http://old"


def test_settings_of_pip_are_found_in_variables_and_files(tmp_path):
    assert install_plan.pip_has_index_settings({"PIP_INDEX_URL": "https://mirror.example"})
    system = any(path.is_file() for path in map(Path, ("/etc/pip.conf", "/etc/xdg/pip/pip.conf")))
    nothing = {"PIP_NO_COLOR": "1", "HOME": str(tmp_path)}
    assert install_plan.pip_has_index_settings(nothing) == system
    config = tmp_path / ".config" / "pip" / "pip.conf"
    config.parent.mkdir(parents=True)
    config.touch()
    assert install_plan.pip_has_index_settings(nothing)


# --- the self-test ---

CPU = {"device": "cpu", "ran": "cpu", "passed": True}
CUDA = {"device": "cuda", "ran": "cuda", "passed": True}
TORCH = {"version": "2", "devices": ["cpu", "cuda"]}


@pytest.mark.parametrize(
    ("devices", "others", "gpu", "problem"),
    [
        ([CPU], {}, False, None),
        ([CPU, CUDA], {"torch": TORCH}, True, None),
        ([], {}, False, "cpu"),
        ([{**CPU, "passed": False}], {}, False, "cpu"),
        ([CPU], {"raster": False}, False, ""),
        ([CPU], {"torch": {"devices": [], "reason": "no c10.dll"}}, False, "no c10.dll"),
        ([CPU], {"torch": TORCH}, True, "onnxruntime"),
        ([CPU, {**CUDA, "ran": "cpu", "passed": False}], {"torch": TORCH}, True, ""),
        ([CPU, CUDA], {}, True, "PyTorch"),
    ],
)
def test_problems_of_the_self_test(devices, others, gpu, problem):
    tested = {"devices": devices, "raster": True, "torch": None, **others}
    found = self_test_problem(tested, gpu, "linux-x86_64")
    assert bool(found) == (problem is not None)
    assert (problem or "") in found
    if problem == "PyTorch":  # which on Windows needs no CUDA
        assert self_test_problem(tested, gpu, "windows-x86_64") == ""
