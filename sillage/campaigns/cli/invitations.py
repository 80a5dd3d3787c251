"""Commands of first contacts."""

from __future__ import annotations

import sys

import click
from django.conf import settings
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.campaigns.actions import inviting, releasing, settling
from sillage.campaigns.actions.inviting import Wanted
from sillage.campaigns.actions.releasing import MailNotConfigured
from sillage.campaigns.engine.invitations import LANGUAGES, AddressFrom, Channel, Formality
from sillage.campaigns.guest_pages import addresses_at
from sillage.campaigns.queries import invitations as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor


@click.group()
def invitation() -> None:
    """First contacts: letters that people write, approve and send."""


@invitation.command("list")
@click.argument("campaign_id", type=int)
@operator
@json_option
def invitation_list(actor: Actor, campaign_id: int, as_json: bool) -> None:
    """A campaign's letters, the newest first."""
    columns = ("id", "creator", "state", "channel", "tries", "sent_at", "failure")
    lines = [
        (r.pk, r.collaboration.name, r.state, r.channel, r.attempts, r.sent_at, r.failure)
        for r in queries.list_invitations(get_campaign(actor.workspace_id, campaign_id))
    ]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines, right=["id", "tries"])


@invitation.command("write")
@click.argument("collaboration_id", type=int)
@click.option("--language", default="fr", show_default=True, type=click.Choice(LANGUAGES))
@click.option("--formality", default="vous", show_default=True, type=click.Choice([r.value for r in Formality]))
@click.option("--why", default="", help="One sentence of yours.")
@operator
def invitation_write(actor: Actor, collaboration_id: int, language: str, formality: str, why: str) -> None:
    """Put a letter together from a text that people wrote."""
    made = inviting.write_invitation(
        collaboration_id=collaboration_id,
        wanted=Wanted(language, Formality(formality), why),
        actor=actor,
        now=timezone.now(),
    )
    click.echo(f"Invitation {made.pk} is a draft: read it with `sillage invitation show {made.pk}`.")


@invitation.command("show")
@click.argument("invitation_id", type=int)
@operator
def invitation_show(actor: Actor, invitation_id: int) -> None:
    """Print a letter; once it is released with the creator's own links, to be copied."""
    row = queries.get_invitation(actor.workspace_id, invitation_id)
    say(f"{row.state}, {row.channel}, assembled from {row.assembled_from}{', edited' if row.edited_at else ''}")
    click.echo(queries.released_text(row) or f"{row.body}\n\n-- \n{row.notice}")


@invitation.command("change")
@click.argument("invitation_id", type=int)
@click.option("--subject")
@click.option("--body", help="The text; “-” reads it from stdin.")
@click.option("--channel", type=click.Choice([c.value for c in Channel]))
@click.option("--address", help="E-mail address, for --channel email.")
@click.option("--address-from", type=click.Choice([a.value for a in AddressFrom]), help="Where the address comes from.")
@operator
def invitation_change(actor: Actor, invitation_id: int, body: str | None, **given: str | None) -> None:
    """Change a draft. What was approved before does not hold for the new words."""
    text = sys.stdin.read() if body == "-" else body
    fields = {name: value for name, value in {**given, "body": text}.items() if value is not None}
    inviting.change_invitation(invitation_id=invitation_id, given=fields, actor=actor, now=timezone.now())
    click.echo(f"Invitation {invitation_id} is changed.")


@invitation.command("ask")
@click.argument("invitation_id", type=int)
@operator
def invitation_ask(actor: Actor, invitation_id: int) -> None:
    """Ask for the approval of a letter."""
    asked = inviting.ask_for_invitation(invitation_id=invitation_id, actor=actor, now=timezone.now())
    click.echo(f"Asked: approval {asked.pk} waits.")


@invitation.command("release")
@click.argument("invitation_id", type=int)
@click.option("--site", help="Address of the site as the creator reaches it; by default SILLAGE_SITE_URL.")
@operator
def invitation_release(actor: Actor, invitation_id: int, site: str | None) -> None:
    """Use the approval: by hand the letter is printed to be copied, by e-mail `sillage invitation send` hands it over."""
    where = site or settings.SILLAGE.site_url
    if not where.startswith(("https://", "http://")):
        raise click.UsageError("Say with --site, or SILLAGE_SITE_URL, at which address creators reach the site.")
    row = releasing.release_invitation(
        invitation_id=invitation_id, addresses=addresses_at(where), actor=actor, now=timezone.now()
    )
    if row.channel == Channel.BY_HAND.value:
        say("Sillage sends nothing itself: copy this, send it, then `sillage invitation confirm`.")
        click.echo(queries.released_text(row))
    else:
        click.echo(f"Invitation {row.pk} goes out with `sillage invitation send`.")


@invitation.command("confirm")
@click.argument("invitation_id", type=int)
@operator
def invitation_confirm(actor: Actor, invitation_id: int) -> None:
    """Say that you sent a letter by hand."""
    row = settling.confirm_invitation(invitation_id=invitation_id, actor=actor, now=timezone.now())
    click.echo(f"{row.collaboration.name} is contacted.")


@invitation.command("send")
@operator
@json_option
def invitation_send(actor: Actor, as_json: bool) -> None:
    """Hand what is released over to the mail server. What it could not take goes out the next time, 10 minutes later."""
    sender = queries.mail_sender()
    if sender is None:
        raise MailNotConfigured("No mail server is configured.", "Set SILLAGE_MAIL_URL and SILLAGE_MAIL_FROM.")
    counts = releasing.send_released(sender=sender, clock=timezone.now, workspace_id=actor.workspace_id)
    if as_json:
        return show_json(counts)
    click.echo(", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items()) + ".")
    if stuck := queries.list_stuck(actor.workspace_id, timezone.now()):
        say(f"{len(stuck)} may have gone out and nobody knows: see `sillage invitation resume`.")
    return None


@invitation.command("resume")
@click.argument("invitation_id", type=int, required=False)
@click.option("--went-out/--again", "went_out", default=None, help="It did go out, or it is to be handed over again.")
@operator
def invitation_resume(actor: Actor, invitation_id: int | None, went_out: bool | None) -> None:
    """Settle a letter that may have gone out; without an id, list those that nobody knows of."""
    if invitation_id is None:
        lines = [
            (r.pk, r.collaboration.name, f"{r.sending_at:%Y-%m-%d %H:%M}", r.failure)
            for r in queries.list_stuck(actor.workspace_id, timezone.now())
        ]
        return show_table("", ("id", "creator", "handed over at (UTC)", "failure"), lines, right=["id"])
    if went_out is None:
        raise click.UsageError("Say --went-out or --again: it is never handed over twice unasked.")
    row = settling.resume_invitation(invitation_id=invitation_id, went_out=went_out, actor=actor, now=timezone.now())
    click.echo(f"Invitation {row.pk} is {row.state}.")
    return None


@invitation.command("drop")
@click.argument("invitation_id", type=int)
@operator
def invitation_drop(actor: Actor, invitation_id: int) -> None:
    """Give up a letter that has not gone out."""
    inviting.drop_invitation(invitation_id=invitation_id, actor=actor, now=timezone.now())
    click.echo(f"Invitation {invitation_id} is given up.")
