"""Where a text stands against the bubble: the brand's archive, the campaign's other texts, the posts of its theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sillage.campaigns.models import Campaign
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Grouped, Sentence
from sillage.studio.engine.corpus import Corpus
from sillage.studio.engine.placing import SHOWN, Near, Phrase, Placement, passages, placed, shared_run
from sillage.studio.models import Text, Voice
from sillage.studio.queries.corpora import (
    OwnText,
    PostCorpus,
    archive_of,
    campaign_texts,
    own_corpus,
    posts_corpus,
    readable_accounts,
    vectors_of_texts,
)
from sillage.studio.queries.voices import get_voice
from sillage.understanding.engine.language import detect
from sillage.understanding.engine.themes import theme_scores, theme_set
from sillage.understanding.engine.topic_result import parts_of
from sillage.understanding.lens import Lens, lens_of
from sillage.understanding.queries.topics import Origin, origins_of

MOST_CHARACTERS = 20_000
MOST_THEMES = 3
SURE_THEME = 0.35
ARCHIVE, CAMPAIGN, THEME = "archive", "campaign", "theme"
GROUPS = (ARCHIVE, CAMPAIGN, THEME)


class NothingToPlace(Malformed):
    """A text has words, and not too many."""


class ThemeUnknown(Malformed):
    """The theme is none of the set."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text and what it is placed against. Without themes they are the campaign brief's, else those read in the text."""

    body: str
    language: str
    campaign: Campaign | None = None
    voice: Voice | None = None
    brand: str = ""
    themes: tuple[str, ...] = ()
    text: Text | None = None  # itself, which is left out

    @property
    def brand_name(self) -> str:
        return self.brand or (self.campaign.brand if self.campaign else "") or (self.voice.brand if self.voice else "")


@dataclass(frozen=True, slots=True)
class ShownNear:
    """A text that was there before, as it stands today: a post with its account, or a text of the house."""

    near: Near
    text: str
    run: str  # of words that the placed text and this one share
    origin: Origin | None = None
    own: OwnText | None = None

    @property
    def kind(self) -> str:
        """post, text, voice_text, archived, draft."""
        return self.near.ref.partition(":")[0]

    @property
    def marks(self) -> list[str]:
        """Words to mark in it."""
        return [self.run] if self.run else []

    @property
    def who(self) -> str:
        return f"@{self.origin.post.account.handle}" if self.origin else self.own.title if self.own else ""

    @property
    def at(self) -> datetime | None:
        return self.origin.post.published_at if self.origin else self.own.at if self.own else None


@dataclass(frozen=True, slots=True)
class Group:
    """One of GROUPS with the text placed in it; `quotes` are the nearest, `examples` a post for each common phrase."""

    kind: str
    placement: Placement
    quotes: tuple[ShownNear, ...]
    examples: Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Originality:
    """Where a text stands. `missing` says what could not be had: brand, archive, campaign, theme, posts, meaning, words."""

    groups: tuple[Group, ...]
    themes: tuple[str, ...]
    are_read: bool  # the themes were read in the text, by words; otherwise the campaign's brief or a person said them
    language: str
    posts: int  # of the themes in this language, in all
    missing: tuple[str, ...]
    versions: Mapping[str, str]


def wanted_by(
    workspace_id: int,
    body: str,
    *,
    language: str = "",
    campaign_id: int | None = None,
    voice_id: int | None = None,
    brand: str = "",
    theme: str = "",
) -> Wanted:
    """What a form, a call or a command asks for. Raises NothingToPlace, ThemeUnknown, NotFound."""
    if not passages(body) or len(body) > MOST_CHARACTERS:
        raise NothingToPlace(
            Sentence(
                "A text of 1 to %(most_characters)s characters can be placed.", most_characters=Grouped(MOST_CHARACTERS)
            ),
            Sentence("Paste the text."),
            place="text",
        )
    if theme and theme not in theme_set().index:
        raise ThemeUnknown(
            Sentence("There is no theme “%(theme)s”.", theme=theme),
            Sentence("See them with `sillage themes list`."),
            place="theme",
        )
    return Wanted(
        body,
        language or language_of(body),
        get_campaign(workspace_id, campaign_id) if campaign_id is not None else None,
        get_voice(workspace_id, voice_id) if voice_id is not None else None,
        brand,
        (theme,) if theme else (),
    )


def language_of(body: str) -> str:
    """The language that the text seems to be in; empty where that cannot be told."""
    guess = detect([body])[0]
    return guess.code if guess else ""


def wanted_for(text: Text, body: str) -> Wanted:
    """What a text of the studio asks for, with the words as they are typed now."""
    brand = str(text.brief.content.get("brand", "")) if text.brief else ""
    return Wanted(body, text.language, text.campaign, text.voice, brand, text=text)


