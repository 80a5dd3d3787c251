"""Writes the posts of one creator from the fragments, in that creator's voice and in the manner of the network."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sillage.catalogue.sample.cast import Persona
from sillage.catalogue.sample.content import (
    DIARY,
    Fragments,
    Scene,
    lines_of,
    load_fragments,
    load_interests,
    read_data,
)
from sillage.catalogue.sample.grammar import Expander, localised, typeset
from sillage.catalogue.sample.sponsoring import Sponsorship

T = TypeVar("T")

BLUESKY_LIMIT = 300
OPINION_SHARE = 0.16  # of short posts: views only, nothing happens
UNOPENED_SHARE = 0.3
_RECENT = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """What a post says, before the network packs it."""

    title: str
    text: str
    hashtags: tuple[str, ...]
    language: str
    format: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One post to write."""

    interest: str  # or the diary
    network: str
    language: str
    published_at: datetime
    sponsorship: Sponsorship | None


class Deck:
    """Deals items without repeating one before all were dealt."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._left: dict[str, list[int]] = {}
        self._dealt: dict[str, list[int]] = {}

    def deal(self, name: str, items: Sequence[T]) -> T:
        """The next item of the named pile."""
        dealt = self._dealt.setdefault(name, [])
        if not self._left.get(name):
            recent = dealt[-min(_RECENT, len(items) - 1) :]
            fresh = [index for index in self._rng.sample(range(len(items)), len(items)) if index not in recent]
            self._left[name] = [*recent, *fresh]
        dealt.append(self._left[name].pop())
        return items[dealt[-1]]


class Writer:
    """Writes for one creator. Each network has its own manner."""

    def __init__(self, persona: Persona, rng: random.Random) -> None:
        self._persona = persona
        self._rng = rng
        self._deck = Deck(rng)
        self._said: set[str] = set()
        self._manners: Mapping[str, Callable[[Piece], Draft]] = {
            "instagram": self._instagram,
            "tiktok": self._tiktok,
            "youtube": self._youtube,
            "bluesky": self._bluesky,
            "rss": self._blog,
        }

    def write(self, assignment: Assignment) -> Draft:
        """One post, in words that this creator has not used before."""
        while True:
            draft = self._draft(assignment)
            words = " ".join(re.findall(r"\w+", draft.text.split("#")[0]))
            if words not in self._said:
                self._said.add(words)
                return draft

    def _draft(self, assignment: Assignment) -> Draft:
        fragments = load_fragments(assignment.language)[assignment.interest]
        slots = {**fragments.slots, **_calendar(assignment), **_places(self._persona)}
        expander = Expander(self._rng, language=assignment.language, feminine=self._persona.voice.feminine, slots=slots)
        name = f"{assignment.language}:{assignment.interest}"
        scene = self._deck.deal(f"{name}:scene", fragments.scenes)
        piece = Piece(assignment, fragments, scene, expander, read_data("frames.toml")[assignment.language])
        return self._manners[assignment.network](piece)

    def _instagram(self, piece: Piece) -> Draft:
        told = self._body(piece, self._follow_up_count(), angles=self._angle_count())
        parts = [*self._opinion_or(piece, told), *self._ask(piece), *self._closer(piece, 0.25)]
        tags = self._tags(piece, self._persona.voice.tags)
        kind = "image" if self._rng.random() < 0.62 else "short_video"
        glue = "\n\n" if self._persona.voice.length == 2 else " "
        return self._finish(piece, "", glue.join(self._decorated(piece, parts)), tags, kind)

    def _tiktok(self, piece: Piece) -> Draft:
        roll = self._rng.random()
        if roll < 0.35:
            parts = self._body(piece, 2, angles=0)
        elif roll < 0.7:
            parts = self._body(piece, 1, angles=0)
        else:
            parts = [*self._body(piece, 0, angles=0), *self._ask(piece, always=True)]
        tags = self._tags(piece, max(2, self._persona.voice.tags))
        return self._finish(piece, "", " ".join(self._decorated(piece, parts)), tags, "short_video")

    def _youtube(self, piece: Piece) -> Draft:
        title = self._title(piece)
        body = self._body(piece, self._rng.choice((1, 2, 2)), angles=self._rng.choice((1, 2, 3)))
        notes = [self._frame(piece, "youtube"), *self._ask(piece)]
        if self._rng.random() < 0.4:
            notes.append(f"{piece.frames['links']}https://sample.invalid/l/{self._persona.handle}")
        text = "\n\n".join((" ".join(body), "\n".join(notes)))
        kind = "video" if self._rng.random() < 0.78 else "short_video"
        return self._finish(piece, title, text, self._tags(piece, self._rng.choice((0, 2, 3))), kind)

    def _bluesky(self, piece: Piece) -> Draft:
        sponsored = piece.assignment.sponsorship is not None
        told = self._body(piece, 0 if sponsored else self._follow_up_count(), angles=0)
        extra = self._ask(piece) if self._rng.random() < 0.5 else [self._angle(piece)]
        parts = told if sponsored else [*self._opinion_or(piece, told), *extra]
        tags = self._tags(piece, self._rng.choice((0, 0, 1, 2)))
        kind = "text" if self._rng.random() < 0.6 else "image"
        while True:
            draft = self._finish(piece, "", " ".join(parts), tags, kind)
            if len(draft.text) <= BLUESKY_LIMIT or len(parts) == 1:
                return draft
            parts, tags = parts[1:] if sponsored else parts[:-1], ()

    def _blog(self, piece: Piece) -> Draft:
        title = self._title(piece)
        first = " ".join((self._frame(piece, "blog"), *self._body(piece, self._rng.choice((1, 2)), angles=0, lead=0)))
        second = " ".join(self._angle(piece) for _ in range(self._rng.choice((3, 4))))
        last = " ".join((*self._ask(piece, always=True), *self._closer(piece, 0.5)))
        tags = self._tags(piece, 3)
        draft = self._finish(piece, title, "\n\n".join((first, second, last)), (), "article")
        return Draft(draft.title, draft.text, tags, draft.language, draft.format)

    def _opinion_or(self, piece: Piece, told: list[str]) -> list[str]:
        """Now and then views alone instead of what was told."""
        plain = piece.assignment.sponsorship is None and piece.assignment.interest != DIARY
        if not plain or self._rng.random() >= OPINION_SHARE:
            return told
        return [self._angle(piece) for _ in range(self._rng.choice((2, 2, 3)))]

    def _body(self, piece: Piece, follow_ups: int, *, angles: int, lead: float | None = None) -> list[str]:
        """Lead (by the voice's habit), opening, follow-ups, a sponsor's or a brand's sentence, angles."""
        habit = self._persona.voice.lead if lead is None else lead
        leads = [self._frame(piece, "leads")] if self._rng.random() < habit else []
        chosen = sorted(self._rng.sample(range(len(piece.scene.follow_ups)), follow_ups))
        told = [*self._start(piece, follow_ups), *(piece.scene.follow_ups[index] for index in chosen)]
        sponsorship = piece.assignment.sponsorship
        named = list(sponsorship.sentences) if sponsorship else []
        return [
            *leads,
            *(self._sentence(piece, fragment) for fragment in told),
            *(self._sentence(piece, fragment) for fragment in named),
            *(self._angle(piece) for _ in range(angles)),
        ]

    def _start(self, piece: Piece, follow_ups: int) -> list[str]:
        """The scene's opening; where something follows, sometimes its title instead, or nothing under a title."""
        if follow_ups == 0 or self._rng.random() >= UNOPENED_SHARE:
            return [self._rng.choice(piece.scene.openings)]
        return [] if piece.assignment.network in ("youtube", "rss") else [_closed(piece.scene.title)]

    def _title(self, piece: Piece) -> str:
        return self._sentence(piece, piece.scene.title)

    def _sentence(self, piece: Piece, fragment: str) -> str:
        text = piece.expander.expand(fragment)
        home = piece.assignment.language == self._persona.languages[0]
        return localised(text, self._persona.dialect) if home else text

    def _frame(self, piece: Piece, name: str) -> str:
        language = piece.assignment.language
        return self._sentence(piece, self._deck.deal(f"{language}:{name}", lines_of(piece.frames[name])))

    def _angle(self, piece: Piece) -> str:
        pile = f"{piece.assignment.language}:{piece.assignment.interest}:angle"
        return self._sentence(piece, self._deck.deal(pile, piece.fragments.angles))

    def _ask(self, piece: Piece, *, always: bool = False) -> list[str]:
        if not always and self._rng.random() >= self._persona.voice.ask:
            return []
        pile = f"{piece.assignment.language}:{piece.assignment.interest}:ask"
        return [self._sentence(piece, self._deck.deal(pile, piece.fragments.asks))]

    def _closer(self, piece: Piece, probability: float) -> list[str]:
        return [self._frame(piece, "closers")] if self._rng.random() < probability else []

    def _follow_up_count(self) -> int:
        return min(2, max(1, self._persona.voice.length + self._rng.choice((0, 0, 1))))

    def _angle_count(self) -> int:
        return self._rng.choice((0, 1)) if self._persona.voice.length < 2 else self._rng.choice((1, 2))

    def _tags(self, piece: Piece, count: int) -> tuple[str, ...]:
        own = piece.fragments.tags
        chosen = self._rng.sample(own, min(count, len(own)))
        sponsorship = piece.assignment.sponsorship
        if sponsorship and sponsorship.hashtag and self._rng.random() < 0.7:
            chosen.append(sponsorship.hashtag)
        return tuple(chosen)

    def _decorated(self, piece: Piece, parts: list[str]) -> list[str]:
        if piece.assignment.interest == DIARY:
            emoji: tuple[str, ...] = ("🙂", "☀️", "💌")
        else:
            emoji = load_interests()[piece.assignment.interest].emoji
        if self._rng.random() >= self._persona.voice.emoji:
            return parts
        index = self._rng.randrange(len(parts))
        return [f"{part} {self._rng.choice(emoji)}" if at == index else part for at, part in enumerate(parts)]

    def _finish(self, piece: Piece, title: str, text: str, tags: tuple[str, ...], kind: str) -> Draft:
        language = piece.assignment.language
        sponsorship = piece.assignment.sponsorship
        pieces = [typeset(text, language)]
        if sponsorship:
            pieces = [typeset(sponsorship.before, language) + pieces[0]]
            if sponsorship.after:
                pieces.append(sponsorship.after)
        words = [f"#{tag}" for tag in tags]
        if sponsorship and sponsorship.buried_tag:
            words.append(sponsorship.buried_tag)
        if words:
            pieces.append(" ".join(words))
        glue = " " if piece.assignment.network in ("tiktok", "bluesky") else "\n\n"
        return Draft(typeset(title, language), glue.join(pieces), tags, language, kind)


@dataclass(frozen=True, slots=True)
class Piece:
    """A post in the making."""

    assignment: Assignment
    fragments: Fragments
    scene: Scene
    expander: Expander
    frames: Mapping[str, str]


def _closed(title: str) -> str:
    """A title as a sentence."""
    return title if title[-1] in ".?!…" else f"{title}."


def _calendar(assignment: Assignment) -> dict[str, tuple[str, ...]]:
    """The slots that follow the date, under the names that each language uses."""
    frames = read_data("frames.toml")[assignment.language]
    month = (frames["months"].split()[assignment.published_at.month - 1],)
    day = (frames["days"].split()[assignment.published_at.weekday()],)
    return {"mois": month, "month": month, "mes": month, "jour": day, "weekday": day, "dia": day}


def _places(persona: Persona) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(("ville", "city", "ciudad"), persona.cities)
