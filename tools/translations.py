# SPDX-License-Identifier: GPL-2.0-or-later
"""Update the translations to the texts of the plugin and of reports, and compile them.

The plugin reads the .qm; the worker, which has no Qt, a .json of the texts that it tells itself.

Qt's own tool for Python takes the context of a text from its class and does not know a function
`tr`; here all texts have one context. Existing translations are kept, those of removed texts are
dropped.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

# The checkout has to be found first.
from core.language import texts_of_template  # noqa: E402
from ksdiff_qgis.runtime import worker_translation  # noqa: E402
from tools.headless import qgis  # noqa: E402

FOLDER = ROOT / "resources" / "i18n"
CONTEXT = "KSDiff"
LANGUAGES = ("de",)
MARKS = ("say", "later")  # of `core.language`


def constants(tree: ast.Module) -> dict[str, str]:
    """Return the string constants of a module by name."""
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def marked_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of every `tr("...")`, `later("...")`, or `tr(NAME)` of a constant.

    Raises
    ------
    SystemExit : a composed text, which cannot be translated. `tr` of a variable is allowed in the
        algorithms, see `algorithm_texts`, and in the runtime, which marks its texts by `later`.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = constants(tree)
    tables = path.parent.name in ("algorithms", "runtime")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("tr", "later"):
            continue
        text = node.args[0]
        own = named.get(getattr(text, "id", ""))
        if isinstance(text, ast.Constant) or own:
            yield node.lineno, own or str(text.value)
        elif not tables or isinstance(text, (ast.BinOp, ast.JoinedStr)):
            raise SystemExit(f"{path}:{node.lineno}: tr() takes a text, nothing made of texts")


def algorithm_texts() -> Iterator[tuple[str, str]]:
    """Yield file and text of everything that the algorithms pass to `tr`. Needs QGIS."""
    from ksdiff_qgis import language
    from ksdiff_qgis.provider import Provider

    recorded: list[str] = []

    class Recorder:
        @staticmethod
        def translate(_context: str, text: str) -> str:
            recorded.append(text)
            return text

    original = language.QCoreApplication
    language.QCoreApplication = Recorder
    try:
        provider = Provider()
        provider.loadAlgorithms()
        for algorithm in provider.algorithms():
            recorded += [algorithm.displayName(), algorithm.group(), algorithm.shortDescription()]
            algorithm.tags()
            file = algorithm.__module__.replace(".", "/") + ".py"
            yield from ((file, text) for text in recorded if text)
            recorded.clear()
    finally:
        language.QCoreApplication = original


def worker_texts() -> dict[str, str]:
    """Return every text that the worker itself translates, and its file."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in MARKS:
                continue
            text = node.args[0]
            if isinstance(text, ast.Constant):
                found.setdefault(str(text.value), path.relative_to(ROOT).as_posix())
            elif isinstance(text, (ast.BinOp, ast.JoinedStr)):
                raise SystemExit(f"{path}:{node.lineno}: say() takes a text, nothing made of texts")
    for path in sorted((ROOT / "resources" / "report").glob("*.html")):
        for each in texts_of_template(path.read_text(encoding="utf-8")):
            found.setdefault(each, path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "resources" / "sensors").glob("*.json")):
        source = json.loads(path.read_text(encoding="utf-8"))["mtf_source"]
        found.setdefault(source, path.relative_to(ROOT).as_posix())
    for each in worker_translation.error_texts():
        found.setdefault(each, "resources/errors.json")
    return found


def texts() -> dict[str, str]:
    """Return every text of the plugin and a file that has it, in the order of the files."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "ksdiff_qgis").rglob("*.py")):
        for _line, text in sorted(marked_texts(path)):
            found.setdefault(text, path.relative_to(ROOT).as_posix())
    for file, text in algorithm_texts():
        found.setdefault(text, file)
    for text in (*worker_translation.SENTENCES, *worker_translation.HEADS):
        found.setdefault(text, "resources/worker_sentences.json")
    found |= {text: file for text, file in worker_texts().items() if text not in found}
    return dict(sorted(found.items(), key=lambda item: (item[1], list(found).index(item[0]))))


def translated(path: Path) -> dict[str, str]:
    """Read a .ts: text -> translation, "" if there is none yet."""
    if not path.is_file():
        return {}
    # A file of this project without entities.
    messages = ElementTree.parse(path).getroot().iter("message")
    return {
        message.findtext("source", ""): message.findtext("translation", "") for message in messages
    }


def document(language: str, sources: dict[str, str], known: dict[str, str]) -> str:
    """Return the content of a .ts."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for text, file in sources.items():
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "location", filename=f"../../{file}")
        ElementTree.SubElement(message, "source").text = text
        translation = ElementTree.SubElement(message, "translation")
        translation.text = known.get(text, "")
        if not translation.text:
            translation.set("type", "unfinished")
    ElementTree.indent(root, "  ")
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n'


def update(language: str, sources: dict[str, str]) -> int:
    """Write the files of a language; return the number of texts without a translation."""
    path = FOLDER / f"ksdiff_{language}.ts"
    known = translated(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document(language, sources, known), encoding="utf-8")
    lrelease = shutil.which("lrelease")
    if lrelease is None:
        raise SystemExit("lrelease is not installed (package qttools5-dev-tools)")
    target = path.with_suffix(".qm")
    subprocess.run([lrelease, "-silent", str(path), "-qm", str(target)], check=True)
    told = {text: known[text] for text in worker_texts() if known.get(text)}
    content = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    path.with_suffix(".json").write_text(content, encoding="utf-8")
    return sum(not known.get(text) for text in sources)


def main() -> int:
    with qgis():
        sources = texts()
    for language in LANGUAGES:
        missing = update(language, sources)
        print(f"ksdiff_{language}: {len(sources)} texts, {missing} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
