"""Deliverables of a campaign and of a collaboration: the list, what is asked for, and links for creators and clients."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.campaigns.actions import deliverables as actions
from sillage.campaigns.actions.live import match_live
from sillage.campaigns.engine.deliverables import DeliverableMalformed, DeliverableState
from sillage.campaigns.models import Campaign, Collaboration, Deliverable
from sillage.campaigns.queries import deliverables as queries
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.views.deliverable_forms import as_typed, deliverable_given, form_choices, typed_again
from sillage.campaigns.views.opened_links import creator_link_page
from sillage.governance import actions as governance
from sillage.governance import queries as governance_queries
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.links import Purpose

LINK_LIVES = timedelta(days=90)


@require_GET
@page(Right.READ)
def deliverables(request: Visit, campaign_id: int) -> HttpResponse:
    """`?state=` one state, or late."""
    return render(
        request, "campaigns/deliverables.html", _tab(request, get_campaign(request.workspace.pk, campaign_id))
    )


def _tab(request: Visit, campaign: Campaign) -> dict[str, Any]:
    now = timezone.now()
    state = request.GET.get("state", "")
    lines = queries.list_deliverables(campaign, now.date())
    shown = (
        [x for x in lines if x.is_late] if state == "late" else [x for x in lines if state in ("", x.deliverable.state)]
    )
    links = governance_queries.list_links_of(campaign.workspace_id, "campaign", campaign.pk)
    return {
        "campaign": campaign,
        "tab": "deliverables",
        "lines": shown,
        "filters": _filters(campaign, lines, request.workspace.slug, state),
        "templates": queries.list_templates(campaign),
        "collaborations": list(campaign.collaborations.order_by("name")[:500]),
        "review_links": [
            k for k in links if k.purpose == Purpose.REVIEW and k.revoked_at is None and k.expires_at > now
        ],
        "may_change": Right.CAMPAIGN in request.actor.rights,
        "is_narrowed": bool(state),
        "now": now,
    }


def _filters(campaign: Campaign, lines: list[queries.DeliverableLine], slug: str, state: str) -> list[dict[str, Any]]:
    counts = {s.value: sum(x.deliverable.state == s for x in lines) for s in DeliverableState}
    counts |= {"": len(lines), "late": sum(x.is_late for x in lines)}
    address = reverse("campaigns:deliverables", args=[slug, campaign.pk])
    names = ("", "late", *(s.value for s in DeliverableState))
    return [
        {"state": n, "href": f"{address}?state={n}" if n else address, "is_current": n == state, "count": counts[n]}
        for n in names
        if counts[n] or n in ("", state)
    ]


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def add(request: Visit, collaboration_id: int) -> HttpResponse:
    """Something more of one collaboration."""
    collaboration = get_collaboration(request.workspace.pk, collaboration_id)
    return _form(request, collaboration.campaign, collaboration, None)


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def add_template(request: Visit, campaign_id: int) -> HttpResponse:
    """What every collaboration of a campaign may be asked for."""
    return _form(request, get_campaign(request.workspace.pk, campaign_id), None, None)


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def edit(request: Visit, deliverable_id: int) -> HttpResponse:
    found = queries.get_deliverable(request.workspace.pk, deliverable_id)
    return _form(request, found.campaign, found.collaboration, found)


def _form(
    request: Visit, campaign: Campaign, collaboration: Collaboration | None, before: Deliverable | None
) -> HttpResponse:
    given = as_typed(before) if before else {"network": collaboration.network if collaboration else "instagram"}
    wrong = None
    if request.method == "POST":
        typed = deliverable_given(request.POST)
        try:
            made = _saved(request, campaign, collaboration, before, typed)
            messages.success(request, _("Kept."))
            return redirect(_address_of(made, request.workspace.slug))
        except DeliverableMalformed as error:
            wrong, given = error, typed_again(typed)
    context = {
        **form_choices(campaign, given),
        "collaboration": collaboration,
        "before": before,
        "wrong": wrong,
        "tab": "deliverables",
    }
    return render(request, "campaigns/deliverable_form.html", context, status=422 if wrong else 200)


def _saved(
    request: Visit,
    campaign: Campaign,
    collaboration: Collaboration | None,
    before: Deliverable | None,
    typed: dict[str, Any],
) -> Deliverable:
    now = timezone.now()
    if before is not None:
        seen = request.POST.get("version", "")
        return actions.change_deliverable(
            deliverable_id=before.pk,
            given=typed,
            version=int(seen) if seen.isdecimal() else 0,
            actor=request.actor,
            now=now,
        )
    return actions.add_deliverable(
        given=typed,
        collaboration_id=collaboration.pk if collaboration else None,
        campaign_id=campaign.pk,
        actor=request.actor,
        now=now,
    )


def _address_of(made: Deliverable, slug: str) -> str:
    if made.collaboration_id is None:
        return reverse("campaigns:deliverables", args=[slug, made.campaign_id])
    return reverse("campaigns:deliverable", args=[slug, made.pk])


@require_POST
@page(Right.CAMPAIGN)
def drop(request: Visit, deliverable_id: int) -> HttpResponse:
    found = queries.get_deliverable(request.workspace.pk, deliverable_id)
    actions.drop_deliverable(deliverable_id=deliverable_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect("campaigns:deliverables", request.workspace.slug, found.campaign_id)


@require_POST
@page(Right.CAMPAIGN)
def apply(request: Visit, campaign_id: int) -> HttpResponse:
    """Copy the ticked templates to the ticked collaborations, or to all."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    ticked = [int(x) for x in request.POST.getlist("collaboration") if x.isdecimal()]
    everyone = list(campaign.collaborations.values_list("pk", flat=True)) if request.POST.get("everyone") else []
    new = actions.apply_templates(
        campaign_id=campaign.pk,
        template_ids=[int(x) for x in request.POST.getlist("template") if x.isdecimal()],
        collaboration_ids=everyone or ticked,
        actor=request.actor,
        now=timezone.now(),
    )
    said = ngettext("%(n)s deliverable is new.", "%(n)s deliverables are new.", new) % {"n": new}
    messages.success(request, said)
    return redirect("campaigns:deliverables", request.workspace.slug, campaign.pk)


