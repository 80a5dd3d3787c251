"""Invented cards in any number, deterministic from a seed, encoded for PostgreSQL's binary COPY.

Vectors lie in clusters of clusters, with more weight on some directions than on others, as embeddings of people who
talk about the same things do; a card's themes go with its cluster. Cards come in random order, as enrichment writes
them: nothing is sorted to please the scan.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

NETWORKS = ("instagram", "tiktok", "youtube", "x", "facebook", "bluesky", "twitch", "rss", "mastodon", "snapchat")
NETWORK_WEIGHTS = (0.35, 0.25, 0.17, 0.08, 0.05, 0.04, 0.02, 0.02, 0.01, 0.01)
COUNTRIES = ("US", "FR", "GB", "DE", "ES", "BR", "IN", "IT", "CA", "MX", "BE", "NL", "CH", "PL", "JP")
COUNTRIES += ("KR", "TR", "ID", "PT", "SE", "AR", "CO", "AU", "AT", "IE", "MA", "DK", "NO", "FI", "GR")
LANGUAGES = ("en", "fr", "es", "de", "it", "pt", "nl", "pl", "ja", "ko", "tr", "id")
FORMATS = ("image", "short_video", "video", "text", "story", "live", "article", "audio")
WARNINGS = ("follower_jump", "engagement_too_even", "comments_alike", "audience_unlike_content")
THEMES = tuple(f"theme_{i:02d}" for i in range(80))
BRANDS = tuple(f"brand {i:04d}" for i in range(5000))
COLUMNS = (
    "account_id, workspace_id, creator_id, network, country, languages, followers, engagement_rate,"
    " engagement_percentile, posts_per_week, posts_read, last_post_on, sponsored_share, warnings, themes, brands,"
    " formats, has_authenticated, vector, words, updated_at"
)
CLUSTERS = 500
REGIONS = 40  # neighbouring clusters share a region
NOISE = 0.9  # length of the noise beside a centre of length 1
VOCABULARY = 50_000
WORDS_PER_CARD = 40
_VARCHAR = 1043
_NULL = struct.pack("!i", -1)
_EPOCH = date(2000, 1, 1)
_TODAY = date(2026, 6, 1)


@dataclass(frozen=True, slots=True)
class Cards:
    """Columns of n cards; `vectors` float32[n, d] of length 1; lists are index arrays padded with -1."""

    account_ids: np.ndarray
    workspace_id: int
    network: np.ndarray
    country: np.ndarray  # -1 is missing
    languages: np.ndarray
    followers: np.ndarray  # -1 is missing
    percentile: np.ndarray  # NaN is missing
    last_post: np.ndarray  # days before _TODAY, -1 is missing
    sponsored: np.ndarray  # NaN is missing
    warnings: np.ndarray
    themes: np.ndarray
    brands: np.ndarray
    formats: np.ndarray
    authenticated: np.ndarray
    words: np.ndarray
    vectors: np.ndarray


def _zipf(rng: np.random.Generator, size: int, shape: tuple[int, ...] | int, exponent: float) -> np.ndarray:
    weights = 1.0 / np.arange(1, size + 1) ** exponent
    return np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(shape)).clip(0, size - 1)


def _lists(rng: np.random.Generator, values: np.ndarray, most: int, least: int = 0) -> np.ndarray:
    """Keep between `least` and `most` of each row's values; the rest becomes -1."""
    kept = rng.integers(least, most + 1, len(values))
    return np.where(np.arange(values.shape[1])[None, :] < kept[:, None], values, -1)


def _spectrum(dims: int) -> np.ndarray:
    """How much each direction weighs: falling, as principal components of embeddings fall."""
    weights = (1 + np.arange(dims, dtype=np.float32) / 32) ** -0.5
    return (weights / np.linalg.norm(weights)).astype(np.float32)


