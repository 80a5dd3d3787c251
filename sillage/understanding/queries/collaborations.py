"""Brands, collaborations and disclosure of an account, and the posts of a workspace that the law packs object to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account, Post
from sillage.governance.engine.law import LawFinding, Severity
from sillage.governance.engine.law_reading import SAME, law_book
from sillage.lib.errors import Malformed
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.collaborations import (
    CLASSES,
    CONFLICT_MONTHS,
    DECLARED,
    ORGANIC,
    Affinity,
    Collaboration,
    Conflict,
    Mention,
    PaidAgainstOrganic,
    PostSigns,
    Share,
    affinities_of,
    collaborations_of,
    conflicts_of,
    mentions_of,
    paid_against_organic,
    sponsored_share,
)
from sillage.understanding.engine.disclosure import as_finding
from sillage.understanding.models import Signal
from sillage.understanding.queries import current_versions, signals_of
from sillage.understanding.queries.corrections import Standing, as_corrected

POSTS_READ = 400  # of an account, the newest
BRANDS, COMMERCIAL, DISCLOSURE = "brands", "commercial", "disclosure"
ASKING = (Severity.BLOCK.value, Severity.REVIEW.value)


class SeverityUnknown(Malformed):
    """Findings have three severities."""

    title = "Unknown severity"


@dataclass(frozen=True, slots=True)
class BrandsSection:
    """What an account's newest posts say of brands. `names` are brands by key; `versions` of the signals it rests on."""

    account: Account
    posts: int
    is_read: bool
    names: Mapping[str, str]
    mentions: list[Mention]
    collaborations: list[Collaboration]
    conflicts: list[Conflict]
    affinities: list[Affinity]
    declared: Share
    paid: Share
    engagement: PaidAgainstOrganic
    versions: Mapping[str, str]
    since: date | None
    until: date | None

    @property
    def by_class(self) -> dict[str, int]:
        """Mentions per class, in the order organic, likely paid, declared."""
        counted = Counter(m.standing for m in self.mentions)
        return {name: counted[name] for name in CLASSES}


def brands_section(account: Account, months: int = CONFLICT_MONTHS) -> BrandsSection:
    """Brands and collaborations of an account. `months` is how close two brands of a sector are a conflict."""
    versions = {n: v for n, v in current_versions(account.workspace_id).items() if n in (BRANDS, COMMERCIAL)}
    brands = catalogue.list_brands(account.workspace_id)
    posts = list(catalogue.posts_of([account.pk])[:POSTS_READ])
    read = _signs_of(account, posts, versions, {b.key for b in brands if account.handle in b.handles})
    mentions = mentions_of(read)
    made = collaborations_of(mentions)
    return BrandsSection(
        account=account,
        posts=len(posts),
        is_read=bool(versions),
        names={b.key: b.name for b in brands},
        mentions=mentions,
        collaborations=made,
        conflicts=conflicts_of(made, {b.key: b.sector for b in brands}, months),
        affinities=affinities_of(read, mentions),
        declared=sponsored_share(read, declared_only=True),
        paid=sponsored_share(read),
        engagement=paid_against_organic(read),
        versions=versions,
        since=posts[-1].published_at.date() if posts else None,
        until=posts[0].published_at.date() if posts else None,
    )


def _signs_of(account: Account, posts: Sequence[Post], versions: Mapping[str, str], own: set[str]) -> list[PostSigns]:
    """Posts with what machines found in them, and where people said otherwise, with what they said."""
    found = signals_of([account.pk], versions)
    keys = [(account.pk, p.id) for p in posts]
    said = as_corrected(account.workspace_id, "post", keys, (BRANDS, COMMERCIAL))
    numbers = catalogue.numbers_of_posts(account.pk, [p.id for p in posts])
    read = []
    for post, key in zip(posts, keys, strict=True):
        brands = _brands(found.get(BRANDS, {}).get(key), said.get(key, {}).get(BRANDS))
        money = _money(found.get(COMMERCIAL, {}).get(key), said.get(key, {}), is_own=bool(own & set(brands)))
        read.append(PostSigns(post.id, post.published_at, brands, money, _engagement(numbers.get(post.id, {}))))
    return read


def _brands(signal: Signal | None, said: Standing | None) -> dict[str, float]:
    if said is not None:
        return dict.fromkeys(said.value[BRANDS], 1.0)
    surest: dict[str, float] = {}
    for line in signal.evidence if signal else ():
        surest[line["brand"]] = max(line["confidence"], surest.get(line["brand"], 0.0))
    return surest


def _money(signal: Signal | None, said: Mapping[str, Standing], *, is_own: bool) -> list[dict[str, object]]:
    """The post's signs of money. What a person says of its brands weighs more than what they say of it as a whole."""
    signs = list(signal.evidence) if signal else []
    if BRANDS in said:
        classes = set(said[BRANDS].value[BRANDS].values())
        if classes:
            return [] if classes == {ORGANIC} else [_of_person("label" if DECLARED in classes else "paid")]
    if COMMERCIAL in said:
        return [*signs, _of_person("paid")] if said[COMMERCIAL].value[COMMERCIAL] else []
    return [*signs, {"words": "own brand", "confidence": 0.9, "kind": "own_brand"}] if is_own else signs


