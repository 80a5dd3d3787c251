"""What an audience says that others do not: comments and posts of some creators against a theme's posts, or competitors'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sillage.campaigns.models import Campaign
from sillage.catalogue.models import Account, Brand
from sillage.catalogue.queries import list_brands
from sillage.governance.engine.sensitive import sorting_in
from sillage.studio.engine.angles import Contrast, Spoken, contrasts, terms_in
from sillage.studio.engine.corpus import words_of
from sillage.studio.engine.placing import passages
from sillage.studio.queries.corpora import Stamp, posts_of_themes, stamp_of, vectors_of_texts
from sillage.studio.queries.originality import quotable
from sillage.understanding.engine.topic_result import parts_of
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.engine.topic_words import spelt
from sillage.understanding.engine.topics import SetText
from sillage.understanding.lens import Lens, lens_of
from sillage.understanding.queries import current_versions, signals_of
from sillage.understanding.queries.topics import Origin, texts_of

MOST_COMMENTS, MOST_POSTS, MOST_OTHERS = 6_000, 4_000, 8_000
SHOWN = 12
TALK_SHARE = 0.5  # of how often the audience says it, from which a word is one of talk
LOOKED_AT = 24  # of the clearest, whose quotes are compared with the text
QUOTES = 2
WORD, THEME = "word", "theme"


@dataclass(frozen=True, slots=True)
class Difference:
    """A word or theme that the audience has and the others have not. `fit`: cosine of its quotes with a given text."""

    kind: str
    term: str  # as it is written; a theme's id
    contrast: Contrast
    quotes: tuple[Origin, ...]
    fit: float | None = None

    @property
    def marks(self) -> list[str]:
        """Words to mark in the quotes."""
        return [self.term] if self.kind == WORD else []


@dataclass(frozen=True, slots=True)
class Differences:
    """What was compared: comments and posts of the audience, texts of the others; and what came out."""

    comments: int
    posts: int
    others: int
    words: tuple[Difference, ...]
    themes: tuple[Difference, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.themes)


@dataclass(frozen=True, eq=False)
class _Compared:
    comments: int
    posts: int
    others: int
    words: tuple[tuple[str, Contrast], ...]
    themes: tuple[Contrast, ...]


def angles_of(
    workspace_id: int, accounts: Collection[int], themes: Sequence[str], language: str, body: str = ""
) -> Differences:
    """What these creators' audience says and the theme's posts by others do not; with a text, what fits it best first."""
    key = (workspace_id, tuple(sorted(accounts)), tuple(themes), language)
    return _shown(workspace_id, _against_theme(*key, stamp_of(workspace_id)), body)


@lru_cache(maxsize=8)
def _against_theme(
    workspace_id: int, accounts: tuple[int, ...], themes: tuple[str, ...], language: str, _stamp: Stamp
) -> _Compared:
    posts, _ = posts_of_themes(workspace_id, themes, language)
    others = [post for post in posts if post.account_id not in set(accounts)][:MOST_OTHERS]
    return _compared(workspace_id, accounts, others, language)


def unsaid_of(
    workspace_id: int, accounts: Collection[int], competitors: Sequence[str], language: str, body: str = ""
) -> Differences:
    """What these creators' audience says and the posts of or about competing brands (by key) do not."""
    key = (workspace_id, tuple(sorted(accounts)), tuple(competitors), language)
    return _shown(workspace_id, _against_competitors(*key, stamp_of(workspace_id)), body)


@lru_cache(maxsize=8)
def _against_competitors(
    workspace_id: int, accounts: tuple[int, ...], competitors: tuple[str, ...], language: str, _stamp: Stamp
) -> _Compared:
    return _compared(workspace_id, accounts, posts_of_brands(workspace_id, competitors, language), language)


def posts_of_brands(workspace_id: int, keys: Sequence[str], language: str) -> list[SetText]:
    """Posts that name one of the brands, and posts of the brands' own accounts, each once."""
    brands = Brand.objects.filter(workspace_id=workspace_id, key__in=keys)
    handles = {handle.casefold() for brand in brands for handle in brand.handles}
    rows = Account.objects.filter(workspace_id=workspace_id).values_list("pk", "handle") if handles else ()
    own = tuple(pk for pk, handle in rows if handle.casefold() in handles)
    sets = [texts_of(workspace_id, Scope(brand=key, language=language)) for key in keys]
    if own:
        sets.append(texts_of(workspace_id, Scope(accounts=own, language=language)))
    found = {text.ref: text for one in sets for text in one.texts}
    return sorted(found.values(), key=lambda t: parts_of(t.ref)[2])[:MOST_OTHERS]


def competitors_of(campaign: Campaign) -> dict[str, str]:
    """The campaign's competing brands by key, as they are called."""
    names = {brand.key: brand.name for brand in list_brands(campaign.workspace_id)}
    return {key: names.get(key, key) for key in campaign.competitors}


# -- comparing -------------------------------------------------------------------------------------------------------


