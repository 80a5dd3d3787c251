"""Data protection of a workspace: who is responsible, due notices, requests with their clocks, retention, the record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.actions.rectifying import rectify
from sillage.desk.queries.privacy import clocked
from sillage.governance import actions, queries
from sillage.governance.access import Visit, page
from sillage.governance.actions.notices import FIELDS
from sillage.governance.engine.actors import Right
from sillage.governance.engine.personal_data import registered
from sillage.governance.engine.privacy import CameBy, RequestKind
from sillage.governance.engine.processing_record import processings
from sillage.governance.engine.retention import retention_rules
from sillage.lib.errors import Malformed, NotFound
from sillage.lib.sentences import Sentence

DUE_SHOWN = 25
CLOSED_SHOWN = 50


class NoSuchChoice(Malformed):
    """A form of data protection came with a value that it does not offer."""


@require_GET
@page(Right.READ)
def privacy(request: Visit) -> HttpResponse:
    """Everything that is due. With ?count=1 it also counts what the retention rules would remove now."""
    now, here = timezone.now(), request.workspace.pk
    counted = actions.count_retained(here, now) if request.GET.get("count") else None
    context = {
        "controller": queries.find_controller(here),
        "due": catalogue.list_due_notices(here, now, DUE_SHOWN),
        "due_counts": {urgency.value: n for urgency, n in catalogue.count_due_notices(here, now).items()},
        "open_requests": clocked(here, queries.list_data_requests(here, is_open=True), now),
        "closed_requests": clocked(here, queries.list_data_requests(here, is_open=False)[:CLOSED_SHOWN], now),
        "rules": [(rule, None if counted is None else counted[rule.id]) for rule in retention_rules()],
        "may_answer": Right.ERASE in request.actor.rights,
        "may_administrate": Right.ADMIN in request.actor.rights,
        "language": get_language() or "en",
    }
    return render(request, "desk/privacy.html", context)


@require_POST
@page(Right.ADMIN)
def name_controller(request: Visit) -> HttpResponse:
    given = {name: request.POST[name] for name in FIELDS if name in request.POST}
    actions.name_controller(given=given, actor=request.actor, now=timezone.now())
    messages.success(request, _("Written down. Notices and the record say it."))
    return redirect("desk:privacy", request.workspace.slug)


@require_POST
@page(Right.ERASE)
def retain(request: Visit) -> HttpResponse:
    removed = actions.retain(actor=request.actor, now=timezone.now())
    n = sum(removed.values())
    messages.success(request, _("Done: %(n)s rows were kept long enough and are gone.") % {"n": n})
    return redirect("desk:privacy", request.workspace.slug)


@require_GET
@page(Right.READ)
def record(request: Visit) -> HttpResponse:
    """The record of processing, made from what the tables hold."""
    context = {
        "controller": queries.find_controller(request.workspace.pk),
        "processings": processings(registered(), retention_rules()),
        "language": get_language() or "en",
    }
    return render(request, "desk/privacy_record.html", context)


# -- requests --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page(Right.ERASE)
def data_request(request: Visit, request_id: int) -> HttpResponse:
    """One request with its history; on POST, what was decided about it."""
    if request.method == "POST":
        return _decide(request, request_id)
    asked = queries.get_data_request(request.workspace.pk, request_id)
    entries = queries.list_entries(request.workspace.pk, subject_kind="data_request", subject_id=str(request_id))
    (shown,) = clocked(request.workspace.pk, [asked], timezone.now())
    context = {
        "asked": asked,
        "shown": shown,
        "entries": entries.items,
        "restrictions": queries.list_restrictions_of(request.workspace.pk, asked.subject_kind, asked.subject_id),
        "is_open": asked.state == "open",
        "is_gone": shown.name is None,
    }
    return render(request, "desk/privacy_request.html", context)


def _decide(request: Visit, request_id: int) -> HttpResponse:
    by: dict[str, Any] = {"actor": request.actor, "now": timezone.now()}
    text = request.POST.get("text", "")
    match request.POST.get("do"):
        case "check":
            actions.check_identity(request_id=request_id, how=text, **by)
            messages.success(request, _("Written down."))
        case "extend":
            actions.extend_data_request(request_id=request_id, reason=text, **by)
            messages.success(request, _("Two more months. Tell the person why."))
        case "answer":
            actions.answer_data_request(request_id=request_id, answer=text, **by)
            messages.success(request, _("Answered. The creator sees it on their page."))
        case "refuse":
            actions.refuse_data_request(request_id=request_id, reason=text, **by)
            messages.success(request, _("Refused, with the reason."))
        case "rectify":
            rectify(request_id=request_id, **by)
            messages.success(request, _("Put right, also against what the source says later."))
        case "erase":
            asked = queries.get_data_request(request.workspace.pk, request_id)
            creator = catalogue.get_creator_by_id(request.workspace.pk, int(asked.subject_id))
            forget(key=creator.key, request_id=request_id, **by)
            messages.success(request, _("Erased, and answered."))
        case "lift":
            actions.lift_restriction(restriction_id=_restriction(request), **by)
            messages.success(request, _("Lifted: briefs may find them again."))
        case other:
            raise NoSuchChoice(
                Sentence("“%(other)s” is not to be done with a request.", other=other),
                Sentence("Choose one of the buttons."),
            )
    return redirect("desk:data_request", request.workspace.slug, request_id)


def _restriction(request: Visit) -> int:
    given = request.POST.get("restriction", "")
    if not given.isdigit() or len(given) > 18:
        raise NotFound(Sentence("No restriction “%(given)s”.", given=given), Sentence("Open the page again."))
    return int(given)


def asked_of(given: Any, creator_id: int, **more: Any) -> actions.Asked:
    """A request out of a form. Raises NoSuchChoice."""
    try:
        kind, came_by = RequestKind(given.get("kind", "")), CameBy(given.get("came_by", CameBy.EMAIL.value))
    except ValueError as error:
        raise NoSuchChoice(Sentence("The form's choice is not known."), Sentence("Choose one of the list.")) from error
    return actions.Asked(
        kind=kind,
        subject_kind="creator",
        subject_id=creator_id,
        requester=given.get("requester", ""),
        contact=given.get("contact", ""),
        came_by=came_by,
        text=given.get("text", ""),
        **more,
    )


def request_url(request: Visit, request_id: int) -> str:
    return reverse("desk:data_request", args=[request.workspace.slug, request_id])