def _of_person(kind: str) -> dict[str, object]:
    return {"words": "said by a person", "confidence": 1.0, "kind": kind}


def _engagement(numbers: Mapping[str, catalogue.Number]) -> int | None:
    """Likes and comments where both were measured."""
    known = [n for name in ("likes", "comments") if (n := numbers.get(name)) and n.source_class != "estimated"]
    return sum(n.value for n in known) if len(known) == 2 else None


@dataclass(frozen=True, slots=True)
class PaidPost:
    """A mention of a brand for which something was given, as signs and people's words say."""

    account_id: int
    mention: Mention


_NAMING = """
    SELECT s.account_id, s.post_id FROM understanding_signal s
      JOIN catalogue_account a ON a.id = s.account_id
      JOIN catalogue_post p ON p.account_id = s.account_id AND p.id = s.post_id AND p.content_hash = s.content_hash
     WHERE a.workspace_id = %(workspace)s AND s.account_id = ANY(%(accounts)s) AND s.enricher = 'brands'
       AND s.version = %(version)s AND p.published_at >= %(since)s AND s.evidence @> ANY(%(shapes)s::jsonb[])
"""


def paid_posts_for(
    workspace_id: int, account_ids: Sequence[int], brands: Sequence[str], since: datetime
) -> list[PaidPost]:
    """Posts of these accounts since then that name one of the brands and for which something was given."""
    versions = {n: v for n, v in current_versions(workspace_id).items() if n in (BRANDS, COMMERCIAL)}
    if not account_ids or not brands or BRANDS not in versions:
        return []
    given: dict[str, Any] = {
        "workspace": workspace_id,
        "accounts": list(account_ids),
        "version": versions[BRANDS],
        "since": since,
        "shapes": [json.dumps([{"brand": brand}]) for brand in brands],
    }
    with connection.cursor() as database:
        database.execute(_NAMING, given)
        keys = database.fetchall()
    signals: dict[tuple[int, int], dict[str, Signal]] = {}
    for signal in Signal.objects.filter(account_id__in={a for a, _ in keys}, post_id__in=[p for _, p in keys]):
        if versions.get(signal.enricher) == signal.version and signal.confidence > 0:
            signals.setdefault((signal.account_id, signal.post_id), {})[signal.enricher] = signal
    said = as_corrected(workspace_id, "post", keys, (BRANDS, COMMERCIAL))
    found = []
    for (account, post_id), post in catalogue.list_posts_by_id(keys).items():
        told, words = signals.get((account, post_id), {}), said.get((account, post_id), {})
        named = _brands(told.get(BRANDS), words.get(BRANDS))
        signs = PostSigns(post_id, post.published_at, named, _money(told.get(COMMERCIAL), words, is_own=False))
        found += [PaidPost(account, m) for m in mentions_of([signs]) if m.brand in brands and m.standing != ORGANIC]
    return found


# -- disclosure ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PostJudged:
    """A commercial post with what the packs say of it, and what people say in place of that. Findings: the worst first."""

    post: Post
    account: Account
    signal: Signal
    findings: list[LawFinding]
    standing: Standing | None

    @property
    def severity(self) -> str | None:
        """What stands: a person's word, else the rules'."""
        said: str | None = self.standing.value["severity"] if self.standing else self.signal.value["severity"]
        return said

    @property
    def asking(self) -> list[LawFinding]:
        return [f for f in self.findings if f.severity is not Severity.PASS]

    @property
    def passing(self) -> list[LawFinding]:
        return [f for f in self.findings if f.severity is Severity.PASS]


@dataclass(frozen=True, slots=True)
class DisclosureSection:
    """Commercial posts among an account's newest ones. `has_pack`: its country's law is known here; `counts` per severity."""

    account: Account
    posts: int
    is_read: bool
    judged: list[PostJudged]
    packs: Mapping[str, str]
    version: str

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(j.severity for j in self.judged)
        return {severity.value: counted[severity.value] for severity in reversed(Severity)}

    @property
    def has_pack(self) -> bool:
        country = self.account.country or ""
        return not country or SAME.get(country, country) in law_book().countries

    @property
    def worst(self) -> list[PostJudged]:
        """Those that ask for something, the worst first, then the newest."""
        asking = [j for j in self.judged if j.severity in ASKING]
        return sorted(asking, key=lambda j: ASKING.index(str(j.severity)))


