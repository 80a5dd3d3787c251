"""The documents agree with the code: generated pages are up to date, links lead somewhere, commands exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import sillage
from sillage.front.cli import sillage as program
from sillage.front.ledger_verbs import ledger_verbs
from sillage.front.reference import reference_pages
from sillage.governance.engine.law_reading import shipped_packs

REPOSITORY = Path(sillage.__file__).parents[1]
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```(?:sh|console)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^(?: {4}|\t)(.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages()


def test_every_law_pack_has_a_page_in_both_languages(pages):
    packs = {f"law/{pack}{ending}" for pack in shipped_packs() for ending in ("", ".fr")}
    assert {name for name in pages if name.startswith("law/")} == packs
    assert all(
        f"### {rule.id}" in pages[f"law/{pack.id}{ending}"]
        for pack in shipped_packs().values()
        for rule in pack.rules
        for ending in ("", ".fr")
    )


LAW = [f"law/{pack}{ending}" for pack in shipped_packs() for ending in ("", ".fr")]


@pytest.mark.parametrize(
    "name", ["commands", "enrichers", "errors", "ledger", "metrics", "score", "settings", "themes", *LAW]
)
def test_a_generated_page_is_what_the_code_says(name, pages):
    committed = (REPOSITORY / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert committed == pages[name], "run: sillage reference --write docs/reference"


def test_every_page_is_generated_alike_a_second_time(pages):
    assert reference_pages() == pages


def test_a_verb_that_is_chosen_where_it_is_written_is_found_on_both_ways():
    assert {"catalogue.fetched", "catalogue.fetch_failed"} <= {verb.name for verb in ledger_verbs()}


def test_a_verb_that_is_put_together_is_found_once_for_each_action():
    decided = {verb.name: verb.action for verb in ledger_verbs() if verb.name.startswith("discovery.account_")}
    assert decided == {
        "discovery.account_dismissed": "discovery.dismiss",
        "discovery.account_pinned": "discovery.pin",
        "discovery.account_withdrawn": "discovery.withdraw",
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_link_of_a_document_leads_to_a_file(document):
    links = [link.split("#")[0] for link in LINK.findall(document.read_text(encoding="utf-8"))]
    local = [link for link in links if link and "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_command_of_a_document_exists_with_its_options(document):
    wrong = [line for line in _commands(document.read_text(encoding="utf-8")) if not _exists(line)]
    assert wrong == []


def test_a_command_that_does_not_exist_is_noticed():
    assert _exists("sillage brief shortlist 1 --limit 5")
    assert not _exists("sillage brief rank 1")
    assert not _exists("sillage brief shortlist 1 --most 5")


def _commands(text: str) -> Iterator[str]:
    """Lines of code blocks that call the program, without what comes before it or is piped after it."""
    for line in [*"\n".join(FENCED.findall(text)).splitlines(), *INDENTED.findall(text)]:
        for part in re.split(r"&&|\||;", line.split(" # ")[0]):
            found = re.search(r"(?:^|\s)(sillage [a-z].*)$", part)
            if found:
                yield found[1]


def _exists(line: str) -> bool:
    words = shlex.split(line)[1:]
    command: click.Command | None = program
    while isinstance(command, click.Group):
        if not words:
            return False
        command = command.get_command(click.Context(command), words.pop(0))
    if command is None:
        return False
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    return all(word.split("=")[0] in known for word in words if word.startswith("--"))
