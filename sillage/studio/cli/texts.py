"""`sillage studio text`: texts on the command line, from an empty page to a deliverable's draft."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, say, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.law_words import change_of
from sillage.studio.actions import texts as actions
from sillage.studio.actions.choices import choose_text, refuse_text
from sillage.studio.actions.releasing import approve_text, ask_text_approval, hand_over
from sillage.studio.engine.brief import LANGUAGES, Kind
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy
from sillage.studio.engine.text_states import TextState
from sillage.studio.models import Text, TextVersion
from sillage.studio.queries.text_checks import Checked, check_words
from sillage.studio.queries.texts import get_text, list_texts, versions_of

BODY = click.option("--body", default=None, help="The words; “-” reads them from standard input.")


def _words(body: str | None) -> str | None:
    return sys.stdin.read() if body == "-" else body


@click.group()
def text() -> None:
    """Texts: begun, kept, checked, chosen, handed over."""


@text.command("list")
@click.option("--state", type=click.Choice([state.value for state in TextState]), default=None)
@click.option("--words", default="", help="In title, words or brief.")
@click.option("--archived", is_flag=True, help="Those that were put away.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@operator
@json_option
def text_list(actor: Actor, state: str | None, words: str, archived: bool, limit: int, as_json: bool) -> None:
    """List texts, the last begun first."""
    found = list_texts(actor.workspace_id, state=state or "", words=words, archived=archived, limit=limit)
    columns = ("id", "title", "kind", "language", "state", "made by", "characters", "comments", "checks", "changed")
    table = [
        (
            *(line.text.pk, line.text.title, line.text.kind, line.text.language, line.text.state),
            *(line.made_by.origin.value, len(line.text.body), line.open_comments, line.open_checks),
            f"{line.text.changed_at:%Y-%m-%d %H:%M}",
        )
        for line in found.items
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in table])
    return show_table("", columns, table, right=("id", "characters", "comments", "checks"))


@text.command("show")
@click.argument("text_id", type=int)
@operator
@json_option
def text_show(actor: Actor, text_id: int, as_json: bool) -> None:
    """A text with its kept versions."""
    found = get_text(actor.workspace_id, text_id)
    versions = versions_of(found)
    if as_json:
        return show_json({**_told(found), "versions": [_version(one) for one in versions]})
    console = out()
    console.print(f"text {found.pk}: “{found.title}”, {found.state}, version {found.version}", markup=False)
    console.print(found.body, markup=False, highlight=False)
    rows = [
        (one.number, one.made_by["origin"], one.edited_from or "-", f"{one.made_at:%Y-%m-%d %H:%M}", one.note)
        for one in versions
    ]
    return show_table("", ("kept", "made by", "from", "when", "note"), rows, right=("kept", "from"))


def _told(found: Text) -> dict[str, Any]:
    names = ("title", "kind", "language", "state", "body", "version", "brief_id", "voice_id", "campaign_id")
    return {"id": found.pk, **{name: getattr(found, name) for name in names}, "deliverable_id": found.deliverable_id}


def _version(one: TextVersion) -> dict[str, Any]:
    names = ("number", "body", "made_by", "edited_from", "note", "made_at")
    return {**{name: getattr(one, name) for name in names}, "digest": bytes(one.digest).hex()}


@text.command("new")
@click.argument("title")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), default=Kind.AD.value, show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--brief", "brief_id", type=int, default=None, help="The writing brief.")
@click.option("--voice", "voice_id", type=int, default=None, help="The voice; the brief's by default.")
@click.option("--campaign", "campaign_id", type=int, default=None, help="The campaign; the brief's by default.")
@BODY
@operator
def text_new(actor: Actor, title: str, body: str | None, **said: Any) -> None:
    """Begin a text TITLE of your own words; prints its id."""
    made = actions.start_text(
        title=title, body=_words(body) or "", made_by=BY_A_PERSON, actor=actor, now=timezone.now(), **said
    )
    click.echo(made.pk)


@text.command("keep")
@click.argument("text_id", type=int)
@click.option("--seen", type=int, default=None, help="The version that was read: refused if somebody changed it.")
@click.option("--note", default="", help="What this version is.")
@BODY
@operator
def text_keep(actor: Actor, text_id: int, seen: int | None, note: str, body: str | None) -> None:
    """Keep words as the next version; those that stand there, if no body is given. Prints its number."""
    found, words = get_text(actor.workspace_id, text_id), _words(body)
    kept = actions.keep_version(
        text_id=text_id,
        body=found.body if words is None else words,
        made_by=BY_A_PERSON,
        seen=found.version if seen is None else seen,
        note=note,
        actor=actor,
        now=timezone.now(),
    )
    click.echo(kept.number)


@text.command("check")
@click.argument("text_id", type=int)
@BODY
@operator
@json_option
def text_check(actor: Actor, text_id: int, body: str | None, as_json: bool) -> None:
    """What rules, law packs and the voice say of a text, or of other words for it. Nothing is stored."""
    found, words = get_text(actor.workspace_id, text_id), _words(body)
    today: date = timezone.localdate()
    checked = check_words(found, found.body if words is None else actions.clean_body(words), today)
    table = [(one.kind, one.rule, one.words, " / ".join(one.fixes)) for one in checked.remarks]
    table += [(one.verdict.value, one.rule, one.seen, change_of(one)) for one in checked.grave]
    columns = ("kind", "rule", "words", "instead")
    if as_json:
        return show_json(
            {
                "remarks": [dict(zip(columns, row, strict=True)) for row in table],
                "packs": [pack.id for pack in checked.packs],
                "stopped_by": [one.rule for one in checked.stopping],
                "fit": checked.fit.value if checked.fit else None,
            }
        )
    show_table("", columns, table)
    return say(_summary(checked))


def _summary(checked: Checked) -> str:
    packs = ", ".join(pack.id for pack in checked.packs) or "none"
    fit = f"{checked.fit.value:.2f}" if checked.fit else "-"
    return f"{checked.count} remarks; law packs asked: {packs}; fit to the voice: {fit}."


@text.command("choose")
@click.argument("text_id", type=int)
@click.option("--seen", type=int, required=True, help="The version that was read.")
@click.option("--reason", default="", help="Why this one.")
@operator
@json_option
def text_choose(actor: Actor, text_id: int, seen: int, reason: str, as_json: bool) -> None:
    """Choose the words that stand there."""
    choice = choose_text(text_id=text_id, seen=seen, reason=reason, actor=actor, now=timezone.now())
    if as_json:
        made_by = MadeBy.of(choice.made_by).origin.value
        return show_json({"number": choice.number, "made_by": made_by, "distance": choice.distance})
    return click.echo(choice.number)


@text.command("refuse")
@click.argument("text_id", type=int)
@click.option("--seen", type=int, required=True, help="The version that was read.")
@click.option("--reason", required=True, help="What speaks against it.")
@operator
def text_refuse(actor: Actor, text_id: int, seen: int, reason: str) -> None:
    """Say no to a text; its words stay."""
    refuse_text(text_id=text_id, seen=seen, reason=reason, actor=actor, now=timezone.now())


@text.command("approve")
@click.argument("text_id", type=int)
@click.option("--seen", type=int, required=True, help="The version that was read.")
@click.option("--reason", default="", help="Needed where rules ask or warn.")
@click.option("--ask", is_flag=True, help="Ask those who may approve, instead of approving.")
@operator
def text_approve(actor: Actor, text_id: int, seen: int, reason: str, ask: bool) -> None:
    """Say yes to exactly the chosen words, or ask for it; prints where the text stands."""
    if ask:
        ask_text_approval(text_id=text_id, seen=seen, actor=actor, now=timezone.now())
    else:
        approve_text(text_id=text_id, seen=seen, reason=reason, actor=actor, now=timezone.now())
    click.echo(get_text(actor.workspace_id, text_id).state)


@text.command("hand-over")
@click.argument("text_id", type=int)
@click.argument("deliverable_id", type=int)
@click.option("--seen", type=int, required=True, help="The version that was read.")
@operator
def text_hand_over(actor: Actor, text_id: int, deliverable_id: int, seen: int) -> None:
    """Make an approved text the next draft of a deliverable; prints the draft's id."""
    draft = hand_over(text_id=text_id, deliverable_id=deliverable_id, seen=seen, actor=actor, now=timezone.now())
    click.echo(draft.pk)
