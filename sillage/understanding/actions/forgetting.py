"""What understanding made from posts and people that leave, removed as part of their removal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.keys import creator_key_hash
from sillage.catalogue.models import Comment
from sillage.governance.models import Workspace
from sillage.understanding.engine.learning import words_of
from sillage.understanding.engine.lexical import LexicalModel, plain
from sillage.understanding.lens import LEXICAL, WORD_PROJECTION
from sillage.understanding.models import CommentSignal, Correction, FittedModel, Head, PostVector, Profile, Signal

_WORD = re.compile(r"\w{2,}")


def forget_posts(account_id: int, post_ids: Sequence[int]) -> dict[str, int]:
    """Remove what was found in posts and in comments that are gone with them; the account's profile is made anew.

    Comments are deleted before this is called.
    """
    of_posts = {"account_id": account_id, "post_id__in": list(post_ids)}
    removed = {
        "signal": Signal.objects.filter(**of_posts).delete()[0],
        "postvector": PostVector.objects.filter(**of_posts).delete()[0],
        "commentsignal": _without_comment(CommentSignal.objects.filter(account_id=account_id), "comment_id"),
        "correction": Correction.objects.filter(
            account_id=account_id, subject_kind="post", subject_id__in=list(post_ids)
        ).delete()[0]
        + _without_comment(Correction.objects.filter(account_id=account_id, subject_kind="comment"), "subject_id"),
    }
    Profile.objects.filter(account_id=account_id).update(versions={})
    return removed


def _without_comment(rows: QuerySet[Any], field: str) -> int:
    """Delete the rows whose comment is gone. Returns how many."""
    there = Comment.objects.filter(account_id=OuterRef("account_id"), id=OuterRef(field))
    return rows.filter(~Exists(there)).delete()[0]


def forget_comments_by(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Remove what was found in comments that these accounts' owners wrote under posts of others."""
    salt = bytes(Workspace.objects.values_list("salt", flat=True).get(pk=workspace_id))
    accounts = catalogue.list_accounts(workspace_id, account_ids).values()
    hashes = [creator_key_hash(salt, a.network, a.network_id) for a in accounts]
    written = Comment.objects.filter(account__workspace_id=workspace_id, author_hash__in=hashes)
    found: Counter[str] = Counter()
    for account_id, comment_id in written.values_list("account_id", "id"):
        signals = CommentSignal.objects.filter(account_id=account_id, comment_id=comment_id)
        said = Correction.objects.filter(account_id=account_id, subject_kind="comment", subject_id=comment_id)
        found.update(commentsignal=signals.delete()[0], correction=said.delete()[0])
    return dict(found)


def forget_names(workspace_id: int, names: Iterable[str]) -> dict[str, int]:
    """Remove fitted vocabularies and learnt heads that hold a person's handle or name; they are fitted and learnt again
    without it.

    Other words stay: a vocabulary says of no word who wrote it.
    """
    wanted = {term for name in names if (term := _term(name))}
    fitted = FittedModel.objects.filter(workspace_id=workspace_id, name=LEXICAL)
    knowing = [m.pk for m in fitted if wanted & set(LexicalModel.from_bytes(bytes(m.body)).words)]
    heads = [
        h.pk for h in Head.objects.filter(workspace_id=workspace_id) if wanted & words_of(h.enricher, bytes(h.body))
    ]
    removed = {"head": Head.objects.filter(pk__in=heads).delete()[0]} if heads else {}
    if not knowing:
        return removed
    of_words = FittedModel.objects.filter(workspace_id=workspace_id, name=WORD_PROJECTION)
    return removed | {"fittedmodel": FittedModel.objects.filter(pk__in=knowing).delete()[0] + of_words.delete()[0]}


def _term(name: str) -> str:
    """A name as the vocabulary would hold it: its word, or its first two."""
    return " ".join(_WORD.findall(plain(name))[:2])
