"""The accounts that a brief is scored on: retrieved through their cards, measured through their profiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Card
from sillage.catalogue.queries import count_cards, matching_accounts, search_cards
from sillage.discovery.engine import score as s
from sillage.discovery.engine.affinity import background, count_words, fused, lexical_share
from sillage.discovery.engine.wanted import Wanted
from sillage.lib.late import sparse
from sillage.lib.text import folded
from sillage.understanding.engine.projection import DENSE_DIMS, LEXICAL_DIMS, THEME_DIMS, query_vector
from sillage.understanding.engine.theme_kinship import kinship
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.lens import Lens, lens_of
from sillage.understanding.models import Profile
from sillage.understanding.queries import profiles_of, sample_profiles, unproposed_accounts

UNWANTED_POSTS = 0.25  # share of an account's posts from which an unwanted theme counts in full
SAMPLE = 400  # accounts of the background
FEWEST_FOR_FUSION = 20  # accounts of the language in it
POOL = 1_000  # accounts scored in full; all of them where the filters keep no more than twice as many
Column = NDArray[np.float64]
Cosines = Callable[[Wanted, Sequence[Profile], Sequence[str | None], Lens], Column]


@dataclass(frozen=True, slots=True)
class Pool:
    """Accounts with their parts, all in the same order."""

    account_ids: list[int]
    parts: dict[str, Column]
    cards: list[Card]
    vectors: NDArray[np.float32]  # card vectors, unit rows
    considered: int  # accounts that passed the filters
    versions: dict[str, str]


def pool_of(
    workspace_id: int,
    wanted: Wanted,
    filters: CardFilters,
    weights: Mapping[str, float],
    now: datetime,
    always: Sequence[int] = (),
) -> Pool:
    """Retrieve and measure. `always` are accounts to include whatever the retrieval says (pins, "why not X?").

    Who objected, and who says to be under 18, is in no pool, pinned or not.
    """
    lens = lens_of(workspace_id)
    hidden = unproposed_accounts(workspace_id)
    filters = CardFilters.parse({**filters.as_mapping(), "without_accounts": [*filters.without_accounts, *hidden]})
    considered = count_cards(workspace_id=workspace_id, filters=filters).count
    found = _retrieved(workspace_id, wanted, filters, weights, lens, considered)
    ids = [i for i in dict.fromkeys([*found, *always]) if i not in hidden]
    cards = {c.account_id: c for c in Card.objects.filter(workspace_id=workspace_id, account_id__in=ids)}
    profiles = profiles_of([i for i in ids if i in cards])
    ids = [i for i in ids if i in profiles]
    chosen = [cards[i] for i in ids]
    parts = parts_of(wanted, [profiles[i] for i in ids], chosen, sample_profiles(workspace_id, SAMPLE), lens, now)
    return Pool(ids, parts, chosen, _vectors(chosen), considered, lens.versions | {"score": s.VERSION})


def _retrieved(
    workspace_id: int,
    wanted: Wanted,
    filters: CardFilters,
    weights: Mapping[str, float],
    lens: Lens,
    considered: int,
) -> list[int]:
    """The nearest cards for each language of the brief's texts, and those that hold its words."""
    if considered <= 2 * POOL:
        return matching_accounts(workspace_id=workspace_id, filters=filters, limit=2 * POOL)
    by_weight = (weights[s.THEMES], weights[s.WORDS], weights[s.MEANING])
    found: list[int] = []
    for text in dict.fromkeys([wanted.text, *wanted.texts.values()]):
        vector = query_vector(
            _theme_row(wanted.themes),
            lens.projected_words(text) if text else np.zeros(LEXICAL_DIMS, dtype=np.float32),
            lens.projected_meaning(text) if text else np.zeros(DENSE_DIMS, dtype=np.float32),
            weights=by_weight,
        )
        nearest = search_cards(workspace_id=workspace_id, filters=filters, vector=vector, limit=POOL)
        found += [f.account_id for f in nearest]
    return list(dict.fromkeys(found))


