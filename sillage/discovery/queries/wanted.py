"""What to look for, put together from a brief or from creators to resemble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sillage.catalogue.models import Account
from sillage.catalogue.queries import posts_of
from sillage.discovery.engine.wanted import Wanted
from sillage.discovery.models import Brief
from sillage.discovery.queries.pool import centroid_rows, lexical_rows
from sillage.lib.late import sparse
from sillage.understanding.engine.port import PostText
from sillage.understanding.engine.themes import said_in
from sillage.understanding.lens import Lens, lens_of
from sillage.understanding.models import Profile
from sillage.understanding.queries import profiles_of

LANGUAGES = ("fr", "en", "es", "de", "it")
TYPICAL_POSTS = 12  # of a creator to resemble
THEMES_OF_A_CREATOR = 6


def wanted_by(brief: Brief) -> Wanted:
    """A brief in its own words and its themes' words; in other languages its themes' words alone: themes cross, vectors not."""
    themes = brief.themes
    own = " ".join([*brief.terms, _positive_text(brief), said_in(themes, brief.language)])
    others = {code: said_in(themes, code) for code in LANGUAGES if code != brief.language}
    return Wanted(
        text=own,
        themes=themes,
        unwanted_themes=frozenset(brief.unwanted_themes),
        unwanted_terms=tuple(brief.unwanted_terms),
        brands=frozenset(brief.brands),
        texts={**others, brief.language: own},
    )


def _positive_text(brief: Brief) -> str:
    """The text without the clauses that say what is not wanted."""
    text, at, kept = brief.text, 0, []
    cuts = [(s["start"], s["end"]) for name in ("unwanted", "unwanted_terms") for s in brief.reading.get(name, [])]
    for start, end in sorted(cuts):
        kept.append(text[at:start] if start > at else "")
        at = max(at, end)
    return " ".join([*kept, text[at:]])


def wanted_like(workspace_id: int, accounts: Sequence[Account]) -> Wanted:
    """What resembles these accounts: their themes, words and meaning as their profiles have them, in their main language.

    Accounts in other languages are compared with the themes' words there.
    """
    lens = lens_of(workspace_id)
    profiles = list(profiles_of([a.pk for a in accounts]).values())
    themes: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for profile in profiles:
        themes.update(profile.themes)
        languages.update(profile.languages)
    strongest = themes.most_common(THEMES_OF_A_CREATOR)
    top = strongest[0][1] if strongest else 1.0
    weights = {theme: round(share / top, 3) for theme, share in strongest if share > 0}
    main = languages.most_common(1)[0][0] if languages else "fr"
    own = [p for p in profiles if next(iter(p.languages), None) == main]
    return Wanted(
        text=_recent_words([p.account_id for p in own]),
        themes=weights,
        texts={code: said_in(weights, code) for code in LANGUAGES if code != main},
        words={main: _mean_words(own, lens)} if lens.lexical and own else {},
        meanings={main: rows} if (rows := _centroids(own, lens)) is not None else {},
    )


def _mean_words(profiles: Sequence[Profile], lens: Lens) -> sparse.csr_matrix:
    if lens.lexical is None:
        raise ValueError("no lexical model")
    return sparse.csr_matrix(lexical_rows(profiles, lens.lexical.width, lens.lexical.version).mean(axis=0))


def _centroids(profiles: Sequence[Profile], lens: Lens) -> NDArray[np.float32] | None:
    rows = [r for p in profiles if (r := centroid_rows(p, lens)) is not None]
    return np.concatenate(rows) if rows else None


def _recent_words(account_ids: Sequence[int]) -> str:
    each = max(2, TYPICAL_POSTS // max(1, len(account_ids)))
    counts: Counter[int] = Counter()
    words: list[str] = []
    for post in posts_of(account_ids):
        if counts[post.account_id] < each:
            counts[post.account_id] += 1
            words.append(PostText(post.account_id, post.id, 0, post.title, post.text, tuple(post.hashtags)).words)
    return "\n".join(words)
