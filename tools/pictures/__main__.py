# SPDX-License-Identifier: GPL-2.0-or-later
"""Take the pictures of docs/images, light and dark, and in German: `python -m tools.pictures`.

Needs QGIS, Xvfb, the worker's environment, and the scene of `make demo`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tools import desktop, package

ROOT = Path(__file__).resolve().parents[2]
SCENE = ROOT / "build" / "demo" / "scene-1024"
IMAGES = ROOT / "docs" / "images"
# Suffix of the pictures -> theme and language of QGIS.
KINDS = {
    "light": ("default", "en"),
    "dark": ("Night Mapping", "en"),
    "de": ("default", "de"),
}
# Of the German ones, those that a page shows.
SHOWN_IN_GERMAN = ("dialog-de.png", "folder-de.png", "result-de.png")
COLOURS = 128
PATIENCE_S = 900  # on a busy machine


def take(suffix: str, home: Path) -> list[Path]:
    """Have QGIS take the pictures of one kind into `home`; returns them."""
    zipped = home / "ksdiff_qgis.zip"
    package.write(ROOT, zipped)
    desktop.install(zipped, home)
    settings = home / "profiles" / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    theme, language = KINDS[suffix]
    text = f"[UI]\nUITheme={theme}\n[locale]\noverrideFlag=true\nuserLocale={language}\n"
    settings.write_text(text, encoding="utf-8")
    pictures, plan = home / "pictures", home / "plan.json"
    pictures.mkdir()
    pairs = home / "scenes"
    pairs.mkdir()
    for name in ("coast_pan", "coast_ms", "hills_pan", "hills_ms", "town_pan"):
        (pairs / f"{name}.tif").symlink_to(SCENE / f"{name.partition('_')[2]}.tif")
    facts = {
        "pan": str(SCENE / "pan.tif"),
        "ms": str(SCENE / "ms.tif"),
        "output": str(home / "sharpened.tif"),
        "pairs": str(pairs),
        "folder": str(pictures),
        "suffix": suffix,
    }
    plan.write_text(json.dumps(facts), encoding="utf-8")
    os.environ["KSDIFF_PYTHON"] = str(ROOT / ".venv" / "bin" / "python")
    variables = {"PICTURES_PLAN": str(plan), "KSDIFF_QGIS_HOME": str(home / ".ksdiff_qgis")}
    session = Path(__file__).with_name("session.py")
    done = desktop.run(session, home, variables, patience_s=PATIENCE_S)
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-4000:])
    return sorted(pictures.glob("*.png"))


def small(source: Path, target: Path, widest: int = 1000) -> None:
    """Save a picture with few colours, no wider than a page."""
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    if picture.width > widest:
        size = (widest, round(picture.height * widest / picture.width))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> int:
    if desktop.missing() or not SCENE.is_dir():
        raise SystemExit(f"Needed: {desktop.missing() or 'the scene of make demo'}")
    IMAGES.mkdir(parents=True, exist_ok=True)
    for suffix in KINDS:
        with tempfile.TemporaryDirectory(prefix="ksdiff-") as home:
            for picture in take(suffix, Path(home)):
                if suffix != "de" or picture.name in SHOWN_IN_GERMAN:
                    small(picture, IMAGES / picture.name)
    small(ROOT / "build" / "demo" / "before_after.png", IMAGES / "result.png")
    sizes = sum(path.stat().st_size for path in IMAGES.glob("*.png"))
    print(
        f"{IMAGES.relative_to(ROOT)}: {len(list(IMAGES.glob('*.png')))} files, {sizes / 1e6:.1f} MB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
