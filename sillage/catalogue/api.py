"""The API of the catalogue: accounts and creators, imports, connections, what is covered."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from django.utils import timezone
from ninja import File, Form, Query, Router, UploadedFile
from pydantic import Field

from sillage.catalogue import queries
from sillage.catalogue.actions import brands, connecting
from sillage.catalogue.actions.forgetting import Forgotten as Erasure
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.actions.import_run import ImportReport
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.engine.brands import BrandSaid
from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.engine.shipped import shipped_mappings
from sillage.catalogue.models import Brand
from sillage.catalogue.queries.account_pages import page_of_accounts
from sillage.catalogue.shapes import (
    AccountDetail,
    AccountShape,
    BrandChanges,
    BrandGiven,
    BrandShape,
    ConnectionsGiven,
    ConnectionShape,
    CoverageShape,
    CreatorDetail,
    FacetsShape,
    Filters,
    Forgotten,
    ImportReportShape,
    ImportShape,
    MappingShape,
    SortName,
    VisitedShape,
    account_shape,
)
from sillage.catalogue.uploaded import chosen_mapping, on_disk, written_as
from sillage.governance import queries as governance
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Limit, Rows, rows
from sillage.lib.receipts import metric_of

router = Router(tags=["catalogue"])

SHOWN_REJECTS = 100

SearchWords = Annotated[str, Field(max_length=300)]


# -- accounts and creators -------------------------------------------------------------------------------------------


def _accounts(workspace_id: int, ids: list[int]) -> list[dict[str, Any]]:
    found = queries.list_accounts(workspace_id, ids)
    receipts = governance.latest_receipts(workspace_id, "account", [str(i) for i in ids])
    return [account_shape(found[i], receipts.get(str(i))) for i in ids if i in found]


@router.get("/accounts", **allowed(Right.READ), response=Rows[AccountShape])
def list_accounts(
    request: Call,
    filters: Query[Filters],
    words: SearchWords = "",
    sort: SortName = "followers",
    descending: bool = True,
    cursor: str | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Accounts that pass every filter. With words (names, handles, words in posts) the best 500 matches, best first."""
    page = page_of_accounts(
        workspace_id=request.auth.workspace_id,
        filters=filters.read(),
        words=words,
        sort=sort,
        descending=descending,
        cursor=cursor,
        limit=limit,
    )
    return rows(_accounts(request.auth.workspace_id, page.items), page.next_cursor)


@router.get("/accounts/facets", **allowed(Right.READ), response=FacetsShape)
def facets(request: Call, filters: Query[Filters]) -> dict[str, Any]:
    """How many of the accounts that pass have each network, country, language, size, theme, format and brand."""
    found = queries.facets(workspace_id=request.auth.workspace_id, filters=filters.read())
    return {
        "total": found.total,
        "facets": {
            facet: [{"value": c.value, "accounts": c.cards, "standard_error": c.standard_error} for c in counts]
            for facet, counts in found.counts.items()
        },
        "total_standard_error": found.total_error,
        "counted_at": found.counted_at,
    }


@router.get("/accounts/{key}", **allowed(Right.READ), response=AccountDetail)
def get_account(request: Call, key: str) -> dict[str, Any]:
    """One account, by id, network:handle or network:network_id, with every number and the receipt that proves it."""
    account = queries.get_account(request.auth.workspace_id, key)
    proven = governance.latest_receipts(account.workspace_id, "account", [str(account.pk)]).get(str(account.pk), {})
    copied = ("bio", "created_at", "first_seen_at", "fetched_at")
    numbers = []
    for name, receipt in sorted(proven.items()):
        metric = metric_of(name, receipt.version)
        shown = {field: getattr(receipt, field) for field in ("metric", "value", "source_class", "n", "computed_at")}
        numbers.append({**shown, "unit": metric.unit if metric else None, "receipt": receipt.key})
    return {
        **account_shape(account, proven),
        **{name: getattr(account, name) for name in copied},
        "declared_languages": account.languages,
        "numbers": numbers,
    }


@router.get("/creators/{key}", **allowed(Right.READ), response=CreatorDetail)
def get_creator(request: Call, key: str) -> dict[str, Any]:
    """A creator, by key, number or the key of one of their accounts, with all of their accounts."""
    creator = queries.get_creator(request.auth.workspace_id, key)
    ids = [account.pk for account in queries.list_accounts_of(creator)]
    accounts = _accounts(request.auth.workspace_id, ids)
    return {"id": creator.pk, "key": creator.key, "name": creator.name, "accounts": accounts}


@router.delete("/creators/{key}", **allowed(Right.ERASE), response=Forgotten)
def forget_creator(request: Call, key: str) -> Erasure:
    """Remove a person everywhere, for good, and say what was removed. No import brings them back."""
    return forget(key=key, actor=request.auth, now=timezone.now())


