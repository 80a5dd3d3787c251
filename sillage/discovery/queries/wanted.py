"""What to look for, put together from a brief or from creators to resemble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sillage.catalogue.models import Account
from sillage.catalogue.queries import posts_of
from sillage.discovery.engine.wanted import Wanted
from sillage.discovery.models import Brief
from sillage.understanding.engine.port import PostText
from sillage.understanding.engine.themes import said_in
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


def wanted_like(accounts: Sequence[Account]) -> Wanted:
    """What resembles these accounts: their themes, and the words of their recent posts in the language they write most."""
    profiles = profiles_of([a.pk for a in accounts])
    themes: Counter[str] = Counter()
    brands: set[str] = set()
    languages: Counter[str] = Counter()
    for profile in profiles.values():
        themes.update(profile.themes)
        languages.update(profile.languages)
    strongest = themes.most_common(THEMES_OF_A_CREATOR)
    top = strongest[0][1] if strongest else 1.0
    weights = {theme: round(share / top, 3) for theme, share in strongest if share > 0}
    main = languages.most_common(1)[0][0] if languages else "fr"
    own = _recent_words([a.pk for a in accounts])
    others = {code: said_in(weights, code) for code in LANGUAGES if code != main}
    return Wanted(text=own, themes=weights, brands=frozenset(brands), texts={**others, main: own})


def _recent_words(account_ids: Sequence[int]) -> str:
    each = max(2, TYPICAL_POSTS // max(1, len(account_ids)))
    counts: Counter[int] = Counter()
    words: list[str] = []
    for post in posts_of(account_ids):
        if counts[post.account_id] < each:
            counts[post.account_id] += 1
            words.append(PostText(post.account_id, post.id, 0, post.title, post.text, tuple(post.hashtags)).words)
    return "\n".join(words)
