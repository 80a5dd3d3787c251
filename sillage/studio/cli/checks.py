"""`sillage studio check`, `sillage studio judge`: remarks on a file, and what people are asked to judge."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.governance.queries import get_operator
from sillage.lib.errors import Malformed
from sillage.lib.text import folded
from sillage.studio.actions import human_checks as actions
from sillage.studio.actions import judging
from sillage.studio.actions import words as word_actions
from sillage.studio.engine.human_flags import FLAGS, human_flags
from sillage.studio.engine.remarks import Remark, remarks_on
from sillage.studio.queries.human_checks import (
    answered,
    awaiting,
    awaiting_others,
    flag_lines,
    last_judges,
    named_judges,
)
from sillage.studio.queries.texts import get_text
from sillage.studio.queries.words import accepted_words, list_accepted
from sillage.studio.told.checks import check_told, remark_told

LANGUAGES = ("fr", "en")
SHOWN = 200


class WrittenFileUnreadable(Malformed):
    """A file to check is text in UTF-8."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--accept", multiple=True, help="A word of yours that no dictionary has; may be given again.")
@click.option("--workspace", "slug", help="Slug of a workspace: the words that it accepts pass.")
@click.option("--people", is_flag=True, help="Name what a person should judge, too.")
@json_option
def check(file: Path, language: str, accept: tuple[str, ...], slug: str | None, people: bool, as_json: bool) -> None:
    """Remarks on FILE: spelling, grammar, typography, plain words. Nothing is changed; exit code 0 in any case."""
    try:
        text = file.read_text(encoding="utf8")
    except UnicodeDecodeError as error:
        raise WrittenFileUnreadable(f"{file} is not text in UTF-8.", "Save it as UTF-8.", str(file)) from error
    accepted = frozenset(folded(word) for word in accept)
    if slug is not None:
        accepted |= accepted_words(get_operator(slug, None)[0].pk, language)
    remarks = remarks_on(text, language, accepted=accepted)
    flags = human_flags(text, language) if people else []
    if as_json:
        told = [{**remark_told(remark), "place": _place(file, text, remark.start)} for remark in remarks]
        judged = [{"flag": f.flag, "words": f.words, "start": f.start, "why": dict(f.why)} for f in flags]
        return show_json({"remarks": told, "to_judge": judged})
    for remark in remarks:
        click.echo(f"{_place(file, text, remark.start)}: {_told(remark)}")
    for flag in flags:
        words = f" “{flag.words}”" if flag.words else ""
        click.echo(f"{_place(file, text, flag.start)}: a person judges ({flag.flag}){words}: {flag.why[language]}")
    return say(f"{len(remarks)} remarks, made by rules; nothing was changed.")


def _place(file: Path, text: str, at: int) -> str:
    """file:line:column, from 1."""
    line = text.count("\n", 0, at) + 1
    return f"{file}:{line}:{at - text.rfind(chr(10), 0, at)}"


def _told(remark: Remark) -> str:
    words = " ".join(remark.words.split())
    fixes = " → " + " | ".join(fix or "(nothing)" for fix in remark.fixes[:3]) if remark.fixes else ""
    soft = ", a matter of register" if "soft" in remark.about else ""
    return f"{remark.kind}/{remark.rule}{soft}: “{words[:60]}”{fixes}"


@click.group()
def judge() -> None:
    """What people are asked to judge of texts: empathy, humour, irony, references, days."""


@judge.command("list")
@click.option("--which", type=click.Choice(["mine", "others", "answered"]), default="mine", show_default=True)
@operator
@json_option
def judge_list(actor: Actor, which: str, as_json: bool) -> None:
    """Checks that await you, await others, or were answered."""
    workspace_id, member_id = actor.workspace_id, actor.member_id
    if which == "answered":
        found = answered(workspace_id)[:SHOWN]
    else:
        found = (awaiting if which == "mine" else awaiting_others)(workspace_id, member_id)[:SHOWN]
    if as_json:
        return show_json([check_told(check) for check in found])
    table = [
        (
            c.pk,
            c.text.title,
            c.flag,
            c.words[:40] or "-",
            str(c.asked_of.person) if c.asked_of else "-",
            c.answer or "-",
        )
        for c in found
    ]
    return show_table("", ("id", "text", "flag", "words", "asked", "answer"), table, right=("id",))


