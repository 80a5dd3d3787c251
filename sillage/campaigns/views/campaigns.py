"""Campaigns: the list, one, and what a person does with them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.campaigns.actions import campaigns as actions
from sillage.campaigns.engine.addresses import tracked_address
from sillage.campaigns.engine.campaign import CampaignMalformed
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.forms import CampaignForm, data_of
from sillage.campaigns.models import Campaign
from sillage.campaigns.queries import campaigns as queries
from sillage.campaigns.queries.people import list_mentions, list_owned, list_reminders
from sillage.catalogue.queries import list_brands
from sillage.discovery.queries import get_shortlist
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law_reading import law_book

# -- the list --------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def campaigns(request: Visit) -> HttpResponse:
    """`?state=` running, archived or templates; `words` and `brand` narrow it."""
    workspace = request.workspace.pk
    state = request.GET.get("state", "")
    state = state if state in queries.STATES else queries.STATES[0]
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("words", "brand")}
    found = queries.list_campaigns(
        workspace, state=state, cursor=request.GET.get("cursor") or None, words=asked["words"], brand=asked["brand"]
    )
    counts = queries.stage_counts([one.pk for one in found.items])
    states = queries.count_campaigns(workspace)
    context = {
        "lines": [(one, stages_of(counts.get(one.pk, {}))) for one in found.items],
        "state": state,
        "tabs": _tabs(request, state, states),
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "is_new_here": not any(states.values()),
        "brands": queries.list_campaign_brands(workspace),
        "first_url": "?" + urlencode({"state": state, **asked}) if request.GET.get("cursor") else "",
        "next_url": "?" + urlencode({"state": state, **asked, "cursor": found.next_cursor})
        if found.next_cursor
        else "",
    }
    return render(request, "campaigns/campaigns.html", context)


def _tabs(request: Visit, state: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    address = reverse("campaigns:campaigns", args=[request.workspace.slug])
    labels = {
        "running": pgettext("campaigns", "Running"),
        "archived": pgettext("campaigns", "Put away"),
        "templates": pgettext("campaigns", "Templates"),
    }
    tabs = [
        {"label": label, "href": f"{address}?state={name}", "is_current": name == state, "count": counts[name]}
        for name, label in labels.items()
    ]
    mine = reverse("campaigns:mine", args=[request.workspace.slug])
    return [*tabs, {"label": _("For me"), "href": mine, "is_current": state == "mine", "count": None}]


def stages_of(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Stages in their order with how many stand there; those without any are left out."""
    return [(stage.value, counts[stage.value]) for stage in Stage if counts.get(stage.value)]


@require_GET
@page(Right.READ)
def mine(request: Visit) -> HttpResponse:
    """What awaits the acting member: what is due, who mentioned them, whom they look after."""
    workspace, member = request.workspace.pk, request.actor.member_id or 0
    context = {
        "tabs": _tabs(request, "mine", queries.count_campaigns(workspace)),
        "reminders": list_reminders(workspace, member_id=member),
        "mentions": list_mentions(workspace, member),
        "owned": list_owned(workspace, member, queries.stages_at_work()),
        "today": timezone.localdate(),
    }
    return render(request, "campaigns/mine.html", context)


# -- one campaign ----------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def campaign(request: Visit, campaign_id: int) -> HttpResponse:
    """A campaign's first page is its pipeline; a template has none."""
    found = queries.get_campaign(request.workspace.pk, campaign_id)
    return redirect("campaigns:about" if found.is_template else "campaigns:pipeline", request.workspace.slug, found.pk)


@require_GET
@page(Right.READ)
def about(request: Visit, campaign_id: int) -> HttpResponse:
    """What the campaign is: what creators are told, links to copy, law packs, competitors."""
    found = queries.get_campaign(request.workspace.pk, campaign_id)
    names = {brand.key: brand.name for brand in list_brands(found.workspace_id)}
    context = {
        "campaign": found,
        "tab": "about",
        "link": tracked_address(found.landing_url, found.utm),
        "packs": [pack for pack in law_book().packs.values() if pack.id in found.law_packs],
        "proposed": [pack for pack in queries.proposed_packs(found.countries) if pack not in found.law_packs],
        "competitors": [names.get(key, key) for key in found.competitors],
    }
    return render(request, "campaigns/about.html", context)


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def new(request: Visit) -> HttpResponse:
    """`?template=1` writes a template; `?from=` a campaign or template starts from its words."""
    is_template = bool(request.GET.get("template"))
    source = _source(request)
    if request.method != "POST":
        initial = {**data_of(source), "name": ""} if source else {}
        return _form(request, CampaignForm(initial=initial), None, is_template=is_template, source=source)
    form = CampaignForm(request.POST)
    if form.is_valid():
        given = form.given()
        if not given["law_packs"]:
            given.pop("law_packs")  # proposed from the countries
        try:
            made = actions.open_campaign(given=given, is_template=is_template, actor=request.actor, now=timezone.now())
        except CampaignMalformed as refusal:
            _told_by(form, refusal)
        else:
            return redirect("campaigns:campaign", request.workspace.slug, made.pk)
    return _form(request, form, None, is_template=is_template, source=source, status=422)


