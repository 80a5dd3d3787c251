"""How the catalogue's things look in JSON: for its own API and those of the rooms above. Missing is null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.governance.models import Receipt
from sillage.governance.shapes import BigId, Given

Words = list[str]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, lt=2**63)]


class Filters(Given):
    """All conditions hold together; within a list any value will do, but `*_all` means every and `*_none` not one."""

    networks: Words = []
    countries: Words = Field(default=[], description="ISO 3166-1 alpha-2, as declared")
    languages: Words = Field(default=[], description="ISO 639, as written")
    min_followers: Count | None = None
    max_followers: Count | None = None
    themes_any: Words = []
    themes_all: Words = []
    themes_none: Words = []
    brands_any: Words = []
    brands_none: Words = []
    formats: Words = []
    min_engagement_percentile: Share | None = None
    active_since: date | None = None
    max_sponsored_share: Share | None = None
    no_warnings: bool = False
    only_authenticated: bool = False
    without_accounts: list[BigId] = []
    without_creators: list[BigId] = []

    def read(self) -> CardFilters:
        """The conditions that are set. Raises what CardFilters.parse raises."""
        return CardFilters.parse(self.model_dump(exclude_unset=True))


class CreatorShape(Schema):
    id: int
    key: str
    name: str


class AccountShape(Schema):
    """An account with what its card says; the card's fields are null until its posts have been read.

    `receipts` prove the numbers: the key of the newest receipt per metric.
    """

    id: BigId
    key: str
    network: str
    handle: str
    name: str
    url: str
    country: str | None
    creator: CreatorShape
    languages: list[str] | None
    themes: list[str] | None
    brands: list[str] | None
    formats: list[str] | None
    warnings: list[str] | None
    followers: int | None
    engagement_rate: float | None
    engagement_percentile: float | None
    posts_per_week: float | None
    sponsored_share: float | None
    last_post_on: date | None
    posts_read: int | None
    has_authenticated: bool | None
    receipts: dict[str, str]


OF_THE_ACCOUNT = ("id", "key", "network", "handle", "name", "url", "country", "creator")
OF_THE_CARD = (
    *("languages", "themes", "brands", "formats", "warnings", "followers", "engagement_rate", "engagement_percentile"),
    *("posts_per_week", "sponsored_share", "last_post_on", "posts_read", "has_authenticated"),
)


def account_shape(account: Account, receipts: Mapping[str, Receipt] | None = None) -> dict[str, Any]:
    card = getattr(account, "card", None)
    return {
        **{name: getattr(account, name) for name in OF_THE_ACCOUNT},
        **{name: getattr(card, name, None) for name in OF_THE_CARD},
        "receipts": {metric: receipt.key for metric, receipt in (receipts or {}).items()},
    }


class NumberShape(Schema):
    """A number with what proves it; see `/receipts/{receipt}`."""

    metric: str
    value: float | None
    unit: str | None
    source_class: str
    n: int
    computed_at: datetime
    receipt: str


class AccountDetail(AccountShape):
    bio: str
    declared_languages: list[str]
    created_at: datetime | None
    first_seen_at: datetime
    fetched_at: datetime
    numbers: list[NumberShape]


class CreatorDetail(CreatorShape):
    accounts: list[AccountShape]


class Forgotten(Schema):
    """What an erasure removed: rows per kind."""

    accounts: int
    removed: dict[str, int]


class FacetValue(Schema):
    """`value` null is "not known". An estimate carries its standard error, in accounts."""

    value: str | None
    accounts: int
    standard_error: float | None


class FacetsShape(Schema):
    """Counts among the accounts that pass, per facet. With a `total_standard_error` all of them are estimates."""

    total: int
    facets: dict[str, list[FacetValue]]
    total_standard_error: float | None
    counted_at: datetime | None


class BrandShape(Schema):
    key: str
    name: str
    handles: list[str]
    hashtags: list[str]
    aliases: list[str]
    sector: str


class BrandGiven(Given):
    """A brand as posts write it. @ and # may be left out; its key is made of the name unless given."""

    name: str
    aliases: Words = []
    handles: Words = []
    hashtags: Words = []
    sector: str = ""
    key: str = ""


class BrandChanges(Given):
    """What is to change; what is left out stays."""

    name: str | None = None
    aliases: Words | None = None
    handles: Words | None = None
    hashtags: Words | None = None
    sector: str | None = None


class CoverShape(Schema):
    network: str
    country: str | None
    language: str | None
    accounts: int
    posts: int
    newest_fetch_at: datetime | None
    oldest_fetch_at: datetime | None
    authenticated_share: float
    followers_known_share: float


class CoverageShape(Schema):
    """What is covered, and what is not."""

    cells: list[CoverShape]
    networks_without_accounts: list[str]
    accounts_without_posts: int
    accounts_without_country: int
    accounts_without_language: int


class MappingShape(Schema):
    """A mapping that comes with Sillage. `columns` are those it reads."""

    name: str
    title: str
    columns: list[str]


class KeptShape(Schema):
    new: int
    changed: int
    unchanged: int
    repeated: int


class ImportCounts(Schema):
    """Per kind of record what became of it; rows of forgotten people, and numbers that clash with kept ones."""

    accounts: KeptShape
    posts: KeptShape
    comments: KeptShape
    observations: KeptShape
    forgotten: int
    clashing: int


class RejectShape(Schema):
    """A row that was set aside: file:line:column or file:sheet!cell, the field to blame, why, and how the row reads."""

    place: str
    field: str
    reason: str
    raw: str


class ImportReportShape(Schema):
    """`rejects` are the first refused rows, `refused` says how many there are.

    `sheet` is the sheet of a workbook that was read, `sheets_left` others that hold something, where none was named.
    """

    import_id: int | None
    rows: int
    refused: int
    done: ImportCounts
    rejects: list[RejectShape]
    columns_absent: list[str]
    columns_unused: list[str]
    sheet: str
    sheets_left: list[str]
    resumed_at: int
    already_imported_at: datetime | None
    is_dry_run: bool


class ImportShape(Schema):
    id: int
    file_name: str
    mapping_name: str
    rows_done: int
    rows_refused: int
    started_at: datetime
    finished_at: datetime | None


Target = Annotated[str, Field(min_length=1, max_length=500)]


class ConnectionsGiven(Given):
    network: Annotated[str, Field(max_length=20)]
    targets: Annotated[list[Target], Field(min_length=1, max_length=200)]


class ConnectionShape(Schema):
    """What a connector fetches and how far it got."""

    id: int
    network: str
    target: str
    account_id: BigId | None
    last_error: str
    is_paused: bool
    fetched_at: datetime | None
    next_at: datetime | None


class VisitedShape(Schema):
    """What a visit brought; `set_aside` are the reasons why records were not kept."""

    portions: int
    posts: int
    comments: int
    set_aside: list[str]
    notes: list[str]


SortName = Literal["followers", "last_post", "name"]
