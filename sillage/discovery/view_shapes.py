"""Lists as pages show them: lines whose figures add up, reasons with what was counted, and posts as quotes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sillage.catalogue.models import Account, Card, Post
from sillage.catalogue.queries import list_posts_by_id
from sillage.discovery.actions.shortlisting import reasons_for
from sillage.discovery.engine import score as s
from sillage.discovery.engine.figures import adding_up
from sillage.discovery.engine.wanted import Wanted
from sillage.discovery.models import Candidate, Decision
from sillage.discovery.queries import Ranked
from sillage.lib.text import shortened

Text = str | Promise
Posts = Mapping[tuple[int, int], Post]

LABELS: Mapping[str, Text] = {
    s.THEMES: _("Themes"),
    s.WORDS: _("Words"),
    s.MEANING: _("Meaning"),
    s.BRANDS: _("Brands"),
    s.ENGAGEMENT: _("Engagement for its size"),
    s.RHYTHM: _("Rhythm"),
    s.UNWANTED_THEMES: _("Unwanted themes"),
    s.UNWANTED_WORDS: _("Unwanted words"),
    s.WARNINGS: _("To look at twice"),
    s.SATURATION: _("Too many commercial posts"),
}
DECISION_WORDS: Mapping[str, Any] = {
    "pin": _("Pin"),
    "dismiss": pgettext_lazy("a creator", "Dismiss"),
    "question": _("Why does this creator not fit?"),
    "other": _("Another reason"),
    "reasons": (
        _("Not our tone"),
        _("Off the subject"),
        _("Works with a competitor"),
        _("Too many commercial posts"),
        _("Worked with recently"),
    ),
}
QUOTE_CHARACTERS = 260
BEFORE_THE_WORD = 90


@dataclass(frozen=True, slots=True)
class Quote:
    """An excerpt of a post that carries a reason. `words` are to be marked in it."""

    title: str
    text: str
    words: tuple[str, ...]
    language: str
    network: str
    post: Post


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason or penalty of one line. `value` is in points as written: the values of a line add up to its score."""

    name: str
    label: Text
    value: float
    part: float | None  # 0..1, None where nothing was measured
    detail: Mapping[str, Any] = field(default_factory=dict)
    quotes: Sequence[Quote] = ()

    @property
    def is_penalty(self) -> bool:
        return self.name in s.PENALTIES

    @property
    def deviations(self) -> float | None:
        """How far words or meaning stand out of accounts taken at random, in standard deviations (engine.score)."""
        return None if self.part is None or self.part >= 1 else -2 * math.log(1 - self.part)


@dataclass(frozen=True, slots=True)
class Line:
    """One account of a list. `moved` is by how many places it rose (or fell); None where it was not in the list."""

    account: Account
    rank: int | None
    score: float
    reasons: Sequence[Reason]
    receipt_key: str = ""
    decision: Decision | None = None
    quote: Quote | None = None
    moved: int | None = 0

    @property
    def card(self) -> Card:
        return self.account.card

    @property
    def name(self) -> str:
        return self.account.name or self.account.handle

    @property
    def fallen(self) -> int:
        return -(self.moved or 0)

    @property
    def measured(self) -> list[Reason]:
        """What the bar shows."""
        return [reason for reason in self.reasons if reason.part is not None]

    @property
    def is_off_theme(self) -> bool:
        """Measured, and nothing of it is about the themes asked for: other reasons brought it into the list."""
        return any(reason.name == s.THEMES and reason.part == 0 for reason in self.reasons)

    @property
    def largest(self) -> float:
        return max((abs(reason.value) for reason in self.reasons), default=1.0) or 1.0


def reasons_shown(
    points: Mapping[str, float],
    parts: Mapping[str, float | None],
    told: Sequence[Mapping[str, Any]],
    posts: Posts,
    account: Account,
) -> list[Reason]:
    """Every reason, and the penalties that bite. `told` are the reasons as kept: what they counted, and their posts."""
    written = adding_up(points)
    kept = {reason["reason"]: reason for reason in told}
    return [
        Reason(
            name,
            LABELS[name],
            written[name],
            parts.get(name),
            kept.get(name, {}).get("detail", {}),
            quotes_of(kept.get(name, {}).get("posts", []), account, posts),
        )
        for name in (*s.REASONS, *s.PENALTIES)
        if name in s.REASONS or points[name]
    ]


