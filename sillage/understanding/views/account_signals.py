"""Pages about an account as a whole: authenticity with what is said against it, expected results, originality, archives."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.catalogue import queries as catalogue
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.sentences import Sentence
from sillage.understanding.actions.archiving import archive_texts
from sillage.understanding.actions.contesting import answer_contest, contest
from sillage.understanding.engine.archive_file import MOST_BYTES, ArchiveMalformed, texts_in
from sillage.understanding.models import Contest
from sillage.understanding.queries.account_sections import (
    authenticity_section,
    expected_section,
    originality_section,
)
from sillage.understanding.queries.account_signals import AUTHENTICITY, ORIGINALITY
from sillage.understanding.queries.originality import list_archive


@require_GET
@page(Right.READ)
def authenticity(request: Visit, account_id: int) -> HttpResponse:
    return render(request, "understanding/authenticity.html", _authenticity_context(request, account_id))


def _authenticity_context(request: Visit, account_id: int) -> dict[str, Any]:
    account = catalogue.get_account(request.workspace.pk, str(account_id))
    return {
        "title_text": _("Do the numbers fit together?"),
        "account": account,
        "seen": authenticity_section(account),
        "may_answer": Right.BRIEF in request.actor.rights,
        "may_link": Right.CAMPAIGN in request.actor.rights,
    }


@require_GET
@page(Right.READ)
def expected(request: Visit, account_id: int) -> HttpResponse:
    account = catalogue.get_account(request.workspace.pk, str(account_id))
    context = {
        "title_text": _("What a next post may come to"),
        "account": account,
        "seen": expected_section(account),
    }
    return render(request, "understanding/expected.html", context)


@require_GET
@page(Right.READ)
def originality(request: Visit, account_id: int) -> HttpResponse:
    account = catalogue.get_account(request.workspace.pk, str(account_id))
    context = {
        "title_text": _("Originality"),
        "account": account,
        "seen": originality_section(account),
        "may_answer": Right.BRIEF in request.actor.rights,
    }
    return render(request, "understanding/originality.html", context)


# -- contests --------------------------------------------------------------------------------------------------------


@require_POST
@page(Right.BRIEF)
def contest_account(request: Visit, account_id: int) -> HttpResponse:
    """A member writes down what a creator said."""
    contest(
        account_id=account_id,
        enricher=request.POST.get("enricher", AUTHENTICITY),
        text=request.POST.get("text", ""),
        stated_by=request.POST.get("stated_by", ""),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("Kept. It stands beside the interval."))
    return redirect(f"{reverse('understanding:authenticity', args=[request.workspace.slug, account_id])}#contests")


@require_POST
@page(Right.BRIEF)
def answer(request: Visit, contest_id: int) -> HttpResponse:
    found = answer_contest(
        contest_id=contest_id, answer=request.POST.get("answer", ""), actor=request.actor, now=timezone.now()
    )
    messages.success(request, _("Answered. The creator sees it by their link."))
    return redirect(_page_of(request, found))


def _page_of(request: Visit, found: Contest) -> str:
    name = "originality" if found.enricher == ORIGINALITY else "authenticity"
    address = reverse(f"understanding:{name}", args=[request.workspace.slug, found.account_id])
    return f"{address}#contest-{found.pk}"


# -- archives of brands ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page(Right.READ)
def archive(request: Visit) -> HttpResponse:
    """What brands published before; on POST, texts of a file are added."""
    if request.method == "POST":
        return _add_to_archive(request)
    brands = catalogue.list_brands(request.workspace.pk)
    names = {brand.key: brand.name for brand in brands}
    context = {
        "archives": [(key, names.get(key, key), n) for key, n in list_archive(request.workspace.pk)],
        "brands": brands,
        "may_add": Right.CATALOGUE in request.actor.rights,
    }
    return render(request, "understanding/archive.html", context)


def _add_to_archive(request: Visit) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.name:
        raise ArchiveMalformed(Sentence("No file came with the form."), Sentence("Choose one and send again."))
    texts = texts_in(file.name, file.read(MOST_BYTES + 1))
    added = archive_texts(brand_key=request.POST.get("brand", ""), texts=texts, actor=request.actor, now=timezone.now())
    messages.success(
        request,
        ngettext("%(n)s text is new in the archive.", "%(n)s texts are new in the archive.", added) % {"n": added},
    )
    return redirect("understanding:archive", request.workspace.slug)
