"""What a text is placed against: the posts of a theme, a brand's archive, a campaign's other texts.

A theme's posts are indexed once per process and kept until the workspace's accounts, objections or profiles change. What is
quoted from them is read again each time, so that a post that is gone or withheld since is never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q

from sillage.campaigns.models import Campaign, Draft
from sillage.lib.errors import OutsideError
from sillage.lib.text import folded
from sillage.studio.engine.corpus import Corpus, Floats, corpus_of
from sillage.studio.engine.text_states import TextState
from sillage.studio.models import Text, Voice, VoiceText
from sillage.understanding.engine.topic_result import parts_of
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.engine.topics import SetText
from sillage.understanding.lens import Lens, lens_of
from sillage.understanding.models import ArchivedText
from sillage.understanding.queries import derivable
from sillage.understanding.queries.topics import texts_of

MOST_POSTS = 50_000  # of a theme's corpus
MOST_OWN = 400  # of the archive, and of the campaign's texts: the newest
KEPT = 20_000  # vectors of single texts that a process keeps
_APPROVED = (TextState.CHOSEN.value, TextState.APPROVED.value, TextState.HANDED_OVER.value)
Stamp = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class PostCorpus:
    """Posts of some themes in one language, indexed. `of` is how many there are in all; `with_meaning` have a vector."""

    corpus: Corpus
    themes: tuple[str, ...]
    language: str
    of: int
    with_meaning: int


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of the house: its ref (text:ID, voice_text:ID, archived:ID, draft:ID), title and time where it has them."""

    ref: str
    text: str
    title: str = ""
    at: datetime | None = None
    page_id: int | None = None  # of the text or of the deliverable that it stands on


def stamp_of(workspace_id: int) -> Stamp:
    """Changes when accounts come, go or are fetched again, when somebody objects, when posts are read anew."""
    statement = """
        SELECT (SELECT (count(*), max(fetched_at)) FROM catalogue_account WHERE workspace_id = %(w)s)::text,
               (SELECT (count(*), max(r.id)) FROM governance_restriction r WHERE r.workspace_id = %(w)s
                   AND r.ended_at IS NULL)::text,
               (SELECT (count(*), max(p.made_at)) FROM understanding_profile p JOIN catalogue_account a
                   ON a.id = p.account_id WHERE a.workspace_id = %(w)s)::text
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"w": workspace_id})
        return tuple(cursor.fetchone())


def posts_corpus(workspace_id: int, themes: Sequence[str], language: str) -> PostCorpus:
    """The posts of these themes (of every theme where there is none) in a language, at most MOST_POSTS of them."""
    return _posts_corpus(workspace_id, tuple(themes), language, lens_of(workspace_id), stamp_of(workspace_id))


@lru_cache(maxsize=2)  # one of 50,000 posts takes some 150 MB
def _posts_corpus(workspace_id: int, themes: tuple[str, ...], language: str, lens: Lens, _stamp: Stamp) -> PostCorpus:
    texts, of = posts_of_themes(workspace_id, themes, language)
    vectors = None if lens.embedder is None else _post_vectors(texts, lens)
    corpus = corpus_of([t.ref for t in texts], [t.account_id for t in texts], [t.text for t in texts], vectors)
    with_meaning = 0 if vectors is None else int(np.any(vectors != 0, axis=1).sum())
    return PostCorpus(corpus, themes, language, of, with_meaning)


def posts_of_themes(workspace_id: int, themes: Sequence[str], language: str) -> tuple[list[SetText], int]:
    """Posts of any of the themes, each once, and how many there are. Ids are hashes, so that the lowest are a sample."""
    sets = [texts_of(workspace_id, Scope(theme=theme, language=language)) for theme in themes or ("",)]
    found = {text.ref: text for one in sets for text in one.texts}
    kept = sorted(found.values(), key=lambda t: parts_of(t.ref)[2])[:MOST_POSTS]
    return kept, max(len(found), *(one.of for one in sets))


def _post_vectors(texts: Sequence[SetText], lens: Lens) -> Floats:
    """The vectors of posts as the enricher left them, with the corpus' centre taken away; zeros where there is none."""
    version = lens.versions["meaning"]
    where = {parts_of(t.ref)[1:]: row for row, t in enumerate(texts)}
    vectors = np.zeros((len(texts), lens.embedder.dims if lens.embedder else 1), dtype=np.float32)
    statement = """SELECT account_id, post_id, halfvec_send(vector) FROM understanding_postvector
        WHERE version = %s AND account_id = ANY(%s)"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [version, sorted({account for account, _ in where})])
        for account, post, body in cursor:
            row = where.get((account, post))
            if row is not None:
                vectors[row] = np.frombuffer(bytes(body), dtype=">f2", offset=4)  # two int16 stand before the numbers
    return lens.centred(vectors)


# -- the house's own texts -------------------------------------------------------------------------------------------


def archive_of(
    workspace_id: int, brand: str, brand_key: str, voice: Voice | None, without: int | None
) -> list[OwnText]:
    """What the brand chose, approved or handed over here, what its voices were trained on, and its imported archive."""
    voices = [v.pk for v in Voice.objects.filter(workspace_id=workspace_id) if _is_of(v, brand, voice)]
    texts = Text.objects.filter(workspace_id=workspace_id, state__in=_APPROVED).exclude(pk=without or 0)
    wanted = Q(voice_id__in=voices)
    if brand_key:
        wanted |= Q(campaign__brand_key=brand_key)
    if brand:
        wanted |= Q(brief__content__brand__iexact=brand)
    found = [_of_text(t) for t in texts.filter(wanted).order_by("-changed_at")[:MOST_OWN]]
    trained = VoiceText.objects.filter(voice_id__in=voices).select_related("voice").order_by("-pk")[:MOST_OWN]
    found += [OwnText(f"voice_text:{t.pk}", t.text, t.voice.name, t.added_at, t.voice_id) for t in trained]
    if brand_key:
        kept = ArchivedText.objects.filter(workspace_id=workspace_id, brand_key=brand_key).order_by("-pk")
        found += [OwnText(f"archived:{t.pk}", t.text, "", t.added_at) for t in kept[:MOST_OWN]]
    return _each_once(found)


def _is_of(voice: Voice, brand: str, chosen: Voice | None) -> bool:
    is_chosen = chosen is not None and voice.pk == chosen.pk
    return is_chosen or bool(brand and voice.brand and folded(voice.brand) == folded(brand))


def _of_text(text: Text) -> OwnText:
    return OwnText(f"text:{text.pk}", text.body, text.title, text.changed_at, text.pk)


def campaign_texts(campaign: Campaign, text: Text | None) -> list[OwnText]:
    """The campaign's other texts, and the newest draft of each deliverable but the one that the text was handed to."""
    texts = Text.objects.filter(campaign=campaign, archived_at=None).exclude(pk=text.pk if text else 0)
    found = [_of_text(t) for t in texts.exclude(body="").order_by("-changed_at")[:MOST_OWN]]
    drafts = Draft.objects.filter(deliverable__campaign=campaign).exclude(text="")
    if text is not None and text.deliverable_id is not None:
        drafts = drafts.exclude(deliverable_id=text.deliverable_id)
    newest = drafts.select_related("deliverable").order_by("deliverable_id", "-number").distinct("deliverable_id")
    found += [
        OwnText(f"draft:{d.pk}", d.text, d.deliverable.name, d.came_at, d.deliverable_id) for d in newest[:MOST_OWN]
    ]
    return _each_once(found)


