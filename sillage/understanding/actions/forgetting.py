"""What understanding made from posts and people that leave, removed as part of their removal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sillage.understanding.engine.lexical import LexicalModel, plain
from sillage.understanding.lens import LEXICAL, WORD_PROJECTION
from sillage.understanding.models import FittedModel, PostVector, Profile, Signal

_WORD = re.compile(r"\w{2,}")


def forget_posts(account_id: int, post_ids: Sequence[int]) -> dict[str, int]:
    """Remove the signals and vectors of posts; the account's profile is made anew at the next run."""
    of_posts = {"account_id": account_id, "post_id__in": list(post_ids)}
    removed = {
        "signal": Signal.objects.filter(**of_posts).delete()[0],
        "postvector": PostVector.objects.filter(**of_posts).delete()[0],
    }
    Profile.objects.filter(account_id=account_id).update(versions={})
    return removed


def forget_names(workspace_id: int, names: Iterable[str]) -> dict[str, int]:
    """Remove fitted vocabularies that hold a person's handle or name; the next run fits them again without it.

    Other words stay: a vocabulary says of no word who wrote it.
    """
    wanted = {term for name in names if (term := _term(name))}
    fitted = FittedModel.objects.filter(workspace_id=workspace_id, name=LEXICAL)
    knowing = [m.pk for m in fitted if wanted & set(LexicalModel.from_bytes(bytes(m.body)).words)]
    if not knowing:
        return {}
    of_words = FittedModel.objects.filter(workspace_id=workspace_id, name=WORD_PROJECTION)
    return {"fittedmodel": FittedModel.objects.filter(pk__in=knowing).delete()[0] + of_words.delete()[0]}


def _term(name: str) -> str:
    """A name as the vocabulary would hold it: its word, or its first two."""
    return " ".join(_WORD.findall(plain(name))[:2])
