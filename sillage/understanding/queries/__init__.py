"""Reading signals, vectors, fitted models and profiles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from sillage.understanding.engine.minors import MINOR
from sillage.understanding.engine.port import VECTORS
from sillage.understanding.models import FittedModel, PostVector, Profile, Signal

PostKey = tuple[int, int, int]  # account id, post id, content hash

_UNREAD = """(
    SELECT p.account_id, count(*) FROM catalogue_post p JOIN catalogue_account a ON a.id = p.account_id
     WHERE a.workspace_id = %(workspace)s AND (%(since)s::timestamptz IS NULL OR p.published_at >= %(since)s)
       AND ({missing}) AND {derivable}
     GROUP BY p.account_id ORDER BY p.account_id
)"""
_NO_SIGNAL = """NOT EXISTS (SELECT FROM understanding_signal s WHERE s.account_id = p.account_id
    AND s.enricher = %({name})s AND s.post_id = p.id AND s.version = %({name}_version)s
    AND s.content_hash = p.content_hash)"""
_NO_VECTOR = """NOT EXISTS (SELECT FROM understanding_postvector v WHERE v.account_id = p.account_id
    AND v.post_id = p.id AND v.version = %({name}_version)s AND v.content_hash = p.content_hash)"""


_FROM_YOUTUBE_API = """(a.network = 'youtube' AND EXISTS (
    SELECT FROM catalogue_rawanswer r WHERE r.account_id = a.id AND r.network = 'youtube'))"""


_RESTRICTED = """EXISTS (SELECT FROM governance_restriction r WHERE r.workspace_id = a.workspace_id
    AND r.subject_kind = 'creator' AND r.subject_id = a.creator_id::text AND r.ended_at IS NULL)"""
_MINOR = f"""EXISTS (SELECT FROM understanding_accountsignal m
    WHERE m.account_id = a.id AND m.enricher = '{MINOR}' AND (m.value->>'holds')::boolean)"""


def unproposed() -> str:
    """SQL: the creator of account `a` objected, or the account says that it is a minor's: neither profiled nor proposed."""
    return f"({_RESTRICTED} OR {_MINOR})"


def derivable() -> str:
    """SQL: the account `a` may be read by enrichers. YouTube's terms withhold what its API gave, unless it was agreed.

    https://developers.google.com/youtube/terms/derived-metrics-policy
    """
    may = "true" if settings.SILLAGE.youtube_derived_metrics else f"NOT {_FROM_YOUTUBE_API}"
    return f"({may} AND NOT {unproposed()})"


