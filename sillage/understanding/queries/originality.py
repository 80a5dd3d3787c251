"""What the originality enricher compares: posts of the workspace, archived texts, words of accounts by theme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from sillage.lib.late import sparse
from sillage.understanding.engine.echoes import Written
from sillage.understanding.engine.originality import Uniqueness, uniqueness
from sillage.understanding.lens import LEXICAL
from sillage.understanding.models import ArchivedText, Profile
from sillage.understanding.queries import derivable, find_fitted

POSTS_EACH = 100  # of an account, the newest
MOST_POSTS = 400_000  # of a workspace; beyond it each account gives fewer

_POSTS = """
    SELECT text, account_id, creator_id, id, published_at FROM (
        SELECT concat_ws(E'\\n', nullif(p.title, ''), nullif(p.text, '')) AS text, p.account_id, a.creator_id, p.id,
               p.published_at, row_number() OVER (PARTITION BY p.account_id ORDER BY p.published_at DESC, p.id) AS place
          FROM catalogue_post p JOIN catalogue_account a ON a.id = p.account_id
         WHERE a.workspace_id = %(workspace)s AND {derivable}) numbered
     WHERE place <= %(each)s ORDER BY published_at, account_id, id
"""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """How far an account's words lie from those of its theme and language, and how many others there are."""

    theme: str
    language: str
    found: Uniqueness | None


def list_written(workspace_id: int, accounts: int) -> list[Written]:
    """Texts of posts, earliest first, and then of the brands' archives."""
    each = max(10, min(POSTS_EACH, MOST_POSTS // max(1, accounts)))
    with connection.cursor() as cursor:
        cursor.execute(_POSTS.format(derivable=derivable()), {"workspace": workspace_id, "each": each})
        posts = [Written(*row) for row in cursor.fetchall()]
    archived = ArchivedText.objects.filter(workspace_id=workspace_id).order_by("pk")
    return posts + [Written(text, brand=brand) for text, brand in archived.values_list("text", "brand_key")]


def own_words(workspace_id: int) -> dict[int, OwnWords]:
    """Per account with a profile that says a theme and a language; among accounts of the same two."""
    model = find_fitted(workspace_id, LEXICAL)
    if model is None:
        return {}
    profiles = Profile.objects.filter(account__workspace_id=workspace_id, lexical_version=model.version)
    groups: defaultdict[tuple[str, str], list[Profile]] = defaultdict(list)
    fields = ("account_id", "themes", "languages", "lexical_indices", "lexical_values")
    for profile in profiles.only(*fields).order_by("account_id"):
        if profile.themes and profile.languages and profile.lexical_indices:
            groups[_first(profile.themes), _first(profile.languages)].append(profile)
    return {
        profile.account_id: OwnWords(theme, language, found)
        for (theme, language), own in groups.items()
        for profile, found in zip(own, uniqueness(_rows(own)), strict=True)
    }


def _first(shares: dict[str, float]) -> str:
    return min(shares, key=lambda name: (-shares[name], name))


def _rows(profiles: Sequence[Profile]) -> sparse.csr_matrix:
    """Rows of unit norm over the columns that occur."""
    indices = [np.frombuffer(bytes(p.lexical_indices or b""), dtype="<i4") for p in profiles]
    values = [np.frombuffer(bytes(p.lexical_values or b""), dtype="<f4") for p in profiles]
    starts = np.concatenate([[0], np.cumsum([len(i) for i in indices])])
    columns = np.concatenate(indices)
    _, columns = np.unique(columns, return_inverse=True)
    width = int(columns.max()) + 1 if len(columns) else 1
    data = np.concatenate(values).astype(np.float64)
    return sparse.csr_matrix((data, columns, starts), shape=(len(profiles), width))


def list_archive(workspace_id: int) -> list[tuple[str, int]]:
    """(brand key, number of texts), by key."""
    counts: defaultdict[str, int] = defaultdict(int)
    for brand in ArchivedText.objects.filter(workspace_id=workspace_id).values_list("brand_key", flat=True):
        counts[brand] += 1
    return sorted(counts.items())
