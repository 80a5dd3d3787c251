"""Correcting what a machine said: the form, what it leaves, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sillage.catalogue import queries as catalogue
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding.actions.corrections import NotCorrectable, correct, withdraw_correction
from sillage.understanding.engine.corrections import Allowed, Form, allowed_of, correctable, labels_in
from sillage.understanding.queries.corrections import Read, corrections_of, find_machine, get_correction, get_read


class SubjectMalformed(Malformed):
    """The address does not say which post, comment or account."""


def _number(given: str) -> int:
    if not given.isdecimal() or len(given) > 19:
        raise SubjectMalformed(
            Sentence("“%(given)s” is no number of a post, comment or account.", given=given),
            Sentence("Open the form from its page."),
        )
    return int(given)


def _meant(request: Visit, given: QueryDict) -> tuple[str, Allowed, Read]:
    """Which enricher and what is corrected, as the address or the form says."""
    enricher = given.get("enricher", "")
    allowed = allowed_of(enricher)
    if allowed is None:
        raise NotCorrectable(
            Sentence("Nobody corrects “%(enricher)s”.", enricher=enricher),
            Sentence("There are %(correctable)s and tags.", correctable=", ".join(correctable())),
        )
    numbers = _number(given.get("account", "")), _number(given.get("subject", ""))
    return enricher, allowed, get_read(request.workspace.pk, numbers[0], given.get("kind", ""), numbers[1])


@require_http_methods(["GET", "POST"])
@page(Right.BRIEF)
def corrections(request: Visit) -> HttpResponse:
    """The form for one thing (a fragment for htmx); on POST, keep what was said and go back to where it was said."""
    if request.method == "GET":
        return _form(request)
    enricher, allowed, read = _meant(request, request.POST)
    correct(
        enricher=enricher,
        account_id=read.account_id,
        subject_kind=read.kind,
        subject_id=read.subject_id,
        value=value_from(request.POST, allowed),
        note=request.POST.get("note", ""),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("Kept. It stands on pages in place of what the machine said, and it teaches."))
    return _back(request)


def value_from(given: QueryDict, allowed: Allowed) -> Mapping[str, Any]:
    """The value that a form's fields `value` hold; what they do not offer is refused by the action."""
    said = given.getlist("value")
    first = said[0] if said else ""
    match allowed.form:
        case Form.YES_NO:
            return {allowed.key: {"yes": True, "no": False}.get(first)}
        case Form.ONE:
            return {allowed.key: first}
        case Form.MANY:
            return {allowed.key: [s for s in said if s]}
        case Form.EACH:
            return {allowed.key: dict(s.rsplit("=", 1) for s in said if "=" in s)}


def _form(request: Visit) -> HttpResponse:
    enricher, allowed, read = _meant(request, request.GET)
    machine = find_machine(read, enricher)
    all_said = corrections_of(request.workspace.pk, read.account_id, read.kind, read.subject_id)
    said = [c for c in all_said if c.enricher == enricher]
    mine = next((c for c in said if c.member_id == request.actor.member_id), None)
    held = labels_in(allowed, mine.value if mine else machine.value if machine else None)
    context = {
        "enricher": enricher,
        "allowed": allowed,
        "read": read,
        "machine": machine,
        "said": said,
        "mine": mine,
        "choices": _choices(request, allowed, held),
        "is_yes": allowed.key in held if mine or machine else None,
        "next": request.GET.get("next") or request.headers.get("HX-Current-URL", ""),
    }
    htmx = request.headers.get("HX-Request") == "true"
    return render(request, f"understanding/{'parts/correct_form' if htmx else 'correct'}.html", context)


def _choices(request: Visit, allowed: Allowed, held: frozenset[str]) -> list[tuple[str, bool]]:
    """(value of a field, whether it holds now)."""
    if allowed.form is Form.EACH:
        keys = [brand.key for brand in catalogue.list_brands(request.workspace.pk)]
        return [(f"{key}={choice}", f"{key}={choice}" in held) for key in keys for choice in allowed.choices]
    return [(choice, choice in held) for choice in allowed.choices]


@require_POST
@page(Right.BRIEF)
def withdraw(request: Visit, correction_id: int) -> HttpResponse:
    """Take back what one said."""
    found = get_correction(request.workspace.pk, correction_id)
    withdraw_correction(correction_id=found.pk, actor=request.actor, now=timezone.now())
    messages.success(request, _("Taken back. What the machine said stands again."))
    return _back(request)


def _back(request: Visit) -> HttpResponse:
    """To the page that the form was opened from, if it is one of ours."""
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return redirect(address)
    return redirect(reverse("understanding:models", args=[request.workspace.slug]))
