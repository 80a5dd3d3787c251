"""The posts that carry each reason: three per reason, with the words or the closeness that make them evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sillage.catalogue.models import Post
from sillage.catalogue.queries import posts_of
from sillage.discovery.engine import score as s
from sillage.discovery.engine.wanted import Wanted
from sillage.lib.late import sparse
from sillage.lib.text import folded
from sillage.understanding.engine.port import PostText
from sillage.understanding.engine.stop_words import FUNCTION_WORDS
from sillage.understanding.lens import Lens
from sillage.understanding.models import Signal
from sillage.understanding.queries import signals_of, vectors_of

POSTS_PER_REASON = 3
RECENT_POSTS = 200  # of an account; older ones are not searched for evidence
WORDS_SHOWN = 8

Evidence = dict[str, list[dict[str, Any]]]  # {reason: [{"post": id, "weight": x, "words": [...]}]}


@dataclass(slots=True)
class _Query:
    """What is looked for in one language, as vectors."""

    words: sparse.csr_matrix
    meaning: NDArray[np.float32]


@dataclass(slots=True)
class _Account:
    posts: list[Post] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def evidence_of(
    wanted: Wanted,
    account_ids: Sequence[int],
    languages: Mapping[int, str | None],
    lens: Lens,
    versions: Mapping[str, str],
) -> dict[int, Evidence]:
    """For each account, the best posts for each reason that posts can show."""
    accounts = _read(account_ids)
    signals = signals_of(account_ids, versions)
    vectors = vectors_of(account_ids, lens.embedder.version) if lens.embedder else {}
    asked = {language: wanted.text_in(language) for language in {languages.get(a) for a in account_ids}}
    queries = {language: _Query(lens.words(text), lens.meaning(text)) for language, text in asked.items()}
    found: dict[int, Evidence] = {}
    for account_id, account in accounts.items():
        query = queries[languages.get(account_id)]
        found[account_id] = {
            s.THEMES: _by_theme(account, signals.get("themes", {}), wanted.themes),
            s.UNWANTED_THEMES: _by_theme(
                account, signals.get("themes", {}), dict.fromkeys(wanted.unwanted_themes, 1.0)
            ),
            s.WORDS: _by_words(account, query.words, lens),
            s.MEANING: _by_meaning(account, query.meaning, vectors, lens),
            s.BRANDS: _by_brand(account, signals.get("brands", {}), wanted.brands),
            s.UNWANTED_WORDS: _by_term(account, wanted.unwanted_terms),
        }
    return found


def _read(account_ids: Sequence[int]) -> dict[int, _Account]:
    accounts = {a: _Account() for a in account_ids}
    for post in posts_of(account_ids):
        account = accounts[post.account_id]
        if len(account.posts) < RECENT_POSTS:
            account.posts.append(post)
            words = PostText(post.account_id, post.id, 0, post.title, post.text, tuple(post.hashtags)).words
            account.texts.append(words)
    return accounts


def _best(account: _Account, weights: Sequence[float], words: Mapping[int, list[str]]) -> list[dict[str, Any]]:
    order = np.argsort(-np.asarray(weights, dtype=float), kind="stable")[:POSTS_PER_REASON]
    return [
        {"post": str(account.posts[i].id), "weight": round(float(weights[i]), 4), "words": words.get(int(i), [])}
        for i in order
        if weights[i] > 0
    ]


def _by_theme(
    account: _Account, signals: Mapping[tuple[int, int], Signal], themes: Mapping[str, float]
) -> list[dict[str, Any]]:
    weights: list[float] = []
    words: dict[int, list[str]] = {}
    for at, post in enumerate(account.posts):
        signal = signals.get((post.account_id, post.id))
        found = signal.value.get("themes", {}) if signal else {}
        weights.append(sum(themes[t] * c for t, c in found.items() if t in themes))
        if signal and weights[-1]:
            words[at] = [w for e in signal.evidence if e["theme"] in themes for w in e["words"]][:WORDS_SHOWN]
    return _best(account, weights, words)


def _by_words(account: _Account, query: sparse.csr_matrix, lens: Lens) -> list[dict[str, Any]]:
    """By lexical closeness; the words shown are whole words that brief and post share, most telling first.

    Function words count in the closeness, and prove nothing to a reader: they are not shown."""
    if lens.lexical is None or not query.nnz or not account.texts:
        return []
    rows = lens.lexical.transform(account.texts)
    weights = (rows @ query.T).toarray()[:, 0]
    whole = len(lens.lexical.words)
    words: dict[int, list[str]] = {}
    for at in np.argsort(-weights, kind="stable")[:POSTS_PER_REASON]:
        shared = rows[int(at)].multiply(query).tocoo()
        telling = sorted(zip(-shared.data, shared.col, strict=True))
        terms = [lens.lexical.term(int(c)) for _, c in telling if c < whole]
        words[int(at)] = [term for term in terms if not FUNCTION_WORDS.issuperset(folded(term).split())][:WORDS_SHOWN]
    return _best(account, weights.tolist(), words)


def _by_meaning(
    account: _Account, query: NDArray[np.float32], vectors: Mapping[tuple[int, int], Any], lens: Lens
) -> list[dict[str, Any]]:
    if lens.embedder is None:
        return []
    cosines = [
        float(vectors[p.account_id, p.id] @ query) if (p.account_id, p.id) in vectors else 0.0 for p in account.posts
    ]
    return _best(account, cosines, {})


def _by_brand(
    account: _Account, signals: Mapping[tuple[int, int], Signal], brands: frozenset[str]
) -> list[dict[str, Any]]:
    weights: list[float] = []
    words: dict[int, list[str]] = {}
    for at, post in enumerate(account.posts):
        signal = signals.get((post.account_id, post.id))
        hits = [e for e in signal.evidence if e["brand"] in brands] if signal else []
        weights.append(max((e["confidence"] for e in hits), default=0.0))
        words[at] = [e["words"] for e in hits]
    return _best(account, weights, words)


def _by_term(account: _Account, terms: Sequence[str]) -> list[dict[str, Any]]:
    folded_terms = [folded(t) for t in terms]
    hits = [[t for t in folded_terms if t in folded(text)] for text in account.texts]
    return _best(account, [float(len(h)) for h in hits], dict(enumerate(hits)))