def parts_of(
    wanted: Wanted,
    profiles: Sequence[Profile],
    cards: Sequence[Card],
    sample: Sequence[Profile],
    lens: Lens,
    now: datetime,
) -> dict[str, Column]:
    """Every reason and penalty of every account, 0..1, NaN where nothing was measured.

    `sample` are accounts taken at random: the background that words and meaning must stand out of.
    """
    shares = np.minimum(_share_matrix(profiles) @ kinship().T, 1.0)
    unwanted = np.array([t in wanted.unwanted_themes for t in theme_set().ids], dtype=float)
    words, meaning = _words_and_meaning(wanted, profiles, sample, lens)
    return {
        s.THEMES: s.theme_part(shares, _theme_row(wanted.themes)[: shares.shape[1]].astype(float)),
        s.WORDS: words,
        s.MEANING: meaning,
        s.BRANDS: _brand_part(wanted, profiles),
        s.ENGAGEMENT: _numbers([c.engagement_percentile for c in cards]),
        s.RHYTHM: s.rhythm_part(
            _numbers([c.posts_per_week for c in cards]),
            _numbers([(now.date() - c.last_post_on).days if c.last_post_on else None for c in cards]),
        ),
        s.UNWANTED_THEMES: np.minimum(shares @ unwanted / UNWANTED_POSTS, 1.0),
        s.UNWANTED_WORDS: _unwanted_words(wanted, [c.account_id for c in cards]),
        s.WARNINGS: np.array([min(len(c.warnings) / 2, 1.0) for c in cards]),
        s.SATURATION: s.saturation_part(_numbers([c.sponsored_share for c in cards])),
    }


def _numbers(values: Sequence[float | None]) -> Column:
    return np.array([np.nan if v is None else v for v in values], dtype=float)


def _theme_row(themes: Mapping[str, float]) -> NDArray[np.float32]:
    row = np.zeros(THEME_DIMS, dtype=np.float32)
    for theme, weight in themes.items():
        if theme in theme_set().index:
            row[theme_set().index[theme]] = weight
    return row


def _share_matrix(profiles: Sequence[Profile]) -> Column:
    matrix = np.zeros((len(profiles), len(theme_set().ids)))
    for at, profile in enumerate(profiles):
        for theme, share in profile.themes.items():
            if theme in theme_set().index:
                matrix[at, theme_set().index[theme]] = share
    return matrix


def _words_and_meaning(
    wanted: Wanted, profiles: Sequence[Profile], sample: Sequence[Profile], lens: Lens
) -> tuple[Column, Column]:
    """Each stands out of its own background; between whole profiles of one language the two are fused (`affinity.py`)."""
    words = _standing_out(_word_cosines, wanted, profiles, sample, lens)
    meaning = _standing_out(_meaning_cosines, wanted, profiles, sample, lens)
    for language in wanted.meanings:
        own = [i for i, x in enumerate(_languages(profiles)) if x == language]
        others = [p for p, x in zip(sample, _languages(sample), strict=True) if x == language]
        if len(own) and len(others) >= FEWEST_FOR_FUSION:
            words[own], meaning[own] = _fused(wanted, [profiles[i] for i in own], others, lens)
    return words, meaning


def _fused(wanted: Wanted, profiles: Sequence[Profile], sample: Sequence[Profile], lens: Lens) -> tuple[Column, Column]:
    """The two parts of the fused affinity, as shares of the closest account's."""
    known, others = _languages(profiles), _languages(sample)
    parts = fused(
        np.nan_to_num(_word_cosines(wanted, profiles, known, lens)),
        np.nan_to_num(_meaning_cosines(wanted, profiles, known, lens)),
        lexical_background=background(np.nan_to_num(_word_cosines(wanted, sample, others, lens))),
        dense_background=background(np.nan_to_num(_meaning_cosines(wanted, sample, others, lens))),
        share=lexical_share(count_words(wanted.text)),
    )
    closest = max(float(parts.total.max()), 1e-9)
    return np.clip(parts.lexical / closest, 0, 1), np.clip(parts.dense / closest, 0, 1)


def _standing_out(
    cosines: Cosines, wanted: Wanted, profiles: Sequence[Profile], sample: Sequence[Profile], lens: Lens
) -> Column:
    languages, others = _languages(profiles), _languages(sample)
    background = s.background_of(cosines(wanted, sample, others, lens), others)
    return s.outstanding(cosines(wanted, profiles, languages, lens), languages, background)


def _languages(profiles: Sequence[Profile]) -> list[str | None]:
    """What each account writes most."""
    return [next(iter(p.languages), None) for p in profiles]


def _word_cosines(wanted: Wanted, profiles: Sequence[Profile], languages: Sequence[str | None], lens: Lens) -> Column:
    cosines = np.full(len(profiles), np.nan)
    if lens.lexical is None:
        return cosines
    rows = lexical_rows(profiles, lens.lexical.width, lens.lexical.version)
    known = np.diff(rows.indptr) > 0
    for language in set(languages):
        query = wanted.words.get(language or "") if language in wanted.words else lens.words(wanted.text_in(language))
        own = known & np.array([x == language for x in languages], dtype=bool)
        if query is not None and query.nnz and own.any():
            cosines[own] = (rows[own] @ query.T).toarray()[:, 0]
    return cosines


