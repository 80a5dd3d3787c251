"""Commands of data protection: `sillage privacy …`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from django.urls import reverse
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, say, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.actions.rectifying import rectify
from sillage.desk.queries.privacy import as_json, copy_as_zip
from sillage.governance import actions, queries
from sillage.governance.access import operator
from sillage.governance.actions.notices import FIELDS
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.personal_data import registered
from sillage.governance.engine.privacy import CameBy, RequestKind
from sillage.governance.engine.processing_record import as_markdown, processings
from sillage.governance.engine.retention import retention_rules

WAYS = [way.value for way in CameBy if way is not CameBy.LINK]


@click.group()
def privacy() -> None:
    """Notices, requests about data, retention, the record of processing."""


@privacy.command("controller")
@click.argument("pairs", nargs=-1)
@operator
def controller(actor: Actor, pairs: tuple[str, ...]) -> None:
    """Say who is responsible: FIELD=VALUE …; without any, show it."""
    if pairs:
        given = dict(pair.partition("=")[::2] for pair in pairs)
        actions.name_controller(given=given, actor=actor, now=timezone.now())
    found = queries.get_controller(actor.workspace_id)
    show_table("", ["field", "value"], [(name, getattr(found, name) or None) for name in FIELDS])


@privacy.command("record")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@operator
def record(actor: Actor, language: str) -> None:
    """The record of processing as Markdown, with who is responsible."""
    found = queries.find_controller(actor.workspace_id)
    text = as_markdown(processings(registered(), retention_rules()), retention_rules(), language)
    head, _, rest = text.partition("\n\n")
    lines = [f"- {name}: {getattr(found, name) or '-'}" for name in FIELDS] if found else ["- controller: -"]
    click.echo("\n\n".join([head, "\n".join(lines), rest]))


@privacy.command("notices")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000))
@operator
@json_option
def notices(actor: Actor, limit: int, as_json: bool) -> None:
    """Creators who were not told yet that their data is held, the most pressing first."""
    due = catalogue.list_due_notices(actor.workspace_id, timezone.now(), limit)
    rows = [(d.creator_id, d.name, f"{d.due_at:%Y-%m-%d}", d.urgency.value) for d in due]
    columns = ("creator", "name", "tell_by", "urgency")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows)


@privacy.command("notice")
@click.argument("key")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--told", "how", type=click.Choice(WAYS), help="Write down that they were told, and how.")
@operator
def notice(actor: Actor, key: str, language: str, how: str | None) -> None:
    """Print the notice for the creator KEY; with --told, write down that it was given."""
    creator = catalogue.get_creator(actor.workspace_id, key)
    subject = queries.get_subject(actor.workspace_id, "creator", creator.pk)
    click.echo(queries.written_notice(subject, actor.workspace_id, language))
    if how:
        actions.give_notice(
            subject_kind="creator",
            subject_id=creator.pk,
            how=CameBy(how),
            language=language,
            actor=actor,
            now=timezone.now(),
        )
        say("Written down: they were told.")


@privacy.command("link")
@click.argument("key")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 365))
@operator
def link(actor: Actor, key: str, days: int) -> None:
    """Open the own page of the creator KEY to them, and print its address once."""
    creator, now = catalogue.get_creator(actor.workspace_id, key), timezone.now()
    _, secret = actions.open_link(
        purpose=Purpose.CREATOR,
        subject_kind="creator",
        subject_id=creator.pk,
        label=creator.name or creator.key,
        expires_at=now + timedelta(days=days),
        actor=actor,
        now=now,
    )
    click.echo(reverse("desk:creator_self", args=[secret]))


@privacy.command("data")
@click.argument("key")
@click.option("--zip", "archive", type=click.Path(dir_okay=False, path_type=Path), help="Write a ZIP instead.")
@operator
def data(actor: Actor, key: str, archive: Path | None) -> None:
    """Everything that is stored about the creator KEY, over all rooms, as JSON."""
    require(actor, Right.ERASE)
    creator = catalogue.get_creator(actor.workspace_id, key)
    subject = queries.get_subject(actor.workspace_id, "creator", creator.pk)
    copied = queries.copy_of(actor.workspace_id, subject, timezone.now())
    if archive is not None:
        archive.write_bytes(copy_as_zip(copied))
        return say(f"Written to {archive}.")
    return click.echo(as_json(copied))


@privacy.command("retain")
@click.option("--dry-run", is_flag=True, help="Count what would go; remove nothing.")
@operator
@json_option
def retain(actor: Actor, dry_run: bool, as_json: bool) -> None:
    """Remove what was kept long enough, in portions. A killed run goes on where it stopped."""
    now = timezone.now()
    counted = actions.count_retained(actor.workspace_id, now) if dry_run else actions.retain(actor=actor, now=now)
    if as_json:
        return show_json(counted)
    rows = [(r.id, r.table, r.months, counted.get(r.id, 0)) for r in retention_rules()]
    return show_table("", ["rule", "table", "months", "would go" if dry_run else "gone"], rows, right=["months"])


# -- requests --------------------------------------------------------------------------------------------------------


@privacy.group("requests")
def requests() -> None:
    """What people ask about their data, and the answers."""


@requests.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@operator
@json_option
def requests_list(actor: Actor, everything: bool, as_json: bool) -> None:
    """Open requests by their deadline."""
    require(actor, Right.ERASE)
    found = queries.list_data_requests(actor.workspace_id, is_open=None if everything else True)
    columns = ("id", "kind", "creator", "state", "received", "answer_by")
    rows = [(r.pk, r.kind, r.subject_id, r.state, f"{r.received_at:%Y-%m-%d}", f"{r.due_at:%Y-%m-%d}") for r in found]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows)


@requests.command("open")
@click.argument("kind", type=click.Choice([k.value for k in RequestKind]))
@click.argument("key")
@click.option("--by", "came_by", type=click.Choice(WAYS), default=CameBy.EMAIL.value, show_default=True)
@click.option("--requester", default="")
@click.option("--contact", default="")
@click.option("--text", default="")
@operator
def requests_open(actor: Actor, kind: str, key: str, came_by: str, requester: str, contact: str, text: str) -> None:
    """Start the clock of a request of KIND about the creator KEY."""
    creator = catalogue.get_creator(actor.workspace_id, key)
    asked = actions.Asked(
        kind=RequestKind(kind),
        subject_kind="creator",
        subject_id=creator.pk,
        requester=requester,
        contact=contact,
        came_by=CameBy(came_by),
        text=text,
    )
    made = actions.open_data_request(asked=asked, actor=actor, now=timezone.now())
    click.echo(f"Request {made.pk}: answer by {made.due_at:%Y-%m-%d}.")


@requests.command("check")
@click.argument("number", type=int)
@click.argument("how")
@operator
def requests_check(actor: Actor, number: int, how: str) -> None:
    """Say HOW you made sure who asks."""
    actions.check_identity(request_id=number, how=how, actor=actor, now=timezone.now())
    click.echo(f"Request {number}: written down.")


@requests.command("extend")
@click.argument("number", type=int)
@click.argument("reason")
@operator
def requests_extend(actor: Actor, number: int, reason: str) -> None:
    """Two more months for a REASON, once."""
    made = actions.extend_data_request(request_id=number, reason=reason, actor=actor, now=timezone.now())
    click.echo(f"Request {number}: answer by {made.due_at:%Y-%m-%d}.")


@requests.command("answer")
@click.argument("number", type=int)
@click.argument("text")
@operator
def requests_answer(actor: Actor, number: int, text: str) -> None:
    """Say what was done."""
    actions.answer_data_request(request_id=number, answer=text, actor=actor, now=timezone.now())
    click.echo(f"Request {number} is answered.")


@requests.command("refuse")
@click.argument("number", type=int)
@click.argument("reason")
@operator
def requests_refuse(actor: Actor, number: int, reason: str) -> None:
    """Refuse, with a REASON."""
    actions.refuse_data_request(request_id=number, reason=reason, actor=actor, now=timezone.now())
    click.echo(f"Request {number} is refused.")


@requests.command("rectify")
@click.argument("number", type=int)
@operator
def requests_rectify(actor: Actor, number: int) -> None:
    """Accept an exact rectification."""
    rectify(request_id=number, actor=actor, now=timezone.now())
    click.echo(f"Request {number}: put right.")


@requests.command("erase")
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
@operator
def requests_erase(actor: Actor, number: int, yes: bool) -> None:
    """Erase the creator, and so answer the request."""
    asked = queries.get_data_request(actor.workspace_id, number)
    creator = catalogue.get_creator_by_id(actor.workspace_id, int(asked.subject_id))
    if not yes:
        click.confirm(f"Erase {creator} for good?", abort=True)
    gone = forget(key=creator.key, actor=actor, now=timezone.now(), request_id=number)
    out().print(f"Erased: {', '.join(f'{n} {kind}' for kind, n in gone.removed.items())}.")
