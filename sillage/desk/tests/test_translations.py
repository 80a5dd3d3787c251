"""Every text has its French, and what is compiled is what is written.

After a change of texts, from the folder `sillage/` (GNU gettext is needed for this only):

    python -m django makemessages --locale fr --no-location --no-wrap --ignore '*/tests/*'
    (translate what is empty in locale/fr/LC_MESSAGES/django.po, take out what is fuzzy or obsolete)
    msgfmt --check -o locale/fr/LC_MESSAGES/django.mo locale/fr/LC_MESSAGES/django.po

Typography: U+202F before ; ? and !, U+00A0 before a colon, before a unit and inside « ».
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.template import Engine, NodeList
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

import sillage

PACKAGE = Path(sillage.__file__).parent
FOLDER = PACKAGE / "locale" / "fr" / "LC_MESSAGES"
FUNCTIONS = {
    "gettext": 1,
    "gettext_lazy": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": 2,
    "pgettext_lazy": 2,
    "Sentence": 1,
    "Term": 2,
}


@pytest.fixture(scope="module")
def written() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def texts_of_python(source: str) -> Iterator[str]:
    """The msgids that a module asks for, whatever it calls gettext, and those of its sentences."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("django.utils.translation", "sillage.lib.sentences")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            function = names.get(node.func.id, "")
            if function in FUNCTIONS:
                message = node.args[1 if function.startswith(("pgettext", "Term")) else 0]
                assert isinstance(message, ast.Constant), f"line {node.lineno}: a text is not a plain string"
                yield str(message.value)


def nodes_of(nodes: NodeList | list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        for name in {*getattr(node, "child_nodelists", ()), "nodelist"}:
            inner = getattr(node, name, None)
            if inner:
                yield from nodes_of(inner)
        for _, branch in getattr(node, "conditions_nodelists", ()):
            yield from nodes_of(branch)


def texts_of_template(path: Path) -> Iterator[str]:
    """The msgids that a template asks for."""
    engine = Engine.get_default()
    for node in nodes_of(engine.from_string(path.read_text()).nodelist):
        if isinstance(node, TranslateNode):
            literal = node.filter_expression.var
            yield str(literal if isinstance(literal, str) else literal.literal).replace(
                "%", "%%"
            )  # as Django asks for it
        elif isinstance(node, BlockTranslateNode):
            yield node.render_token_list(node.singular)[0]


TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "tests" not in p.parts and "migrations" not in p.parts)


def test_the_extraction_finds_what_is_there() -> None:
    texts = {text for path in TEMPLATES for text in texts_of_template(path)}
    assert {"Skip to content", "Refused:", "Remove %(text)s"} <= texts

    assert list(texts_of_python("from django.utils.translation import pgettext as p\np('c', 'k')")) == ["k"]


@pytest.mark.parametrize("path", [*TEMPLATES, *MODULES], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_text_is_in_the_french_catalogue(path: Path, written: polib.POFile) -> None:
    known = {entry.msgid for entry in written}
    asked = set(texts_of_template(path) if path.suffix == ".html" else texts_of_python(path.read_text()))

    assert asked - known == set()


def test_nothing_in_the_french_catalogue_is_empty_doubtful_or_left_over(written: polib.POFile) -> None:
    assert [e.msgid for e in written.untranslated_entries()] == []
    assert [e.msgid for e in written.fuzzy_entries()] == []
    assert [e.msgid for e in written.obsolete_entries()] == []


def test_the_compiled_catalogue_is_the_written_one(written: polib.POFile) -> None:
    compiled = polib.mofile(str(FOLDER / "django.mo"))

    def contents(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], object]:
        return {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in catalogue}

    assert contents(compiled) == contents(written)


def test_a_translation_keeps_every_placeholder(written: polib.POFile) -> None:
    for entry in written:
        pairs = [(entry.msgstr, entry.msgid)]
        pairs += [(french, entry.msgid_plural if form else entry.msgid) for form, french in entry.msgstr_plural.items()]
        for french, english in pairs:
            if french:
                assert set(re.findall(r"%\(\w+\)", french)) == set(re.findall(r"%\(\w+\)", english)), entry.msgid


def test_french_punctuation_does_not_break_from_its_word(written: polib.POFile) -> None:
    for entry in written:
        for french in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not re.search(r"(?<![\u202f\u00a0])[;?!»]|[ ][:;?!»]|«[^\u00a0\u202f]|'", french), french