@judge.command("flags")
@click.argument("text_id", type=int)
@operator
@json_option
def judge_flags(actor: Actor, text_id: int, as_json: bool) -> None:
    """What a person should judge in a text as it stands."""
    text = get_text(actor.workspace_id, text_id)
    lines = flag_lines(text, text.body)
    if as_json:
        return show_json([{"flag": x.flag.flag, "words": x.flag.words, "why": dict(x.flag.why)} for x in lines])
    rows = [
        (x.flag.flag, x.flag.words[:40] or "-", x.flag.why["en"], x.check.answer or "asked" if x.check else "-")
        for x in lines
    ]
    return show_table("", ("flag", "words", "why", "check"), rows)


@judge.command("ask")
@click.argument("text_id", type=int)
@click.option("--member", "member_id", type=int, required=True, help="Who judges it.")
@click.option("--flag", type=click.Choice(FLAGS), required=True)
@click.option("--words", default="", help="The words; by default the whole text.")
@click.option("--reason", required=True, help="Why a person should look.")
@operator
def judge_ask(actor: Actor, text_id: int, member_id: int, flag: str, words: str, reason: str) -> None:
    """Ask a member to judge words of a text; prints the check's id."""
    made = actions.ask_person(
        text_id=text_id,
        member_id=member_id,
        flag=flag,
        words=words,
        reason=reason,
        made_by=actor.name,
        actor=actor,
        now=timezone.now(),
    )
    click.echo(made.pk)


@judge.command("answer")
@click.argument("check_id", type=int)
@click.argument("answer", type=click.Choice([actions.FINE, actions.CHANGE]))
@click.option("--reason", default="", help="What should change, and why.")
@operator
def judge_answer(actor: Actor, check_id: int, answer: str, reason: str) -> None:
    """Answer a check that you were asked: fine, or change."""
    actions.answer_check(check_id=check_id, answer=answer, reason=reason, actor=actor, now=timezone.now())
    say("Kept.")


@judge.command("first")
@click.argument("flag", type=click.Choice(FLAGS), required=False)
@click.option("--member", "member_id", type=int, help="Who is proposed first for FLAG.")
@click.option("--nobody", is_flag=True, help="Propose whoever judged last, as without this setting.")
@operator
@json_option
def judge_first(actor: Actor, flag: str | None, member_id: int | None, nobody: bool, as_json: bool) -> None:
    """Who is proposed first to judge what; with FLAG and --member or --nobody, say who. Nobody is asked by it."""
    if flag is not None:
        if nobody == (member_id is not None):
            raise click.UsageError("Give --member or --nobody.")
        judging.name_judge(flag=flag, member_id=member_id, actor=actor, now=timezone.now())
    named, last = named_judges(actor.workspace_id), last_judges(actor.workspace_id, FLAGS)
    columns = ("flag", "proposed first", "judged last")
    lines = [
        (one, str(named[one].member.person) if one in named else None, str(last[one].person) if one in last else None)
        for one in FLAGS
    ]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines)


@click.group()
def words() -> None:
    """Words that the spelling check lets pass in every text of the workspace."""


@words.command("list")
@click.option("--language", type=click.Choice(LANGUAGES))
@operator
@json_option
def words_list(actor: Actor, language: str | None, as_json: bool) -> None:
    """Accepted words, who added each and when."""
    columns = ("id", "language", "word", "added by", "at")
    lines = [(r.pk, r.language, r.word, r.who, r.added_at) for r in list_accepted(actor.workspace_id, language or "")]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines, right=("id",))


@words.command("add")
@click.argument("given", nargs=-1, required=True, metavar="WORD...")
@click.option("--language", type=click.Choice(LANGUAGES), required=True)
@operator
def words_add(actor: Actor, given: tuple[str, ...], language: str) -> None:
    """Accept each WORD for everybody."""
    made = word_actions.accept_words(words=given, language=language, actor=actor, now=timezone.now())
    say(f"Accepted: {', '.join(row.word for row in made)}.")


@words.command("remove")
@click.argument("word_id", type=int)
@operator
def words_remove(actor: Actor, word_id: int) -> None:
    """Take an accepted word away: the check remarks on it again."""
    word_actions.take_word_away(word_id=word_id, actor=actor, now=timezone.now())
    say("Taken away.")
