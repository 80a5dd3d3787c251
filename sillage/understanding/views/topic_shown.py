"""A topic map as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account
from sillage.lib.sentences import from_stored, told
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.models import TopicMap
from sillage.understanding.queries.topics import Origin, origins_of, shown_result

TONES = 6
PLOT = 24.0  # height of a trend's picture
SCOPE_ACCOUNTS = 4  # named in a line

COUNTED: Mapping[str, str | Promise] = {
    "price": gettext_lazy("a question about the price"),
    "where to buy": gettext_lazy("a question where to buy it"),
    "availability": gettext_lazy("a question whether it is available"),
    "delivery": gettext_lazy("a question about delivery"),
    "discount code": gettext_lazy("a question about a discount code"),
    "size or shade": gettext_lazy("a question about size or shade"),
    "what is in it": gettext_lazy("a question about what is in it"),
    "how to use it": gettext_lazy("a question how to use it"),
}
FAULTS: Mapping[str, str | Promise] = {
    "no_ids": gettext_lazy("it cites nothing"),
    "unknown_ids": gettext_lazy("it cites what does not exist"),
    "numbers": gettext_lazy("its numbers are not in what it cites"),
    "quantity": gettext_lazy("it says how many without a count that says so"),
    "denial": gettext_lazy("it denies, or leaves out a denial"),
    "words": gettext_lazy("its words are not those of what it cites"),
    "address": gettext_lazy("it holds a link or a handle, or speaks to a machine"),
    "length": gettext_lazy("it is empty or too long"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A period of a trend, in a picture 100 wide and PLOT high."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ShownQuote:
    text: str
    origin: Origin
    is_second: bool
    strength: float | None = None
    stands_for: int | None = None


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """`number` is its place; `share` of the first set, `second_share` of the second."""

    number: int
    name: str
    words: Sequence[str]
    texts: int
    second_texts: int
    share: float
    second_share: float
    bars: Sequence[Bar]
    most: int
    change: Mapping[str, Any] | None
    comparison: Mapping[str, Any] | None
    quotes: Sequence[ShownQuote]

    @property
    def tone(self) -> str:
        return f"tone-{(self.number - 1) % TONES + 1}"


@dataclass(frozen=True, slots=True)
class ShownSummary:
    of: int
    sentences: Sequence[ShownQuote]
    counts: Sequence[tuple[int, int, str]]


def shown_map(found: TopicMap) -> dict[str, Any]:
    """The context of a map's page."""
    result = shown_result(found)
    origins = origins_of(found.workspace_id, _quoted_refs(result))
    topics = [_topic(i, topic, origins) for i, topic in enumerate(result["topics"], 1)]
    return {
        "map": found,
        "result": result,
        "topics": topics,
        "most": max((max(t.share, t.second_share) for t in topics), default=0.0),
        "periods": [_period(date.fromisoformat(start), result["step"]) for start in result["periods"]],
        "summaries": [_summary(summary, origins) for summary in result["summaries"]],
        "written": _written(result["written"], origins),
        "compares": found.scope["compare_with"] is not None,
        "scopes": [s for s in (found.scope["set"], found.scope["compare_with"]) if s],
        "sampled": sum(result["of"]) > found.texts,
    }


def _quoted_refs(result: Mapping[str, Any]) -> list[str]:
    refs = [q["ref"] for topic in result["topics"] for q in topic["quotes"]]
    refs += [s["ref"] for summary in result["summaries"] for s in summary["sentences"]]
    return refs + [ref for s in (result["written"] or {}).get("sentences", ()) for ref in s["refs"]]


