"""Bringing files in from the browser: try, import, and what became of the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from sillage.catalogue import queries
from sillage.catalogue.actions.came_in import CameIn, tell
from sillage.catalogue.actions.import_run import ImportReport
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.actions.storing import Kept
from sillage.catalogue.engine.examples import EXAMPLES, example_of
from sillage.catalogue.engine.shipped import shipped_mappings
from sillage.catalogue.export import WORKBOOK_TYPE, example_workbook, rejects_csv
from sillage.catalogue.forms import MAPPING_WORDS, OWN, SEPARATORS, ImportForm
from sillage.catalogue.rejects import read_rejects
from sillage.catalogue.uploaded import chosen_mapping, on_disk, written_as
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right, require
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Grouped, Sentence, told

SHOWN_REJECTS = 100
_KINDS = {
    "accounts": gettext_lazy("Accounts"),
    "posts": gettext_lazy("Posts"),
    "comments": gettext_lazy("Comments"),
    "observations": gettext_lazy("Numbers"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A mapping that can be chosen, what it is for and which columns it reads."""

    name: str
    words: str | Promise
    columns: tuple[str, ...]
    has_example: bool


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.READ)
def imports(request: Visit) -> HttpResponse:
    """The last imports; for those who may, the form that tries or imports one more file."""
    if request.method != "POST":
        return _page(request, ImportForm())
    require(request.actor, Right.CATALOGUE)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        report = _read(request, form.cleaned_data, dry_run=request.POST.get("then") != "import")
    except Refusal as refusal:
        said, _end, excerpt = refusal.message.partition("\n")
        return _page(request, form, status=refusal.status, refusal=refusal, said=said, excerpt=excerpt)
    if report.is_dry_run:
        shown = report.rejects[:SHOWN_REJECTS]
        tried: dict[str, Any] = {
            "tried": report,
            "counts": _counts(report),
            "rejects": shown,
            "more": report.refused - len(shown),
        }
        return _page(request, form, file_name=form.cleaned_data["file"].name, **tried)
    _say(request, form.cleaned_data["file"].name, report)
    if report.already_imported_at is None and any(kept.new + kept.changed for _words, kept in _counts(report)):
        tell(CameIn(request.actor, timezone.now()))
    return redirect("catalogue:imports", request.workspace.slug)


def _read(request: Visit, given: dict[str, Any], *, dry_run: bool) -> ImportReport:
    is_own = given["mapping"] == OWN
    mapping = chosen_mapping("" if is_own else given["mapping"], given["own"] if is_own else "")
    with on_disk(given["file"]) as path:
        return import_file(
            workspace_id=request.workspace.pk,
            path=path,
            mapping=written_as(mapping, SEPARATORS.get(given["separator"], ""), given["encoding"], given["sheet"]),
            actor=request.actor,
            now=timezone.now(),
            dry_run=dry_run,
        )


def _page(request: Visit, form: ImportForm, *, status: int = 200, **more: Any) -> HttpResponse:
    offered = [
        Offered(name, words, shipped_mappings()[name].columns, name in EXAMPLES)
        for name, words in MAPPING_WORDS.items()
    ]
    context = {"form": form, "imports": queries.list_imports(request.workspace.pk), "offered": offered, **more}
    return render(request, "catalogue/imports.html", context, status=status)


def _counts(report: ImportReport) -> list[tuple[str | Promise, Kept]]:
    counts = [(words, getattr(report.done, kind)) for kind, words in _KINDS.items()]
    return [(words, kept) for words, kept in counts if kept != Kept()]


def _say(request: Visit, file_name: str, report: ImportReport) -> None:
    """What the list of imports does not say by itself."""
    if report.already_imported_at is not None:
        said = Sentence("%(file)s came in before through this mapping: nothing changed.", file=file_name)
        return messages.info(request, told(said))
    kept: dict[str, Kept] = {kind: getattr(report.done, kind) for kind in _KINDS}
    came = {kind: Grouped(k.new + k.changed) for kind, k in kept.items()}
    said = Sentence(
        "%(file)s came in. New or changed: accounts %(accounts)s, posts %(posts)s, comments %(comments)s, "
        "numbers %(observations)s. Set aside: %(refused)s of %(rows)s rows.",
        file=file_name,
        refused=Grouped(report.refused),
        rows=Grouped(report.rows),
        **came,
    )
    messages.success(request, told(said))
    if report.on_sheets:
        messages.warning(request, told(report.on_sheets))
    if report.done.forgotten:
        left = Sentence(
            "Accounts left out, because the person behind them asked to be forgotten: %(forgotten)s.",
            forgotten=Grouped(report.done.forgotten),
        )
        messages.warning(request, told(left))


@require_GET
@page(Right.READ)
def rejects(request: Visit, import_id: int) -> HttpResponse:
    """Every row that an import set aside, as a file for a spreadsheet."""
    found = queries.get_import(request.workspace.pk, import_id)
    path = Path(found.rejects_path)
    if not found.rows_refused or not path.is_file():
        raise NotFound(
            Sentence("No rows of %(file)s were kept aside.", file=found.file_name),
            Sentence("They stand where it was imported, unless the people in them were forgotten."),
        )
    pieces = rejects_csv(read_rejects(path, found.counts.get("rejects_bytes", 0)))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="set-aside-{found.pk}.csv"'
    return cast(HttpResponse, answer)  # doors treat a streamed one alike


@require_GET
@page(Right.READ)
def example(request: Visit, name: str) -> HttpResponse:
    """A file to begin with: the columns of a mapping and a few invented rows."""
    if name not in EXAMPLES:
        raise NotFound(
            Sentence("There is no example for the mapping “%(name)s”.", name=name),
            Sentence("Examples there are: %(names)s.", names=", ".join(EXAMPLES)),
        )
    if request.GET.get("format") == "xlsx":
        answer = HttpResponse(example_workbook(shipped_mappings()[name]), content_type=WORKBOOK_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{name}-example.xlsx"'
        return answer
    text = example_of(shipped_mappings()[name], SEPARATORS.get(request.GET.get("separator", ""), ","))
    answer = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-example.csv"'
    return answer
