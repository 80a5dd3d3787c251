"""Pages of promo codes, tracked links and the orders that a shop reports."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.actions import conversions as conversion_actions
from sillage.campaigns.actions import promo_codes as code_actions
from sillage.campaigns.actions import tracked_links as link_actions
from sillage.campaigns.actions.sales import count_sales
from sillage.campaigns.engine.codes import Validity, discount_of
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.sales import find_feed
from sillage.campaigns.reading_sales import CodeDayMalformed, OrdersFile
from sillage.campaigns.uploaded import on_disk
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.sentences import Sentence

SHOWN_REJECTS = 100
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


# -- codes and links ---------------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def make_codes(request: Visit, campaign_id: int) -> HttpResponse:
    made = code_actions.make_codes(
        campaign_id=campaign_id,
        discount=discount_of(request.POST.get("discount", "")),
        validity=Validity(_day(request, "starts_on"), _day(request, "ends_on")),
        actor=request.actor,
        now=timezone.now(),
    )
    said = ngettext("%(n)s code was made.", "%(n)s codes were made.", len(made)) % {"n": len(made)}
    messages.success(request, said)
    return redirect("campaigns:seeding", request.workspace.slug, campaign_id)


def _day(request: Visit, name: str) -> date | None:
    given = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise CodeDayMalformed(
            Sentence("“%(given)s” is no day.", given=given[:40]), Sentence("Write it as 2026-06-30."), name
        ) from error


@require_POST
@page(Right.CAMPAIGN)
def import_codes(request: Visit, campaign_id: int) -> HttpResponse:
    """Bring in a shop's list of codes; what is set aside is shown with its place."""
    with on_disk(request.FILES.get("file")) as path:
        done = code_actions.import_codes(
            campaign_id=campaign_id,
            path=path,
            separator=_separator(request),
            actor=request.actor,
            now=timezone.now(),
            dry_run=bool(request.POST.get("dry_run")),
        )
    campaign = get_campaign(request.workspace.pk, campaign_id)
    context = {"campaign": campaign, "tab": "seeding", "done": done, "rejects": done.rejects[:SHOWN_REJECTS]}
    return render(request, "campaigns/codes_imported.html", context)


@require_POST
@page(Right.CAMPAIGN)
def end_code(request: Visit, code_id: int) -> HttpResponse:
    code = code_actions.end_code(code_id=code_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The code is ended here. End it in the shop too."))
    return redirect("campaigns:collaboration", request.workspace.slug, code.collaboration_id)


@require_POST
@page(Right.CAMPAIGN)
def make_links(request: Visit, campaign_id: int) -> HttpResponse:
    made = link_actions.make_links(
        campaign_id=campaign_id,
        target=request.POST.get("target", "").strip(),
        actor=request.actor,
        now=timezone.now(),
    )
    said = ngettext("%(n)s link was made.", "%(n)s links were made.", len(made)) % {"n": len(made)}
    messages.success(request, said)
    return redirect("campaigns:seeding", request.workspace.slug, campaign_id)


@require_POST
@page(Right.CAMPAIGN)
def end_link(request: Visit, link_id: int) -> HttpResponse:
    link = link_actions.end_link(link_id=link_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The link is ended: it leads nowhere any more."))
    return redirect("campaigns:collaboration", request.workspace.slug, link.collaboration_id)


@require_POST
@page(Right.CAMPAIGN)
def count(request: Visit, campaign_id: int) -> HttpResponse:
    """Count clicks, orders and revenue now, with receipts."""
    count_sales(campaign_id=campaign_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("Counted. Each number has its receipt."))
    return redirect("campaigns:seeding", request.workspace.slug, campaign_id)


# -- orders ------------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def shop(request: Visit) -> HttpResponse:
    """How the workspace hears of orders: a file, or the shop's signed messages."""
    return render(request, "campaigns/shop.html", _shop(request))


def _shop(request: Visit) -> dict[str, object]:
    hook = reverse("conversions_hook", args=[request.workspace.slug])
    return {
        "feed": find_feed(request.workspace.pk),
        "hook": request.build_absolute_uri(hook),
        "separators": list(SEPARATORS),
        "may_import": Right.CAMPAIGN in request.actor.rights,
        "may_sign": Right.ADMIN in request.actor.rights,
    }


@require_POST
@page(Right.CAMPAIGN)
def import_orders(request: Visit) -> HttpResponse:
    """Bring in a file of orders; with `dry_run` only say what would come in."""
    with on_disk(request.FILES.get("file")) as path:
        done = conversion_actions.import_conversions(
            path=path,
            said=OrdersFile(separator=_separator(request), currency=request.POST.get("currency", "").strip()),
            actor=request.actor,
            now=timezone.now(),
            dry_run=bool(request.POST.get("dry_run")),
        )
    return render(
        request, "campaigns/shop.html", {**_shop(request), "done": done, "rejects": done.rejects[:SHOWN_REJECTS]}
    )


@require_POST
@never_cache
@page(Right.ADMIN)
def make_secret(request: Visit) -> HttpResponse:
    """Make the shop's secret and show it, this once."""
    secret = conversion_actions.make_feed_secret(actor=request.actor, now=timezone.now())
    return render(request, "campaigns/shop.html", {**_shop(request), "secret": secret})


@require_POST
@page(Right.ADMIN)
def end_secret(request: Visit) -> HttpResponse:
    only_old = request.POST.get("which") == "old"
    conversion_actions.end_feed_secrets(actor=request.actor, now=timezone.now(), only_old=only_old)
    messages.success(request, _("Ended. What it signs is refused from now on."))
    return redirect("campaigns:shop", request.workspace.slug)


def _separator(request: Visit) -> str:
    return SEPARATORS.get(request.POST.get("separator", ""), ",")