def originality_of(workspace_id: int, wanted: Wanted) -> Originality:
    """Place a text. Nothing is stored."""
    lens = lens_of(workspace_id)
    themes, are_read = themes_of(wanted)
    posts = posts_corpus(workspace_id, themes, wanted.language)
    own = _own_texts(workspace_id, wanted)
    vectors = vectors_of_texts(passages(wanted.body), lens)
    groups = [
        _own_group(kind, wanted.body, texts, lens) for kind, texts in own.items() if texts and passages(wanted.body)
    ]
    if posts.corpus.n:
        placement = placed(wanted.body, posts.corpus, vectors, shown=2 * SHOWN)
        groups.append(_post_group(workspace_id, placement))
    return Originality(
        tuple(groups),
        themes,
        are_read,
        wanted.language,
        posts.of,
        _missing(wanted, own, posts, themes, has_meaning=vectors is not None),
        {"meaning": lens.versions["meaning"], "themes": lens.versions["themes"]},
    )


def themes_of(wanted: Wanted) -> tuple[tuple[str, ...], bool]:
    """The themes that the text is placed in, the strongest first, and whether they were read in it."""
    if wanted.themes:
        return wanted.themes, False
    brief = wanted.campaign.brief if wanted.campaign else None
    if brief is not None and brief.themes:
        by_weight = sorted(brief.themes, key=lambda theme: (-brief.themes[theme], theme))
        return tuple(theme for theme in by_weight if theme in theme_set().index)[:MOST_THEMES], False
    hits = theme_scores([wanted.body], [wanted.language or None])[0]
    return tuple(hit.theme for hit in hits if hit.confidence >= SURE_THEME)[:MOST_THEMES], True


def _own_texts(workspace_id: int, wanted: Wanted) -> dict[str, list[OwnText]]:
    key = wanted.campaign.brand_key if wanted.campaign else ""
    without = wanted.text.pk if wanted.text else None
    found = {}
    if wanted.brand_name or wanted.voice:
        found[ARCHIVE] = archive_of(workspace_id, wanted.brand_name, key, wanted.voice, without)
    if wanted.campaign:
        found[CAMPAIGN] = campaign_texts(wanted.campaign, wanted.text)
    return found


def _missing(
    wanted: Wanted,
    own: Mapping[str, Sequence[OwnText]],
    posts: PostCorpus,
    themes: Sequence[str],
    *,
    has_meaning: bool,
) -> tuple[str, ...]:
    is_missing = {
        "brand": not wanted.brand_name and wanted.voice is None,
        "archive": ARCHIVE in own and not own[ARCHIVE],
        "campaign": wanted.campaign is None,
        "campaign_texts": CAMPAIGN in own and not own[CAMPAIGN],
        "theme": not themes,
        "posts": not posts.corpus.n,
        "meaning": not has_meaning or (posts.corpus.n > 0 and not posts.with_meaning),
    }
    return tuple(name for name, holds in is_missing.items() if holds)


def _own_group(kind: str, body: str, texts: Sequence[OwnText], lens: Lens) -> Group:
    corpus: Corpus = own_corpus(texts, lens)
    placement = placed(body, corpus, vectors_of_texts(passages(body), lens))
    by_ref = {text.ref: text for text in texts}
    quotes = tuple(
        ShownNear(near, by_ref[near.ref].text, shared_run(near.passage, by_ref[near.ref].text), own=by_ref[near.ref])
        for near in placement.nearest
    )
    return Group(kind, placement, quotes, {})


def _post_group(workspace_id: int, placement: Placement) -> Group:
    """What is quoted stands today; a post that is gone since makes room for the next."""
    phrases = [*placement.common, *([placement.word_for_word] if placement.word_for_word else [])]
    refs = [near.ref for near in placement.nearest] + [ref for phrase in phrases for ref in phrase.refs]
    standing = quotable(workspace_id, refs)
    quotes = tuple(_quoted(near, standing[near.ref]) for near in placement.nearest if near.ref in standing)[:SHOWN]
    kept = replace(placement, nearest=tuple(quote.near for quote in quotes))
    return Group(THEME, kept, quotes, _examples(phrases, standing))


def _quoted(near: Near, origin: Origin) -> ShownNear:
    text = "\n".join(part for part in (origin.post.title, origin.post.text) if part)
    return ShownNear(near, text, shared_run(near.passage, text), origin)


def _examples(phrases: Sequence[Phrase], standing: Mapping[str, Origin]) -> dict[str, Origin]:
    """For each phrase a post that says it today, by the phrase's words."""
    return {
        phrase.text: next(standing[ref] for ref in phrase.refs if ref in standing)
        for phrase in phrases
        if any(ref in standing for ref in phrase.refs)
    }


def quotable(workspace_id: int, refs: Sequence[str]) -> dict[str, Origin]:
    """Posts and comments that may be quoted today: they stand, and something may be derived from their account."""
    found = origins_of(workspace_id, [ref for ref in refs if ref.startswith(("post:", "comment:"))])
    may = readable_accounts(workspace_id, {parts_of(ref)[1] for ref in found})
    return {ref: origin for ref, origin in found.items() if parts_of(ref)[1] in may}