def disclosure_section(account: Account) -> DisclosureSection:
    version = current_versions(account.workspace_id).get(DISCLOSURE, "")
    posts = list(catalogue.posts_of([account.pk])[:POSTS_READ])
    signals = signals_of([account.pk], {DISCLOSURE: version})[DISCLOSURE] if version else {}
    now = {(p.account_id, p.id): p for p in posts}
    kept = [signal for key, signal in signals.items() if key in now and signal.content_hash == now[key].content_hash]
    judged = _judged(account.workspace_id, kept, now, {account.pk: account})
    judged.sort(key=lambda j: j.post.published_at, reverse=True)
    packs = {name: v for j in judged for name, v in j.signal.value["packs"].items()}
    return DisclosureSection(account, len(posts), bool(version), judged, packs, version)


def _judged(
    workspace_id: int,
    signals: Sequence[Signal],
    posts: Mapping[tuple[int, int], Post],
    accounts: Mapping[int, Account],
) -> list[PostJudged]:
    keys = [(s.account_id, s.post_id) for s in signals]
    said = as_corrected(workspace_id, "post", keys, (DISCLOSURE,))
    return [
        PostJudged(
            posts[key],
            accounts[key[0]],
            signal,
            [as_finding(value) for value in signal.value["findings"]],
            said.get(key, {}).get(DISCLOSURE),
        )
        for key, signal in zip(keys, signals, strict=True)
    ]


_OBJECTED = """
    SELECT s.account_id, s.id, p.published_at, p.id FROM understanding_signal s
      JOIN catalogue_account a ON a.id = s.account_id
      JOIN catalogue_post p ON p.account_id = s.account_id AND p.id = s.post_id AND p.content_hash = s.content_hash
     WHERE a.workspace_id = %(workspace)s AND s.enricher = 'disclosure' AND s.version = %(version)s AND s.confidence > 0
       AND s.value->>'severity' = ANY(%(severities)s)
       AND (%(country)s::text IS NULL OR a.country = %(country)s)
       AND (%(network)s::text IS NULL OR a.network = %(network)s)
       AND (%(rule)s::text IS NULL OR s.value->'findings' @> ANY(%(rule_shapes)s::jsonb[]))
       AND (%(before)s::timestamptz IS NULL OR (p.published_at, p.id) < (%(before)s, %(last)s))
     ORDER BY p.published_at DESC, p.id DESC LIMIT %(limit)s
"""


def list_objected(
    workspace_id: int,
    *,
    severities: Sequence[str] = ASKING,
    rule: str = "",
    country: str = "",
    network: str = "",
    cursor: str | None = None,
    limit: int = 20,
) -> Page[PostJudged]:
    """Posts of a workspace that the packs object to, the newest first. `rule` keeps those to which that rule objects."""
    unknown = set(severities) - {s.value for s in Severity}
    if unknown:
        raise SeverityUnknown(
            Sentence("“%(unknown)s” is no severity.", unknown=min(unknown)),
            Sentence("There are pass, review and block."),
        )
    before, last = _after(cursor) if cursor else (None, None)
    given: dict[str, Any] = {
        "workspace": workspace_id,
        "version": current_versions(workspace_id).get(DISCLOSURE, ""),
        "severities": list(severities),
        "country": country or None,
        "network": network or None,
        "rule": rule or None,
        "rule_shapes": [json.dumps([{"rule": rule, "severity": severity}]) for severity in ASKING],
        "before": before,
        "last": last,
        "limit": limit + 1,
    }
    with connection.cursor() as database:
        database.execute(_OBJECTED, given)
        rows = database.fetchall()
    end = rows[limit - 1] if len(rows) > limit else None
    return Page(_shown(workspace_id, rows[:limit]), cursor_of([end[2].isoformat(), end[3]]) if end else None)


def _after(cursor: str) -> tuple[datetime, int]:
    at, last = key_of(cursor, 2)
    try:
        before = datetime.fromisoformat(str(at))
    except ValueError as error:
        raise CursorMalformed(
            Sentence("This cursor cannot be read."), Sentence("Start again without a cursor.")
        ) from error
    if before.tzinfo is None or type(last) is not int:
        raise CursorMalformed(
            Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
        )
    return before, last


def _shown(workspace_id: int, rows: Sequence[tuple[int, int, datetime, int]]) -> list[PostJudged]:
    keys = [(row[0], row[3]) for row in rows]
    found = Signal.objects.filter(account_id__in={row[0] for row in rows}, id__in=[row[1] for row in rows])
    signals = {(s.account_id, s.post_id): s for s in found}
    accounts = catalogue.list_accounts(workspace_id, {row[0] for row in rows})
    return _judged(workspace_id, [signals[key] for key in keys], catalogue.list_posts_by_id(keys), accounts)


def list_objected_places(workspace_id: int) -> tuple[list[str], list[str]]:
    """Countries and networks of the workspace's accounts, for filters."""
    accounts = Account.objects.filter(workspace_id=workspace_id)
    countries = accounts.exclude(country=None).order_by("country").values_list("country", flat=True).distinct()
    networks = accounts.order_by("network").values_list("network", flat=True).distinct()
    return [country for country in countries if country], list(networks)
