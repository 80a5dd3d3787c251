"""A creator's own page, opened by their link: what is stored about them and why, and what they can do about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from sillage.catalogue.actions.rectifying import OF_ACCOUNT, wanted_of
from sillage.desk.queries.privacy import get_own_data
from sillage.desk.views.creator_privacy import copy_response
from sillage.desk.views.privacy import NoSuchChoice, asked_of
from sillage.governance import actions, queries
from sillage.governance.access import Guest, guest_page
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.privacy import RequestKind
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.actions.contesting import contest
from sillage.understanding.queries.account_signals import AUTHENTICITY

SAID = ("asked", "contested")


@require_GET
@guest_page(Purpose.CREATOR)
def creator_self(request: Guest) -> HttpResponse:
    said = request.GET.get("said", "")
    return _page(request, {"said": said if said in SAID else ""})


def _page(request: Guest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {
        "own": get_own_data(request.link.workspace_id, int(request.link.subject_id)),
        "brand": request.link.workspace,
        "controller": queries.find_controller(request.link.workspace_id),
        "until": request.link.expires_at,
        "secret": _secret(request),
        "fields": list(OF_ACCOUNT),
        "kinds": [kind.value for kind in RequestKind if kind is not RequestKind.RECTIFICATION],
        "language": get_language() or "en",
        **more,
    }
    return render(request, "desk/creator_self.html", context, status=status)


@require_POST
@guest_page(Purpose.CREATOR)
def ask(request: Guest) -> HttpResponse:
    """They ask something about their data: the clock runs from now."""
    creator_id = int(request.link.subject_id)
    try:
        wanted = {}
        if request.POST.get("field"):
            account = request.POST.get("account", "")
            wanted = wanted_of(
                {"field": request.POST["field"], "value": request.POST.get("value", ""), "account": account}
            )
            if not any(
                str(seen.account.pk) == account for seen in get_own_data(request.link.workspace_id, creator_id).accounts
            ):
                raise NoSuchChoice(Sentence("This account is not yours."), Sentence("Choose one of the list."))
        asked = asked_of(request.POST, creator_id, wanted=wanted)
        actions.open_data_request(asked=asked, actor=request.actor, now=timezone.now(), link=request.link)
    except Refusal as error:
        return _page(request, {"ask_error": error}, error.status)
    return redirect(f"{_address(request)}?said=asked#requests")


def _wanted(request: Guest, creator_id: int) -> dict[str, Any]:
    """The value that should stand in a field of an account of theirs; nothing where they say it in words only."""
    if not request.POST.get("field"):
        return {}
    wanted = wanted_of({name: request.POST.get(name, "") for name in ("account", "field", "value")})
    subject = queries.get_subject(request.link.workspace_id, "creator", creator_id)
    if wanted["account"] not in {str(a) for a in subject.account_ids}:
        raise NoSuchChoice(Sentence("This account is not yours."), Sentence("Choose one of the list."))
    return wanted


@require_POST
@guest_page(Purpose.CREATOR)
def contest_score(request: Guest, account_id: int) -> HttpResponse:
    """They say what is wrong with what a machine says of an account of theirs."""
    try:
        contest(
            account_id=account_id,
            enricher=request.POST.get("enricher", AUTHENTICITY),
            text=request.POST.get("text", ""),
            stated_by=request.POST.get("stated_by", ""),
            actor=request.actor,
            now=timezone.now(),
            link=request.link,
        )
    except Refusal as error:
        return _page(request, {"contest_error": error, "given": request.POST}, error.status)
    return redirect(f"{_address(request)}?said=contested#account-{account_id}")


@require_GET
@guest_page(Purpose.CREATOR)
def own_copy(request: Guest, form: str) -> HttpResponse:
    """Everything that is stored about them, to take along."""
    creator_id = int(request.link.subject_id)
    subject = queries.get_subject(request.link.workspace_id, "creator", creator_id)
    return copy_response(queries.copy_of(request.link.workspace_id, subject, timezone.now()), creator_id, form)


def _secret(request: Guest) -> str:
    """What the address was opened with: the page's forms lead back to it."""
    match = request.resolver_match
    return str(match.kwargs["secret"]) if match else ""


def _address(request: Guest) -> str:
    return reverse("desk:creator_self", args=[_secret(request)])