def _of_length_one(vectors: np.ndarray) -> np.ndarray:
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def vectors_near(rng: np.random.Generator, centres: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """float32[n, d] of length 1, each around its cluster's centre."""
    out = rng.standard_normal((len(cluster), centres.shape[1]), dtype=np.float32)
    out *= NOISE * _spectrum(centres.shape[1])
    out += centres[cluster]
    return _of_length_one(out)


def centres_of(dims: int, seed: int) -> np.ndarray:
    """float32[CLUSTERS, d] of length 1."""
    rng = np.random.default_rng(seed)
    regions = _of_length_one(rng.standard_normal((REGIONS, dims), dtype=np.float32) * _spectrum(dims))
    own = _of_length_one(rng.standard_normal((CLUSTERS, dims), dtype=np.float32) * _spectrum(dims))
    return _of_length_one(regions[np.arange(CLUSTERS) % REGIONS] + own)


def invent(n: int, dims: int, seed: int = 7, workspace_id: int = 1) -> Cards:
    """n cards of one workspace."""
    rng = np.random.default_rng([seed, workspace_id])
    cluster = _zipf(rng, CLUSTERS, n, 0.5)
    own_themes = np.random.default_rng(seed).integers(0, len(THEMES), (CLUSTERS, 3))
    themes = np.concatenate([own_themes[cluster], _zipf(rng, len(THEMES), (n, 3), 0.6)], axis=1)
    followers = np.exp(rng.normal(9.0, 1.9, n)).astype(np.int64)
    return Cards(
        account_ids=rng.permutation(rng.integers(0, 2**63, int(n * 1.01) + 10, dtype=np.int64))[:n],
        workspace_id=workspace_id,
        network=rng.choice(len(NETWORKS), n, p=NETWORK_WEIGHTS),
        country=np.where(rng.random(n) < 0.1, -1, _zipf(rng, len(COUNTRIES), n, 0.8)),
        languages=_lists(rng, _zipf(rng, len(LANGUAGES), (n, 2), 0.9), 2, 1),
        followers=np.where(rng.random(n) < 0.03, -1, followers),
        percentile=np.where(rng.random(n) < 0.2, np.nan, rng.random(n)),
        last_post=np.where(rng.random(n) < 0.02, -1, rng.exponential(60, n).astype(np.int64)),
        sponsored=np.where(rng.random(n) < 0.1, np.nan, rng.beta(1, 8, n)),
        warnings=np.where(rng.random((n, 1)) < 0.05, rng.integers(0, len(WARNINGS), (n, 1)), -1),
        themes=_lists(rng, themes, 6, 1),
        brands=_lists(rng, _zipf(rng, len(BRANDS), (n, 6), 0.9), 6),
        formats=_lists(rng, _zipf(rng, len(FORMATS), (n, 3), 0.7), 3, 1),
        authenticated=rng.random(n) < 0.03,
        words=_zipf(rng, VOCABULARY, (n, WORDS_PER_CARD), 0.9),
        vectors=vectors_near(rng, centres_of(dims, seed), cluster),
    )


def _field(raw: bytes) -> bytes:
    return struct.pack("!i", len(raw)) + raw


def _element_fields(names: Sequence[str]) -> list[bytes]:
    return [_field(name.encode()) for name in names]


def _array(elements: list[bytes], indices: np.ndarray) -> bytes:
    """A varchar[] without repeats, in the given order."""
    kept = [elements[i] for i in dict.fromkeys(indices.tolist()) if i >= 0]
    if not kept:
        return _field(struct.pack("!iii", 0, 0, _VARCHAR))
    return _field(struct.pack("!iiiii", 1, 0, _VARCHAR, len(kept), 1) + b"".join(kept))


def word(index: int) -> str:
    """An invented word; lower index, more frequent."""
    return f"word{index}"


def _words_field(lexemes: list[bytes], indices: np.ndarray) -> bytes:
    kept = [lexemes[i] for i in set(indices.tolist())]
    return _field(struct.pack("!i", len(kept)) + b"".join(kept))


def _float(value: float) -> bytes:
    return _NULL if np.isnan(value) else struct.pack("!id", 8, value)


def binary_rows(cards: Cards) -> Iterator[bytes]:
    """The rows of a binary COPY (without its header and trailer), columns as in COLUMNS."""
    networks, countries = _element_fields(NETWORKS), [*_element_fields(COUNTRIES), _NULL]
    languages, formats = _element_fields(LANGUAGES), _element_fields(FORMATS)
    warnings, themes, brands = _element_fields(WARNINGS), _element_fields(THEMES), _element_fields(BRANDS)
    lexemes = [word(i).encode() + b"\0\0\0" for i in range(VOCABULARY)]
    halves = cards.vectors.astype(">f2")
    dims = halves.shape[1]
    vector_head = struct.pack("!ihh", 4 + 2 * dims, dims, 0)
    today = (_TODAY - _EPOCH).days
    tail = struct.pack("!iq", 8, today * 86_400_000_000)
    for i, account_id in enumerate(cards.account_ids.tolist()):
        followers, last = int(cards.followers[i]), int(cards.last_post[i])
        yield b"".join(
            (
                struct.pack("!hiqiiiq", 21, 8, account_id, 4, cards.workspace_id, 8, account_id >> 1),
                networks[cards.network[i]],
                countries[cards.country[i]],
                _array(languages, cards.languages[i]),
                _NULL if followers < 0 else struct.pack("!iq", 8, followers),
                _float(cards.percentile[i] / 10),
                _float(cards.percentile[i]),
                _float(1.0 + i % 7),
                struct.pack("!ii", 4, 30),
                _NULL if last < 0 else struct.pack("!ii", 4, today - last),
                _float(cards.sponsored[i]),
                _array(warnings, cards.warnings[i]),
                _array(themes, cards.themes[i]),
                _array(brands, cards.brands[i]),
                _array(formats, cards.formats[i]),
                b"\0\0\0\1" + (b"\1" if cards.authenticated[i] else b"\0"),
                vector_head,
                halves[i].tobytes(),
                _words_field(lexemes, cards.words[i]),
                tail,
            )
        )


def binary_copy(cards: Cards, chunk: int = 2000) -> Iterator[bytes]:
    """The whole binary COPY stream in pieces."""
    yield b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
    pending: list[bytes] = []
    for row in binary_rows(cards):
        pending.append(row)
        if len(pending) == chunk:
            yield b"".join(pending)
            pending.clear()
    yield b"".join(pending) + struct.pack("!h", -1)