def lexical_rows(profiles: Sequence[Profile], width: int, version: str) -> sparse.csr_matrix:
    """The profiles' lexical vectors, one row each; empty where the profile is of another version."""
    indices, values, starts = [], [], [0]
    for p in profiles:
        if p.lexical_version == version and p.lexical_indices is not None and p.lexical_values is not None:
            indices.append(np.frombuffer(p.lexical_indices, dtype="<i4"))
            values.append(np.frombuffer(p.lexical_values, dtype="<f4"))
        starts.append(starts[-1] + (len(indices[-1]) if p.lexical_version == version and indices else 0))
    data = (
        np.concatenate(values) if values else np.zeros(0, dtype=np.float32),
        np.concatenate(indices) if indices else np.zeros(0, dtype=np.int32),
        np.array(starts),
    )
    return sparse.csr_matrix(data, shape=(len(profiles), width))


def _meaning_cosines(
    wanted: Wanted, profiles: Sequence[Profile], languages: Sequence[str | None], lens: Lens
) -> Column:
    """The best centroid of each account, because a creator may talk about several things; the corpus' centre taken away."""
    cosines = np.full(len(profiles), np.nan)
    if lens.embedder is None:
        return cosines
    queries = {language: _meaning_query(wanted, language, lens) for language in set(languages)}
    for at, profile in enumerate(profiles):
        rows = centroid_rows(profile, lens)
        if rows is not None:
            cosines[at] = float((lens.centred(rows) @ queries[languages[at]].T).max())
    return cosines


def _meaning_query(wanted: Wanted, language: str | None, lens: Lens) -> NDArray[np.float32]:
    if language in wanted.meanings:
        return lens.centred(wanted.meanings[language or ""])
    return lens.centred(lens.meaning(wanted.text_in(language))[None, :])


def centroid_rows(profile: Profile, lens: Lens) -> NDArray[np.float32] | None:
    """An account's centroids of the embedder in force, shape (k, dimensions); None where it has none."""
    if lens.embedder is None or profile.dense_version != lens.embedder.version or not profile.centroids:
        return None
    return np.frombuffer(profile.centroids, dtype="<f4").reshape(-1, lens.embedder.dims)


def _brand_part(wanted: Wanted, profiles: Sequence[Profile]) -> Column:
    if not wanted.brands:
        return np.full(len(profiles), np.nan)
    known = [{b["brand"] for b in p.brands} for p in profiles]
    return np.array([1.0 if wanted.brands & brands else 0.0 for brands in known])


def _unwanted_words(wanted: Wanted, account_ids: Sequence[int]) -> Column:
    """Share of an account's posts that hold an unwanted term, counted fully from a fifth on."""
    terms = [folded(term) for term in wanted.unwanted_terms]
    if not terms or not account_ids:
        return np.full(len(account_ids), np.nan)
    statement = """
        SELECT account_id, avg(((title || ' ' || text) ~* %s)::int)::float8 FROM catalogue_post
         WHERE account_id = ANY(%s) GROUP BY account_id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [_pattern(terms), list(account_ids)])
        found = dict(cursor.fetchall())
    return np.array([min(found.get(a, 0.0) / 0.2, 1.0) for a in account_ids])


_VARIANTS = {"a": "aàâä", "e": "eéèêë", "i": "iîï", "o": "oôö", "u": "uùûü", "c": "cç", "n": "nñ", " ": r"\s_-"}


@lru_cache(maxsize=64)
def _pattern_of(term: str) -> str:
    letters = "".join(f"[{_VARIANTS[c]}]" if c in _VARIANTS else c if c.isalnum() else f"\\{c}" for c in term)
    return letters.replace(r"[\s_-]", r"[\s_-]*")


def _pattern(terms: Sequence[str]) -> str:
    return r"\m(" + "|".join(_pattern_of(term) for term in terms) + ")"


def card_vectors(account_ids: Sequence[int]) -> NDArray[np.float32]:
    """Unit card vectors in the order of the ids; zeros where there is none."""
    cards = {c.account_id: c for c in Card.objects.filter(account_id__in=account_ids).only("account_id", "vector")}
    return _vectors([cards.get(a, Card(vector=None)) for a in account_ids])


def _vectors(cards: Sequence[Card]) -> NDArray[np.float32]:
    width = THEME_DIMS + LEXICAL_DIMS + DENSE_DIMS
    rows = [np.zeros(width) if c.vector is None else c.vector for c in cards]
    stacked = np.array(rows, dtype=np.float32).reshape(len(cards), width)
    lengths = np.linalg.norm(stacked, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(stacked, lengths, out=np.zeros_like(stacked), where=lengths > 0)
    return unit