def _each_once(texts: Iterable[OwnText]) -> list[OwnText]:
    found: dict[str, OwnText] = {}
    for text in texts:
        if text.text.strip():
            found.setdefault(" ".join(folded(text.text).split()), text)
    return list(found.values())[:MOST_OWN]


def own_corpus(texts: Sequence[OwnText], lens: Lens) -> Corpus:
    """The house's texts indexed; each is its own owner, so that all are compared with one another."""
    vectors = vectors_of_texts([t.text for t in texts], lens)
    return corpus_of([t.ref for t in texts], range(len(texts)), [t.text for t in texts], vectors)


_VECTORS: dict[tuple[str, str], Floats] = {}


def vectors_of_texts(texts: Sequence[str], lens: Lens) -> Floats | None:
    """Centred vectors of texts that have none in the database; None without an embedder, or when it fails."""
    if lens.embedder is None:
        return None
    version = lens.embedder.version
    keys = [(version, text) for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in _VECTORS}
    try:
        made = lens.embedder.embed(list(missing.values())) if missing else np.zeros((0, lens.embedder.dims))
    except OutsideError:
        return None
    if len(_VECTORS) > KEPT:
        _VECTORS.clear()
        return vectors_of_texts(texts, lens)
    _VECTORS.update(zip(missing, np.asarray(made, dtype=np.float32), strict=True))
    rows = np.array([_VECTORS[key] for key in keys], dtype=np.float32).reshape(len(texts), lens.embedder.dims)
    return lens.centred(rows)


def readable_accounts(workspace_id: int, account_ids: Iterable[int]) -> frozenset[int]:
    """Those of the accounts that stand in the workspace today and from which something may be derived."""
    statement = f"SELECT a.id FROM catalogue_account a WHERE a.workspace_id = %s AND a.id = ANY(%s) AND {derivable()}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [workspace_id, sorted(set(account_ids))])
        return frozenset(row[0] for row in cursor.fetchall())
