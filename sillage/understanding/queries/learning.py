"""Reading heads: those that read today, those in shadow, and what they would be trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from sillage.catalogue.models import Post
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence, Term
from sillage.understanding.engine.corrections import TAG_PREFIX
from sillage.understanding.models import CommentSignal, Head, PostVector, Signal
from sillage.understanding.queries import PostKey, as_array

CURRENT, SHADOW, RETIRED, REFUSED = "current", "shadow", "retired", "refused"
STATE_WORDS: Mapping[str, Sentence] = {
    CURRENT: Term("learnt model", "current"),
    SHADOW: Term("learnt model", "in shadow"),
    RETIRED: Term("learnt model", "retired"),
    REFUSED: Term("learnt model", "refused"),
}


def current_heads(workspace_id: int) -> tuple[tuple[str, bytes], ...]:
    """(enricher, bytes) of the heads that read in a workspace; those of tags read by an action of their own."""
    rows = Head.objects.filter(workspace_id=workspace_id, state=CURRENT).exclude(enricher__startswith=TAG_PREFIX)
    return tuple(
        (enricher, bytes(body)) for enricher, body in rows.order_by("enricher").values_list("enricher", "body")
    )


def find_current_head(workspace_id: int, enricher: str) -> Head | None:
    return Head.objects.filter(workspace_id=workspace_id, enricher=enricher, state=CURRENT).first()


def get_head(workspace_id: int, head_id: int) -> Head:
    found = Head.objects.select_related("decided_by__person").filter(workspace_id=workspace_id, pk=head_id).first()
    if found is None:
        raise NotFound(
            Sentence("No head %(head_id)s in this workspace.", head_id=head_id),
            Sentence("See the page “What reads your posts and comments”, or `sillage models list`."),
        )
    return found


def list_heads(workspace_id: int, enricher: str = "") -> list[Head]:
    """All of a workspace's, or of one enricher; the newest first, without their bytes."""
    rows = Head.objects.select_related("decided_by__person").filter(workspace_id=workspace_id).defer("body")
    if enricher:
        rows = rows.filter(enricher=enricher)
    return list(rows.order_by("-trained_at", "-pk"))


def stored_vectors(account_ids: Sequence[int], version: str) -> dict[PostKey, NDArray[np.float32]]:
    """{(account id, post id, content hash): dense vector} of one embedder version."""
    rows = PostVector.objects.filter(account_id__in=account_ids, version=version)
    return {
        (a, p, h): as_array(v) for a, p, h, v in rows.values_list("account_id", "post_id", "content_hash", "vector")
    }


def recent_posts(workspace_id: int, most: int) -> list[Post]:
    """The newest posts of a workspace, whoever published them."""
    return list(Post.objects.filter(account__workspace_id=workspace_id).order_by("-published_at", "-id")[:most])


def versions_seen(workspace_id: int, enricher: str) -> dict[str, int]:
    """{version: number of signals} that an enricher left on posts and comments of a workspace."""
    found: dict[str, int] = {}
    for table in (Signal, CommentSignal):
        rows = table._default_manager.filter(account__workspace_id=workspace_id, enricher=enricher)
        for version, n in rows.values_list("version").annotate(n=Count("id")).order_by():
            found[version] = found.get(version, 0) + n
    return found