@require_POST
@page(Right.CAMPAIGN)
def match(request: Visit, campaign_id: int) -> HttpResponse:
    """Look for the posts in the catalogue."""
    done = match_live(campaign_id=campaign_id, actor=request.actor, now=timezone.now())
    new = sum(done.values())
    said = ngettext("%(n)s post was found.", "%(n)s posts were found.", new) % {"n": new}
    messages.success(request, said)
    return redirect("campaigns:deliverables", request.workspace.slug, campaign_id)


# -- links -----------------------------------------------------------------------------------------------------------


@never_cache
@require_POST
@page(Right.CAMPAIGN)
def creator_link(request: Visit, collaboration_id: int) -> HttpResponse:
    """A link by which the creator sees the brief and sends drafts. It is shown once."""
    collaboration = get_collaboration(request.workspace.pk, collaboration_id)
    back = reverse("campaigns:collaboration", args=[request.workspace.slug, collaboration.pk])
    return creator_link_page(request, collaboration, leads_to="creator_drafts", back=back, lives=LINK_LIVES)


@never_cache
@require_POST
@page(Right.CAMPAIGN)
def review_link(request: Visit, campaign_id: int) -> HttpResponse:
    """A link by which the brand's client reads and approves what was put before them. It is shown once."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    now = timezone.now()
    whom = request.POST.get("label", "").strip()[:200] or campaign.brand
    link, secret = governance.open_link(
        purpose=Purpose.REVIEW,
        subject_kind="campaign",
        subject_id=campaign.pk,
        label=whom,
        expires_at=now + LINK_LIVES,
        actor=request.actor,
        now=now,
    )
    context = {
        "campaign": campaign,
        "whom": whom,
        "address": request.build_absolute_uri(reverse("client_review", args=[secret])),
        "until": link.expires_at,
        "back": reverse("campaigns:deliverables", args=[request.workspace.slug, campaign.pk]),
        "is_review": True,
    }
    return render(request, "campaigns/link_opened.html", context)


@require_POST
@page(Right.CAMPAIGN)
def end_link(request: Visit, link_id: int) -> HttpResponse:
    """End a link before its time."""
    governance.revoke_link(link_id=link_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    campaign = request.POST.get("campaign", "")
    if campaign.isdecimal():
        return redirect("campaigns:deliverables", request.workspace.slug, int(campaign))
    return redirect("campaigns:campaigns", request.workspace.slug)