def post_keys(account_id: int, told: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    return [(account_id, int(p["post"])) for reason in told for p in reason["posts"]]


def quotes_of(evidence: Iterable[Mapping[str, Any]], account: Account, posts: Posts) -> list[Quote]:
    """Posts that are gone are left out."""
    found = [(posts.get((account.pk, int(e["post"]))), e["words"]) for e in evidence]
    return [quoted(post, words, account) for post, words in found if post is not None]


def quoted(post: Post, words: Sequence[str], account: Account) -> Quote:
    language = post.language or next(iter(account.card.languages), "")
    is_in_title = any(word.casefold() in post.title.casefold() for word in words)
    text = excerpt(post.text, () if is_in_title else words)
    return Quote(shortened(post.title, 140), text, tuple(words), language, account.network, post)


def excerpt(text: str, words: Sequence[str]) -> str:
    """The piece of a text around the first of the words, or its beginning."""
    flat = " ".join(text.split())
    found = re.search("|".join(re.escape(w) for w in words if w) or r"\Z", flat, re.IGNORECASE)
    at = found.start() if found else 0
    if len(flat) <= QUOTE_CHARACTERS or at < QUOTE_CHARACTERS - BEFORE_THE_WORD or at == len(flat):
        return shortened(flat, QUOTE_CHARACTERS)
    start = flat.find(" ", at - BEFORE_THE_WORD) + 1
    return f"…{shortened(flat[start:], QUOTE_CHARACTERS)}"


def best_evidence(told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first post of the first reason that gives points, for the line of the list; none where none does."""
    by_name = {reason["reason"]: reason for reason in told}
    shown = (by_name.get(name, {}) for name in (s.THEMES, s.WORDS, s.MEANING, s.BRANDS))
    return next(([r["posts"][0]] for r in shown if r.get("posts") and r.get("part")), [])


def points_of(parts: Mapping[str, float | None], weights: Mapping[str, float]) -> dict[str, float]:
    """What an account's parts are worth under these weights."""
    result = s.scored(_columns([parts]), weights)
    return {name: float(column[0]) for name, column in result.points.items()}


def _columns(rows: Sequence[Mapping[str, float | None]]) -> dict[str, s.Column]:
    names = (*s.REASONS, *s.PENALTIES)
    return {n: np.array([np.nan if row.get(n) is None else row[n] for row in rows], dtype=float) for n in names}


def told_now(
    wanted: Wanted,
    accounts: Sequence[Account],
    parts: Sequence[Mapping[str, float | None]],
    weights: Mapping[str, float],
) -> list[list[dict[str, Any]]]:
    """What each account's reasons counted and which posts carry them, looked up now: for lines that were not kept."""
    if not accounts:
        return []
    columns = _columns(parts)
    cards = [account.card for account in accounts]
    shown = range(len(accounts))
    found = reasons_for(
        wanted, [a.pk for a in accounts], cards, columns, s.scored(columns, weights), shown, accounts[0].workspace_id
    )
    return [found[i] for i in shown]


def decision_words() -> dict[str, Any]:
    """What the buttons of a decision say in the reader's language, looked up once for a whole list."""
    return {
        name: [str(t) for t in text] if isinstance(text, tuple) else str(text) for name, text in DECISION_WORDS.items()
    }


def lines_kept(
    candidates: Sequence[Candidate], decisions: Mapping[int, Decision], *, with_quotes: bool = True
) -> list[Line]:
    """The lines of a shortlist as it was computed; the reasons' posts are looked up when a line is unfolded."""
    first = {c.account_id: best_evidence(c.reasons) if with_quotes else [] for c in candidates}
    posts = list_posts_by_id((a, int(e["post"])) for a, found in first.items() for e in found)
    lines = []
    for c in candidates:
        points = dict.fromkeys((*s.REASONS, *s.PENALTIES), 0.0) | {r["reason"]: r["points"] for r in c.reasons}
        reasons = reasons_shown(points, c.parts, c.reasons, {}, c.account)
        quote = next(iter(quotes_of(first[c.account_id], c.account, posts)), None)
        lines.append(
            Line(
                c.account,
                c.rank,
                sum_written(reasons),
                reasons,
                c.receipt_key,
                decisions.get(c.account_id),
                quote,
            )
        )
    return lines


def lines_reranked(
    ranked: Sequence[Ranked],
    candidates: Mapping[int, Candidate],
    ranks: Mapping[int, int],
    decisions: Mapping[int, Decision],
    *,
    with_quotes: bool = True,
) -> list[Line]:
    """The lines under other weights, with how far each has moved from where it was."""
    first = {r.account_id: best_evidence(candidates[r.account_id].reasons) if with_quotes else [] for r in ranked}
    posts = list_posts_by_id((a, int(e["post"])) for a, found in first.items() for e in found)
    lines = []
    for r in ranked:
        candidate = candidates[r.account_id]
        reasons = reasons_shown(r.points, r.parts, candidate.reasons, {}, candidate.account)
        was = ranks.get(r.account_id)
        lines.append(
            Line(
                candidate.account,
                r.rank,
                sum_written(reasons),
                reasons,
                decision=decisions.get(r.account_id),
                quote=next(iter(quotes_of(first[r.account_id], candidate.account, posts)), None),
                moved=None if was is None else was - r.rank,
            )
        )
    return lines


def lines_told(
    ranked: Sequence[Ranked],
    accounts: Mapping[int, Account],
    told: Sequence[Sequence[Mapping[str, Any]]],
    decisions: Mapping[int, Decision],
) -> list[Line]:
    """Lines of a list that was not kept, with everything that can be unfolded."""
    posts = list_posts_by_id(
        key for r, reasons in zip(ranked, told, strict=True) for key in post_keys(r.account_id, reasons)
    )
    lines = []
    for r, kept in zip(ranked, told, strict=True):
        account = accounts[r.account_id]
        reasons = reasons_shown(r.points, r.parts, kept, posts, account)
        quote = next(iter(quotes_of(best_evidence(kept), account, posts)), None)
        lines.append(
            Line(
                account,
                r.rank,
                sum_written(reasons),
                reasons,
                decision=decisions.get(r.account_id),
                quote=quote,
            )
        )
    return lines


def sum_written(reasons: Iterable[Reason]) -> float:
    """The score as written: the sum of the figures beside it."""
    return round(math.fsum(reason.value for reason in reasons), 1)
