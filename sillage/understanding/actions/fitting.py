"""Fitting the lexical model and the projections on a workspace's own posts, versioned by what they learnt."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
from django.db import connection, transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.lexical import fit_lexical
from sillage.understanding.engine.port import PostText
from sillage.understanding.engine.projection import DENSE_DIMS, LEXICAL_DIMS, Projection, fit_projection
from sillage.understanding.lens import LEXICAL, MEANING_PROJECTION, WORD_PROJECTION
from sillage.understanding.models import FittedModel, PostVector
from sillage.understanding.queries import as_array, derivable, find_fitted

SAMPLE_POSTS = 50_000
SAMPLE_ROWS = 4_000  # lexical rows that the projection is fitted on
SAMPLE_VECTORS = 20_000
_WORD = re.compile(r"[^\W\d_]{2}")
GROWTH = 1.5  # refit once the corpus is this many times what the model was fitted on


class NoCorpus(Refusal):
    """There are no posts with words to learn from."""


def is_fit_due(workspace_id: int) -> bool:
    """True without a model, or when the corpus has outgrown it, or when dense vectors came without their projection."""
    fitted = find_fitted(workspace_id, LEXICAL)
    posts = min(_count_posts(workspace_id), SAMPLE_POSTS)
    if fitted is None or posts > GROWTH * fitted.n:
        return posts > 0
    has_vectors = PostVector.objects.filter(account__workspace_id=workspace_id).exists()
    return has_vectors and find_fitted(workspace_id, MEANING_PROJECTION) is None


@transaction.atomic
def fit(*, actor: Actor, now: datetime) -> dict[str, str]:
    """Fit on a sample of the workspace's posts and keep the models beside the older ones. Returns their versions."""
    require(actor, Right.CATALOGUE)
    texts = _sample(actor.workspace_id)
    if not any(_WORD.search(text) for text in texts):
        raise NoCorpus(
            Sentence("This workspace has no posts with words to learn from."), Sentence("Import or fetch posts first.")
        )
    lexical = fit_lexical(texts)
    vectors = lexical.transform(texts[:SAMPLE_ROWS])
    versions = {
        LEXICAL: _keep(actor.workspace_id, LEXICAL, lexical.version, lexical.to_bytes(), len(texts), now),
        WORD_PROJECTION: _keep_projection(
            actor.workspace_id, WORD_PROJECTION, fit_projection(vectors, LEXICAL_DIMS), len(texts), now
        ),
    }
    dense = _sample_vectors(actor.workspace_id)
    if len(dense):
        versions[MEANING_PROJECTION] = _keep_projection(
            actor.workspace_id, MEANING_PROJECTION, fit_projection(dense, DENSE_DIMS, centre=True), len(dense), now
        )
    governance.record(
        verb="understanding.models_fitted",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"posts": len(texts), "versions": versions},
    )
    return versions


def _count_posts(workspace_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM catalogue_post p JOIN catalogue_account a ON a.id = p.account_id"  # noqa: S608
            f" WHERE a.workspace_id = %s AND {derivable()} LIMIT %s) x",
            [workspace_id, int(SAMPLE_POSTS * GROWTH) + 1],
        )
        return int(cursor.fetchone()[0])


def _sample(workspace_id: int) -> list[str]:
    """Texts in an order that depends on nothing but their ids, so that the same corpus gives the same model."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.title, p.text, p.hashtags FROM catalogue_post p"  # noqa: S608
            " JOIN catalogue_account a ON a.id = p.account_id"
            f" WHERE a.workspace_id = %s AND {derivable()} ORDER BY p.id LIMIT %s",
            [workspace_id, SAMPLE_POSTS],
        )
        return [PostText(0, 0, 0, title, text, tuple(tags)).words for title, text, tags in cursor.fetchall()]


def _sample_vectors(workspace_id: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    newest = PostVector.objects.filter(account__workspace_id=workspace_id)
    version = newest.order_by("-post_id").values_list("version", flat=True).first()
    rows = newest.filter(version=version).order_by("post_id").values_list("vector", flat=True)[:SAMPLE_VECTORS]
    return np.array([as_array(v) for v in rows], dtype=np.float32)


def _keep(workspace_id: int, name: str, version: str, body: bytes, n: int, now: datetime) -> str:
    FittedModel.objects.update_or_create(
        workspace_id=workspace_id, name=name, version=version, defaults={"body": body, "n": n, "fitted_at": now}
    )
    return version


def _keep_projection(workspace_id: int, name: str, projection: Projection, n: int, now: datetime) -> str:
    return _keep(workspace_id, name, projection.version, projection.to_bytes(), n, now)