def _topic(number: int, topic: Mapping[str, Any], origins: Mapping[str, Origin]) -> ShownTopic:
    first, most = topic["counts"][0], max(topic["counts"][0], default=0)
    return ShownTopic(
        number=number,
        name=", ".join(topic["words"][:3]) or "-",
        words=topic["words"],
        texts=topic["texts"][0],
        second_texts=topic["texts"][1],
        share=topic["shares"][0],
        second_share=topic["shares"][1],
        bars=bars(first),
        most=most,
        change=_in_points(topic["change"]),
        comparison=_in_points(topic["comparison"]),
        quotes=[
            ShownQuote(q["text"], origins[q["ref"]], q["is_second"], strength=q["strength"])
            for q in topic["quotes"]
            if q["ref"] in origins
        ],
    )


def _in_points(difference: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The difference and its interval in points of a hundred."""
    if difference is None:
        return None
    return {**difference, **{f"{name}_points": 100 * difference[name] for name in ("difference", "low", "high")}}


def bars(counts: Sequence[int]) -> list[Bar]:
    """The counts as bars of a picture 100 wide and PLOT high; the largest fills it."""
    most = max(counts, default=0)
    if not most or len(counts) < 2:
        return []
    step = 100 / len(counts)
    heights = [PLOT * n / most for n in counts]
    return [Bar(i * step + step * 0.1, PLOT - h, step * 0.8, h) for i, h in enumerate(heights)]


def _period(start: date, step: str) -> str:
    if step == "month":
        return date_format(start, pgettext("month of a chart, in Django's date format", "M y"))
    return date_format(start, "SHORT_DATE_FORMAT")


def _summary(summary: Mapping[str, Any], origins: Mapping[str, Origin]) -> ShownSummary:
    return ShownSummary(
        of=summary["of"],
        sentences=[
            ShownQuote(s["text"], origins[s["ref"]], False, stands_for=s["stands_for"])
            for s in summary["sentences"]
            if s["ref"] in origins
        ],
        counts=[(c["n"], c["of"], str(COUNTED.get(c["rule"], c["rule"]))) for c in summary["counts"]],
    )


def _written(written: Mapping[str, Any] | None, origins: Mapping[str, Origin]) -> dict[str, Any] | None:
    if written is None:
        return None
    said = written.get("said", {})
    return {
        **written,
        **{name: told(from_stored(said.get(name), written.get(name, ""))) for name in ("failure", "hint")},
        "sentences": [
            {**s, "origins": [origins[ref] for ref in s["refs"] if ref in origins]} for s in written["sentences"]
        ],
        "dropped": [{**d, "why": str(FAULTS.get(d["fault"], d["fault"]))} for d in written["dropped"]],
    }


def titles_of(workspace_id: int, maps: Sequence[TopicMap]) -> dict[int, str]:
    """What each map is called: the name that a person gave it, or what its sets are."""
    scopes = {m.pk: [Scope.from_json(s) for s in (m.scope["set"], m.scope["compare_with"]) if s] for m in maps}
    accounts = catalogue.list_accounts(workspace_id, {a for sets in scopes.values() for s in sets for a in s.accounts})
    names = {b.key: b.name for b in catalogue.list_brands(workspace_id)}
    versus = _("against")
    joined = f" {versus} "
    titles = {m.pk: m.name or joined.join(scope_title(s, accounts, names) for s in scopes[m.pk]) for m in maps}
    return {pk: title[:1].upper() + title[1:] for pk, title in titles.items()}


def scope_title(scope: Scope, accounts: Mapping[int, Account], brands: Mapping[str, str]) -> str:
    """A set in a few words: whose, about what, from when to when."""
    known = [accounts[a] for a in scope.accounts if a in accounts]
    said = [f"@{a.handle}" for a in known[:SCOPE_ACCOUNTS]]
    if len(known) > SCOPE_ACCOUNTS:
        said.append(_("and %(n)s more") % {"n": len(known) - SCOPE_ACCOUNTS})
    parts = [", ".join(said) if said else _("everybody"), brands.get(scope.brand, scope.brand)]
    days = [date_format(day, "SHORT_DATE_FORMAT") for day in (scope.since, scope.until) if day]
    kind = _("comments") if scope.kind == "comments" else _("posts")
    return " · ".join([*(p for p in parts if p), kind, *(["–".join(days)] if days else [])])