def _compared(workspace_id: int, accounts: Collection[int], others: Sequence[SetText], language: str) -> _Compared:
    comments = _texts(workspace_id, "comments", accounts, language)[:MOST_COMMENTS]
    posts = _texts(workspace_id, "posts", accounts, language)[:MOST_POSTS]
    ours = [*comments, *posts]
    named = _names(workspace_id, accounts)

    talk = _talk(workspace_id, accounts, language, comments)

    def may_say(term: str) -> bool:
        return term not in talk and not (set(term.split()) & named) and sorting_in(term) is None

    found = contrasts([_spoken(t) for t in ours], [_spoken(t) for t in others], may_say=may_say)
    written = spelt([c.term for c in found], (t.text for t in ours))
    themes = contrasts(_themed(workspace_id, posts), _themed(workspace_id, others), are_words=False)
    return _Compared(
        len(comments), len(posts), len(others), tuple(zip(written, found, strict=True)), tuple(themes[:SHOWN])
    )


def _texts(workspace_id: int, kind: str, accounts: Collection[int], language: str) -> list[SetText]:
    if not accounts:
        return []
    own = tuple(sorted(accounts))
    if kind == "comments":
        return texts_of(workspace_id, Scope(kind="comments", accounts=own, language=language)).texts
    return texts_of(workspace_id, Scope(accounts=own, language=language)).texts


def _talk(workspace_id: int, accounts: Collection[int], language: str, own: Sequence[SetText]) -> frozenset[str]:
    """Words of talk: people under other creators' posts say them about as often, so they tell nothing of this audience."""
    others = texts_of(workspace_id, Scope(kind="comments", language=language)).texts
    elsewhere = [text for text in others if text.account_id not in set(accounts)][:MOST_COMMENTS]
    if not elsewhere or not own:
        return frozenset()
    here, there = (Counter(t for text in texts for t in terms_in(text.text)) for texts in (own, elsewhere))
    return frozenset(t for t, n in there.items() if n / len(elsewhere) >= TALK_SHARE * here[t] / len(own))


def _spoken(text: SetText) -> Spoken:
    return Spoken(text.ref, text.account_id, terms_in(text.text))


def _names(workspace_id: int, accounts: Collection[int]) -> frozenset[str]:
    """Words that name somebody: brands, and the creators whose posts are read. They are no angle."""
    called = [part for brand in list_brands(workspace_id) for part in (brand.name, *brand.handles, *brand.aliases)]
    rows = Account.objects.filter(workspace_id=workspace_id, pk__in=list(accounts)).select_related("creator")
    called += [part for account in rows for part in (account.handle, account.name, account.creator.name)]
    return frozenset(word.folded for name in called for word in words_of(name.replace("_", " ").replace(".", " ")))


def _themed(workspace_id: int, posts: Sequence[SetText]) -> list[Spoken]:
    """Posts with the themes that the machine found in them; posts that it has not read are left out."""
    versions = {n: v for n, v in current_versions(workspace_id).items() if n == "themes"}
    signals = signals_of(sorted({post.account_id for post in posts}), versions).get("themes", {})
    found = []
    for post in posts:
        signal = signals.get(parts_of(post.ref)[1:])
        if signal is not None:
            found.append(Spoken(post.ref, post.account_id, frozenset(signal.value.get("themes", {}))))
    return found


# -- showing ---------------------------------------------------------------------------------------------------------


def _shown(workspace_id: int, compared: _Compared, body: str) -> Differences:
    """With quotes that stand today. A word that nobody can be quoted for any more is not shown."""
    words = compared.words[: LOOKED_AT if body else SHOWN]
    refs = [ref for _, contrast in words for ref in contrast.refs] + [r for c in compared.themes for r in c.refs]
    standing = quotable(workspace_id, refs)
    fits = _fits(lens_of(workspace_id), body, [c for _, c in words], standing) if body else {}
    found = [_difference(WORD, term, contrast, standing, fits.get(contrast.term)) for term, contrast in words]
    shown = [one for one in found if one.quotes]
    if fits:
        shown.sort(key=lambda one: -(one.fit or 0.0))
    themes = [_difference(THEME, c.term, c, standing, None) for c in compared.themes]
    return Differences(
        compared.comments,
        compared.posts,
        compared.others,
        tuple(shown[:SHOWN]),
        tuple(one for one in themes if one.quotes),
    )


def _difference(
    kind: str, term: str, contrast: Contrast, standing: Mapping[str, Origin], fit: float | None
) -> Difference:
    quotes = tuple(standing[ref] for ref in contrast.refs if ref in standing)[:QUOTES]
    return Difference(kind, term, contrast, quotes, fit)


def _fits(lens: Lens, body: str, found: Sequence[Contrast], standing: Mapping[str, Origin]) -> dict[str, float]:
    """How near the quotes of each word come to the text, by meaning; empty without an embedder."""
    quoted = {c.term: [text_of(standing[r]) for r in c.refs[:QUOTES] if r in standing] for c in found}
    texts = [text for own in quoted.values() for text in own]
    rows, asked = vectors_of_texts(texts, lens), vectors_of_texts(passages(body), lens)
    if rows is None or asked is None or not texts or not len(asked):
        return {}
    near = np.asarray(rows @ asked.T).max(axis=1)
    ends = np.cumsum([len(own) for own in quoted.values()])
    pieces = zip(quoted, np.split(near, ends[:-1]), strict=True)
    return {term: round(float(piece.mean()), 4) for term, piece in pieces if len(piece)}


def text_of(origin: Origin) -> str:
    """What is quoted: the comment where it is one, else the post."""
    if origin.comment is not None:
        return origin.comment.text
    return "\n".join(part for part in (origin.post.title, origin.post.text) if part)
