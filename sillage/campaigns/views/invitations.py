"""Pages of first contacts: one letter on its collaboration's page and on a page of its own, many on their campaign's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.actions import inviting, releasing, settling
from sillage.campaigns.actions.inviting import Wanted
from sillage.campaigns.engine.invitations import (
    LINK,
    AddressFrom,
    Channel,
    Formality,
    InvitationState,
    LetterMalformed,
    act_of_letter,
)
from sillage.campaigns.guest_pages import addresses_of
from sillage.campaigns.models import Campaign, Invitation
from sillage.campaigns.queries import invitations as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.sentences import Sentence, either

MOST_SENT_HERE = 20  # letters that a page hands over while it is waited for; the command sends any number


# -- one letter ------------------------------------------------------------------------------------------------------


@require_GET
@never_cache
@page(Right.READ)
def invitation(request: Visit, invitation_id: int) -> HttpResponse:
    """The letter: to edit while it is a draft, to copy once it is released. Its links are shown to those who may send it."""
    row = queries.get_invitation(request.workspace.pk, invitation_id)
    return render(request, "campaigns/invitation.html", _one(request, row))


def _one(request: Visit, row: Invitation) -> dict[str, Any]:
    now = timezone.now()
    may_write = Right.CAMPAIGN in request.actor.rights
    is_draft = row.state == InvitationState.DRAFT.value
    asked = None
    if is_draft:
        act = act_of_letter(queries.letter_of(row)) if row.plan is None else None
        act = act or queries.plan_act(row.plan, queries.drafts_of(row.plan))  # type: ignore[arg-type]
        asked = queries.asked_for(row.workspace_id, act, now)
    return {
        "invitation": row,
        "collaboration": row.collaboration,
        "campaign": row.collaboration.campaign,
        "asked": asked,
        "is_stuck": queries.is_stuck(row, now),
        "text": queries.released_text(row) if may_write and row.state != InvitationState.SENT.value else "",
        "contacts": queries.contacts_of([row.collaboration], now).get(row.collaboration_id, []),
        "may_write": may_write,
        "has_mail": queries.has_mail(),
        "channels": [c.value for c in Channel],
        "sources": [a.value for a in AddressFrom],
        "mark": LINK,
    }


@require_POST
@page(Right.CAMPAIGN)
def write_invitation(request: Visit, collaboration_id: int) -> HttpResponse:
    made = inviting.write_invitation(
        collaboration_id=collaboration_id, wanted=_wanted(request), actor=request.actor, now=timezone.now()
    )
    return redirect("campaigns:invitation", request.workspace.slug, made.pk)


def _wanted(request: Visit) -> Wanted:
    formality = request.POST.get("formality", Formality.VOUS.value)
    if formality not in set(Formality):
        raise LetterMalformed(
            Sentence("“%(formality)s” is no way to speak to somebody.", formality=formality),
            Sentence("Choose %(formality)s.", formality=either(Formality)),
        )
    return Wanted(request.POST.get("language", "fr"), Formality(formality), request.POST.get("why", ""))


@require_POST
@page(Right.CAMPAIGN)
def change_invitation(request: Visit, invitation_id: int) -> HttpResponse:
    version = request.POST.get("version", "")
    names = ("subject", "body", "channel", "address", "address_from")
    inviting.change_invitation(
        invitation_id=invitation_id,
        given={name: request.POST[name] for name in names if name in request.POST},
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(
        request, _("The letter is kept. Whatever was approved before the change has to be approved again.")
    )
    return redirect("campaigns:invitation", request.workspace.slug, invitation_id)


@require_POST
@page(Right.CAMPAIGN)
def ask_for_invitation(request: Visit, invitation_id: int) -> HttpResponse:
    inviting.ask_for_invitation(invitation_id=invitation_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("Asked: whoever may approve sees it in their inbox."))
    return redirect("campaigns:invitation", request.workspace.slug, invitation_id)


@require_POST
@page(Right.CAMPAIGN)
def release_invitation(request: Visit, invitation_id: int) -> HttpResponse:
    """Release the letter; by e-mail it is handed over at once."""
    row = releasing.release_invitation(
        invitation_id=invitation_id, addresses=addresses_of(request), actor=request.actor, now=timezone.now()
    )
    if row.channel == Channel.EMAIL.value:
        _send(request, [row.pk])
    else:
        messages.success(request, _("Copy the letter now, send it yourself, then say so here."))
    return redirect("campaigns:invitation", request.workspace.slug, invitation_id)


def _send(request: Visit, invitation_ids: list[int]) -> None:
    sender = queries.mail_sender()
    if sender is None:
        return messages.warning(request, _("No mail server is configured any more: the letters wait."))
    now_ids = invitation_ids[:MOST_SENT_HERE]
    counts = releasing.send_released(
        sender=sender, clock=timezone.now, workspace_id=request.workspace.pk, invitation_ids=now_ids
    )
    if counts["sent"]:
        said = ngettext(
            "%(n)s letter was taken by the mail server.", "%(n)s letters were taken by the mail server.", counts["sent"]
        )
        messages.success(request, said % {"n": counts["sent"]})
    if counts["failed"] or counts["left_out"]:
        messages.warning(request, _("Some letters did not go out: each says why."))
    if counts["later"]:
        messages.warning(request, _("The mail server could not take some letters now: try again later."))
    if counts["unknown"]:
        messages.warning(request, _("A letter may have gone out: the mail server broke off. Settle it on its page."))
    if len(invitation_ids) > MOST_SENT_HERE:
        messages.info(request, _("The others go out with `sillage invitation send`."))


@require_POST
@page(Right.CAMPAIGN)
def send_invitation(request: Visit, invitation_id: int) -> HttpResponse:
    """Hand a released letter over again, after the mail server could not take it."""
    row = queries.get_invitation(request.workspace.pk, invitation_id)
    _send(request, [row.pk])
    return redirect("campaigns:invitation", request.workspace.slug, invitation_id)


@require_POST
@page(Right.CAMPAIGN)
def confirm_invitation(request: Visit, invitation_id: int) -> HttpResponse:
    row = settling.confirm_invitation(invitation_id=invitation_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("%(name)s is contacted.") % {"name": row.collaboration.name})
    return redirect("campaigns:collaboration", request.workspace.slug, row.collaboration_id)


@require_POST
@page(Right.CAMPAIGN)
def drop_invitation(request: Visit, invitation_id: int) -> HttpResponse:
    row = inviting.drop_invitation(invitation_id=invitation_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The invitation is given up: nothing goes out."))
    return redirect("campaigns:collaboration", request.workspace.slug, row.collaboration_id)


@require_POST
@page(Right.CAMPAIGN)
def resume_invitation(request: Visit, invitation_id: int) -> HttpResponse:
    """`went_out` is yes, or no: then it is handed over again."""
    went_out = request.POST.get("went_out") == "yes"
    row = settling.resume_invitation(
        invitation_id=invitation_id, went_out=went_out, actor=request.actor, now=timezone.now()
    )
    if went_out:
        messages.success(request, _("%(name)s is contacted.") % {"name": row.collaboration.name})
    else:
        _send(request, [row.pk])
    return redirect("campaigns:invitation", request.workspace.slug, invitation_id)


# -- many ------------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def invitations(request: Visit, campaign_id: int) -> HttpResponse:
    campaign = get_campaign(request.workspace.pk, campaign_id)
    return render(request, "campaigns/invitations.html", _many(request, campaign))


def _many(request: Visit, campaign: Campaign) -> dict[str, Any]:
    now = timezone.now()
    invitable = queries.list_invitable(campaign)
    contacts = queries.contacts_of(invitable, now)
    plans = []
    for plan in queries.list_plans(campaign):
        drafts = queries.drafts_of(plan)
        plans.append((plan, drafts, queries.asked_for(campaign.workspace_id, queries.plan_act(plan, drafts), now)))
    return {
        "campaign": campaign,
        "tab": "invitations",
        "rows": queries.list_invitations(campaign),
        "invitable": [(row, contacts.get(row.pk, [])) for row in invitable],
        "plans": plans,
        "may_write": Right.CAMPAIGN in request.actor.rights and not campaign.is_template and not campaign.archived_at,
        "has_mail": queries.has_mail(),
    }


@require_POST
@page(Right.CAMPAIGN)
def plan_invitations(request: Visit, campaign_id: int) -> HttpResponse:
    """Write letters for the ticked creators; whoever may not be written to is named with the reason."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    ticked = [int(given) for given in request.POST.getlist("c") if given.isdecimal() and len(given) < 19]
    if not ticked:
        messages.warning(request, _("Nobody is ticked: tick those who should be written to."))
        return redirect("campaigns:invitations", request.workspace.slug, campaign_id)
    _plan, outcomes = inviting.plan_invitations(
        campaign_id=campaign_id,
        collaborations=ticked,
        wanted=_wanted(request),
        actor=request.actor,
        now=timezone.now(),
    )
    return render(request, "campaigns/invitations.html", {**_many(request, campaign), "outcomes": outcomes})


@require_POST
@page(Right.CAMPAIGN)
def ask_for_plan(request: Visit, plan_id: int) -> HttpResponse:
    plan = queries.get_invitation_plan(request.workspace.pk, plan_id)
    inviting.ask_for_plan(plan_id=plan_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("Asked: whoever may approve sees it in their inbox."))
    return redirect("campaigns:invitations", request.workspace.slug, plan.campaign_id)


@require_POST
@page(Right.CAMPAIGN)
def release_plan(request: Visit, plan_id: int) -> HttpResponse:
    """Release all letters of a plan; those by e-mail are handed over at once."""
    plan = queries.get_invitation_plan(request.workspace.pk, plan_id)
    outcomes = releasing.release_plan(
        plan_id=plan_id, addresses=addresses_of(request), actor=request.actor, now=timezone.now()
    )
    released = [o.invitation for o in outcomes if o.invitation is not None and o.refusal is None]
    by_mail = [row.pk for row in released if row.channel == Channel.EMAIL.value]
    if by_mail:
        _send(request, by_mail)
    context = {**_many(request, plan.campaign), "outcomes": outcomes}
    return render(request, "campaigns/invitations.html", context)