@router.get("/brands", **allowed(Right.READ), response=Rows[BrandShape])
def list_brands(request: Call) -> dict[str, Any]:
    """Brands whose mentions are looked for."""
    return rows(queries.list_brands(request.auth.workspace_id))


@router.post("/brands", **allowed(Right.CATALOGUE), response={201: BrandShape})
def add_brand(request: Call, given: BrandGiven) -> Brand:
    """Have a brand looked for. Posts are read anew for it at the next reading: `POST readings`."""
    said = BrandSaid(given.name, tuple(given.aliases), tuple(given.handles), tuple(given.hashtags), given.sector)
    return brands.add_brand(said=said, key=given.key, actor=request.auth, now=timezone.now())


@router.patch("/brands/{key}", **allowed(Right.CATALOGUE), response=BrandShape)
def change_brand(request: Call, key: str, given: BrandChanges) -> Brand:
    """Change how a brand is called and recognised; its key stays. Posts are read anew at the next reading."""
    return brands.change_brand(key=key, **given.model_dump(), actor=request.auth, now=timezone.now())


@router.delete("/brands/{key}", **allowed(Right.CATALOGUE), response={204: None})
def remove_brand(request: Call, key: str) -> None:
    """Look for a brand no more. What names its key stays as it is and finds nobody by it from the next reading on."""
    brands.remove_brand(key=key, actor=request.auth, now=timezone.now())


@router.get("/coverage", **allowed(Right.READ), response=CoverageShape)
def get_coverage(request: Call) -> Any:
    """Per network, country and language: accounts, posts, freshness; and what is not covered."""
    return queries.get_coverage(request.auth.workspace_id)


# -- imports ---------------------------------------------------------------------------------------------------------


@router.get("/mappings", **allowed(Right.READ), response=Rows[MappingShape])
def list_mappings(request: Call) -> dict[str, Any]:
    """The mappings that come with Sillage."""
    return rows(shipped_mappings().values())


@router.get("/imports", **allowed(Right.READ), response=Rows[ImportShape])
def list_imports(request: Call) -> dict[str, Any]:
    """The last 100 imports, the newest first."""
    return rows(queries.list_imports(request.auth.workspace_id))


def _imported(request: Call, file: UploadedFile, mapping: Mapping, *, dry_run: bool) -> ImportReport:
    with on_disk(file) as path:
        report = import_file(
            workspace_id=request.auth.workspace_id,
            path=path,
            mapping=mapping,
            actor=request.auth,
            now=timezone.now(),
            dry_run=dry_run,
        )
    return replace(report, rejects=report.rejects[:SHOWN_REJECTS])


@router.post("/imports", **allowed(Right.CATALOGUE, kept=Kept.AFTERWARDS), response=ImportReportShape)
def start_import(
    request: Call,
    file: File[UploadedFile],
    mapping: Form[str] = "",
    mapping_toml: Form[str] = "",
    sheet: Form[str] = "",
) -> ImportReport:
    """Bring in a CSV, Excel (.xlsx), JSONL or Parquet file, plain or .gz, of up to 20 MB; answers when it has come in.

    A refused row is set aside, the rest comes in. The same file through the same mapping changes nothing. `sheet` names the
    sheet of a workbook; without it the first one is read, and `sheets_left` says which others hold something.
    """
    return _imported(request, file, written_as(chosen_mapping(mapping, mapping_toml), sheet=sheet), dry_run=False)


@router.post("/imports/dry-run", **allowed(Right.CATALOGUE, kept=Kept.NEEDLESS), response=ImportReportShape)
def try_import(
    request: Call,
    file: File[UploadedFile],
    mapping: Form[str] = "",
    mapping_toml: Form[str] = "",
    sheet: Form[str] = "",
) -> ImportReport:
    """What an import would bring in, and every row that it would set aside. Writes nothing."""
    return _imported(request, file, written_as(chosen_mapping(mapping, mapping_toml), sheet=sheet), dry_run=True)


# -- connections -----------------------------------------------------------------------------------------------------


@router.get("/connections", **allowed(Right.READ), response=Rows[ConnectionShape])
def list_connections(request: Call) -> dict[str, Any]:
    """What is fetched from networks, and how far each got."""
    return rows(queries.list_connections(request.auth.workspace_id))


@router.post("/connections", **allowed(Right.CATALOGUE), response={201: Rows[ConnectionShape]})
def connect(request: Call, given: ConnectionsGiven) -> dict[str, Any]:
    """Remember handles, channel ids or feed addresses to fetch. One that is paused is resumed."""
    made = connecting.connect(network=given.network, targets=given.targets, actor=request.auth, now=timezone.now())
    return rows(made)


@router.post(
    "/connections/{int:connection_id}/fetch",
    **allowed(Right.CATALOGUE, kept=Kept.AFTERWARDS),
    response=VisitedShape,
)
def fetch(request: Call, connection_id: int) -> Any:
    """Visit one connection now; answers when the network has been read, which can take minutes."""
    return connecting.fetch(connection_id=connection_id, actor=request.auth, now=timezone.now())