def _source(request: Visit) -> Campaign | None:
    given = request.GET.get("from", "")
    return queries.get_campaign(request.workspace.pk, int(given)) if given.isdecimal() and len(given) < 19 else None


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def edit(request: Visit, campaign_id: int) -> HttpResponse:
    found = queries.get_campaign(request.workspace.pk, campaign_id)
    if request.method != "POST":
        return _form(request, CampaignForm(initial=data_of(found)), found)
    form = CampaignForm(request.POST)
    if form.is_valid():
        try:
            actions.change_campaign(campaign_id=found.pk, given=form.given(), actor=request.actor, now=timezone.now())
        except CampaignMalformed as refusal:
            _told_by(form, refusal)
        else:
            messages.success(request, _("The campaign is saved."))
            return redirect("campaigns:about", request.workspace.slug, found.pk)
    return _form(request, form, found, status=422)


def _told_by(form: CampaignForm, refusal: CampaignMalformed) -> None:
    """A refusal that the form did not foresee, beside its field."""
    form.add_error(refusal.place if refusal.place in form.fields else None, f"{refusal.message} {refusal.hint}")


def _form(
    request: Visit, form: CampaignForm, campaign: Campaign | None, status: int = 200, **more: Any
) -> HttpResponse:
    book = law_book()
    context = {
        "form": form,
        "campaign": campaign,
        "tab": "about",
        "brands": [brand.name for brand in list_brands(request.workspace.pk)],
        "packs": list(book.packs.values()),
        "ticked": {name: form[name].value() or [] for name in ("countries", "law_packs")},
        "templates": queries.list_campaigns(request.workspace.pk, state="templates").items if campaign is None else [],
        **more,
    }
    return render(request, "campaigns/form.html", context, status=status)


# -- what is done with one -------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def open_from_shortlist(request: Visit, shortlist_id: int) -> HttpResponse:
    """One click from a shortlist: `take` is “pinned”, or how many of the first places."""
    shortlist = get_shortlist(request.workspace.pk, shortlist_id)
    take = request.POST.get("take", "pinned")
    first = int(take) if take.isdecimal() and len(take) < 4 else 0
    accounts = queries.accounts_of_shortlist(shortlist, take="first" if first else "pinned", first=first)
    if not accounts:
        messages.warning(request, _("Nobody is pinned for this brief yet: pin creators, or take the first places."))
        return redirect("discovery:brief", request.workspace.slug, shortlist.brief_id)
    made = actions.open_campaign(
        given=queries.said_by_shortlist(shortlist, request.workspace.name),
        brief_id=shortlist.brief_id,
        shortlist_id=shortlist.pk,
        accounts=accounts,
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(
        request, _("The campaign is open. Check its brand and its objective before anybody is written to.")
    )
    return redirect("campaigns:pipeline", request.workspace.slug, made.pk)


@require_POST
@page(Right.CAMPAIGN)
def duplicate(request: Visit, campaign_id: int) -> HttpResponse:
    """`as=template` keeps its words as a template."""
    is_template = request.POST.get("as") == "template"
    source = queries.get_campaign(request.workspace.pk, campaign_id)
    name = request.POST.get("name", "").strip() or _("%(name)s (copy)") % {"name": source.name[:180]}
    made = actions.duplicate_campaign(
        campaign_id=source.pk, name=name, is_template=is_template, actor=request.actor, now=timezone.now()
    )
    said = _("The template is kept.") if is_template else _("The copy is open. Nobody is in it yet.")
    messages.success(request, said)
    return redirect("campaigns:about", request.workspace.slug, made.pk)


@require_POST
@page(Right.CAMPAIGN)
def archive(request: Visit, campaign_id: int) -> HttpResponse:
    found = actions.archive_campaign(campaign_id=campaign_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("“%(name)s” is put away.") % {"name": found.name})
    return redirect("campaigns:campaigns", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def restore(request: Visit, campaign_id: int) -> HttpResponse:
    found = actions.restore_campaign(campaign_id=campaign_id, actor=request.actor, now=timezone.now())
    return redirect("campaigns:campaign", request.workspace.slug, found.pk)