def unproposed_accounts(workspace_id: int) -> frozenset[int]:
    """Accounts that no brief may find, see `unproposed`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.id FROM catalogue_account a WHERE a.workspace_id = %s AND {unproposed()}",  # noqa: S608  # constants
            [workspace_id],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def withheld_due(workspace_id: int) -> list[int]:
    """Accounts that may not be read, whose card is not plain yet or is older than they are."""
    statement = f"""
        SELECT a.id FROM catalogue_account a LEFT JOIN catalogue_card c ON c.account_id = a.id
         WHERE a.workspace_id = %s AND NOT ({derivable()}) AND (c.updated_at IS NULL OR a.fetched_at > c.updated_at
            OR EXISTS (SELECT FROM understanding_profile p WHERE p.account_id = a.id)
            OR EXISTS (SELECT FROM understanding_signal s WHERE s.account_id = a.id)
            OR EXISTS (SELECT FROM understanding_commentsignal s WHERE s.account_id = a.id)
            OR EXISTS (SELECT FROM understanding_postvector v WHERE v.account_id = a.id))
         ORDER BY a.id
    """  # noqa: S608  # of two constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [workspace_id])
        return [row[0] for row in cursor.fetchall()]


def due_accounts(workspace_id: int, versions: Mapping[str, str], since: datetime | None) -> dict[int, int]:
    """Accounts with posts that an enricher of these versions has not read: {account id: number of such posts}."""
    if not versions:
        return {}
    missing = " OR ".join((_NO_VECTOR if n == VECTORS else _NO_SIGNAL).format(name=n) for n in versions)
    given: dict[str, Any] = {"workspace": workspace_id, "since": since}
    for name, version in versions.items():
        given |= {name: name, f"{name}_version": version}
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD.format(missing=missing, derivable=derivable()), given)
        return dict(cursor.fetchall())


def read_already(account_ids: Sequence[int], versions: Mapping[str, str]) -> dict[str, set[PostKey]]:
    """Per enricher, the posts that this version of it has read."""
    known: dict[str, set[PostKey]] = {}
    for name, version in versions.items():
        if name == VECTORS:
            rows = PostVector.objects.filter(account_id__in=account_ids, version=version)
            known[name] = set(rows.values_list("account_id", "post_id", "content_hash"))
        else:
            signals = Signal.objects.filter(account_id__in=account_ids, enricher=name, version=version)
            known[name] = set(signals.values_list("account_id", "post_id", "content_hash"))
    return known


def current_language(account_ids: Sequence[int], versions: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """{(account id, post id): language} as the language enricher found it."""
    rows = Signal.objects.filter(account_id__in=account_ids, enricher="language", confidence__gt=0)
    if "language" in versions:
        rows = rows.filter(version=versions["language"])
    return {(a, p): value["language"] for a, p, value in rows.values_list("account_id", "post_id", "value")}


def signals_of(account_ids: Sequence[int], versions: Mapping[str, str]) -> dict[str, dict[tuple[int, int], Signal]]:
    """Per enricher {(account id, post id): signal} of these versions; posts in which nothing was found are absent."""
    found: dict[str, dict[tuple[int, int], Signal]] = {name: {} for name in versions if name != VECTORS}
    for name in found:
        rows = Signal.objects.filter(
            account_id__in=account_ids, enricher=name, version=versions[name], confidence__gt=0
        )
        found[name] = {(s.account_id, s.post_id): s for s in rows}
    return found


def signals_of_posts(
    account_id: int, post_ids: Sequence[int], versions: Mapping[str, str]
) -> dict[int, dict[str, Signal]]:
    """{post id: {enricher: signal}} of some posts of an account; where nothing was found there is none."""
    rows = Signal.objects.filter(
        account_id=account_id, post_id__in=post_ids, enricher__in=list(versions), confidence__gt=0
    )
    found: dict[int, dict[str, Signal]] = {}
    for signal in rows:
        if versions[signal.enricher] == signal.version:
            found.setdefault(signal.post_id, {})[signal.enricher] = signal
    return found


def vectors_of(account_ids: Sequence[int], version: str) -> dict[tuple[int, int], NDArray[np.float32]]:
    """{(account id, post id): dense vector} of one embedder version."""
    rows = PostVector.objects.filter(account_id__in=account_ids, version=version)
    return {(a, p): as_array(v) for a, p, v in rows.values_list("account_id", "post_id", "vector")}


def as_array(vector: Sequence[float]) -> NDArray[np.float32]:
    return np.asarray(vector, dtype=np.float32)


def find_fitted(workspace_id: int, name: str) -> FittedModel | None:
    """The newest fitted model of a name."""
    return FittedModel.objects.filter(workspace_id=workspace_id, name=name).order_by("-fitted_at", "-pk").first()


def current_versions(workspace_id: int) -> dict[str, str]:
    """The version of each enricher that is in force: those that the newest profiles were made from."""
    newest = Profile.objects.filter(account__workspace_id=workspace_id).order_by("-made_at").first()
    return dict(newest.versions) if newest else {}


def find_profile(account_id: int) -> Profile | None:
    return Profile.objects.filter(account_id=account_id).first()


def profiles_of(account_ids: Sequence[int]) -> dict[int, Profile]:
    return {p.account_id: p for p in Profile.objects.filter(account_id__in=account_ids)}


def profiles_due(workspace_id: int, versions: Mapping[str, str]) -> list[int]:
    """Accounts without a profile of these versions, or fetched or read since theirs was made."""
    statement = f"""
        SELECT a.id FROM catalogue_account a LEFT JOIN understanding_profile p ON p.account_id = a.id
         WHERE a.workspace_id = %s AND {derivable()}
           AND (p.account_id IS NULL OR p.versions <> %s::jsonb OR a.fetched_at > p.made_at
            OR EXISTS (SELECT FROM understanding_signal s WHERE s.account_id = a.id AND s.made_at > p.made_at))
         ORDER BY a.id
    """  # noqa: S608  # of two constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [workspace_id, json.dumps(dict(versions))])
        return [row[0] for row in cursor.fetchall()]


def sample_profiles(workspace_id: int, n: int) -> list[Profile]:
    """The same n profiles each time, taken at random: account ids are hashes, so the lowest ones are a sample."""
    return list(Profile.objects.filter(account__workspace_id=workspace_id).order_by("account_id")[:n])
