"""Brands in the browser: which are looked for, one more, a file of them, and one by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sillage.catalogue import queries
from sillage.catalogue.actions.brands import BrandsImported, add_brand, change_brand, import_brands, remove_brand
from sillage.catalogue.actions.came_in import CameIn, tell
from sillage.catalogue.engine.brand_file import BrandFileMalformed, read_brands
from sillage.catalogue.forms import BrandForm
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Grouped, Sentence, told

MOST_BYTES = 2 * 1024 * 1024
SHOWN_REFUSED = 100
_AGAIN = Sentence("Posts are being read again for it; this page says how far that is.")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.READ)
def brands(request: Visit) -> HttpResponse:
    """The workspace's brands; on POST, one more."""
    if request.method != "POST":
        return _list(request, BrandForm())
    require(request.actor, Right.CATALOGUE)
    form = BrandForm(request.POST)
    status, refusal = 422, None
    if form.is_valid():
        try:
            brand = add_brand(said=form.said(), actor=request.actor, now=timezone.now())
        except Refusal as refused:
            status, refusal = refused.status, _above(form, refused)
        else:
            return _done(request, Sentence("%(name)s is looked for from now on.", name=brand.name))
    return _list(request, form, refusal=refusal, status=status)


@require_POST
@page(Right.CATALOGUE)
def bring_in(request: Visit) -> HttpResponse:
    """Bring in a file of brands; lines that were refused are shown."""
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > MOST_BYTES:
            raise BrandFileMalformed(
                Sentence("No file came, or one of more than 2 MB."), Sentence("Choose a CSV with a line per brand.")
            )
        name = (file.name or "")[:200]
        lines = read_brands(name, file.read())
        done = import_brands(file=name, lines=lines, actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        return _list(request, BrandForm(), file_refusal=refusal, status=refusal.status)
    if not done.refused:
        return _done(request, _of_file(name, done), reads=bool(done.new + done.changed))
    if done.new + done.changed:
        tell(CameIn(request.actor, timezone.now()))
    refused = done.refused[:SHOWN_REFUSED]
    more = len(done.refused) - len(refused)
    return _list(request, BrandForm(), came=told(_of_file(name, done)), refused=refused, more=more)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.READ)
def brand(request: Visit, key: str) -> HttpResponse:
    """One brand; on POST, changed."""
    found = queries.get_brand(request.workspace.pk, key)
    said = queries.brand_as_said(found)
    context: dict[str, Any] = {"brand": found, "form": BrandForm.of(said), "stamp": said.stamp}
    if request.method != "POST":
        return render(request, "catalogue/brand.html", context)
    require(request.actor, Right.CATALOGUE)
    form = BrandForm(request.POST)
    status, refusal = 422, None
    if form.is_valid():
        given, seen = form.said(), request.POST.get("seen", "")
        fields = {field: getattr(given, field) for field in form.fields}
        try:
            found = change_brand(key=key, **fields, seen=seen, actor=request.actor, now=timezone.now())
        except Refusal as refused:
            status, refusal = refused.status, _above(form, refused)
        else:
            return _done(request, Sentence("%(name)s is changed.", name=found.name))
    context |= {"form": form, "refusal": refusal}
    return render(request, "catalogue/brand.html", context, status=status)


@require_POST
@page(Right.CATALOGUE)
def remove(request: Visit, key: str) -> HttpResponse:
    """Look for a brand no more."""
    name = queries.get_brand(request.workspace.pk, key).name
    remove_brand(key=key, actor=request.actor, now=timezone.now())
    return _done(request, Sentence("%(name)s is looked for no more.", name=name))


def _above(form: BrandForm, refusal: Refusal) -> Refusal | None:
    """A refusal to say above the form; None where it is said beside the field that is malformed."""
    if not (isinstance(refusal, Malformed) and refusal.path and refusal.path[0] in form.fields):
        return refusal
    form.add_error(str(refusal.path[0]), f"{refusal.message} {refusal.hint}")
    return None


def _done(request: Visit, said: Sentence, *, reads: bool = True) -> HttpResponse:
    """Say it, have posts read anew, and go to the list."""
    if reads:
        tell(CameIn(request.actor, timezone.now()))
    messages.success(request, f"{told(said)} {told(_AGAIN)}" if reads else told(said))
    return redirect("catalogue:brands", request.workspace.slug)


def _of_file(name: str, done: BrandsImported) -> Sentence:
    return Sentence(
        "%(file)s came in. Brands that are new: %(new)s, added to: %(changed)s, as they were: %(same)s. Refused lines: "
        "%(refused)s.",
        file=name,
        new=Grouped(done.new),
        changed=Grouped(done.changed),
        same=Grouped(done.same),
        refused=Grouped(len(done.refused)),
    )


def _list(request: Visit, form: BrandForm, *, status: int = 200, **more: Any) -> HttpResponse:
    mentions = queries.mentions_of_brands(request.workspace.pk)
    found = queries.list_brands(request.workspace.pk)
    context = {
        "form": form,
        "lines": [(brand, mentions.get(brand.key)) for brand in found],
        "may_change": Right.CATALOGUE in request.actor.rights,
        **more,
    }
    return render(request, "catalogue/brands.html", context, status=status)
