"""Writes the posts of one creator from the fragments, in that creator's voice and in the manner of the network."""

from __future__ import annotations

import random
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
from sillage.catalogue.sample.grammar import Expander, typeset
from sillage.catalogue.sample.sponsoring import Sponsorship

T = TypeVar("T")

BLUESKY_LIMIT = 300
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
_DAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
}


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

    def deal(self, name: str, items: Sequence[T]) -> T:
        """The next item of the named pile."""
        if not self._left.get(name):
            self._left[name] = self._rng.sample(range(len(items)), len(items))
        return items[self._left[name].pop()]


class Writer:
    """Writes for one creator. Each network has its own manner."""

    def __init__(self, persona: Persona, rng: random.Random) -> None:
        self._persona = persona
        self._rng = rng
        self._deck = Deck(rng)
        self._manners: Mapping[str, Callable[[Piece], Draft]] = {
            "instagram": self._instagram,
            "tiktok": self._tiktok,
            "youtube": self._youtube,
            "bluesky": self._bluesky,
            "rss": self._blog,
        }

    def write(self, assignment: Assignment) -> Draft:
        """One post."""
        fragments = load_fragments(assignment.language)[assignment.interest]
        slots = {**fragments.slots, **_calendar(assignment), **_places(self._persona)}
        expander = Expander(self._rng, language=assignment.language, feminine=self._persona.voice.feminine, slots=slots)
        name = f"{assignment.language}:{assignment.interest}"
        scene = self._deck.deal(f"{name}:scene", fragments.scenes)
        piece = Piece(assignment, fragments, scene, expander, read_data("frames.toml")[assignment.language])
        return self._manners[assignment.network](piece)

    def _instagram(self, piece: Piece) -> Draft:
        body = self._body(piece, self._follow_up_count(), angles=self._angle_count())
        parts = [*body, *self._ask(piece), *self._closer(piece, 0.25)]
        tags = self._tags(piece, self._persona.voice.tags)
        kind = "image" if self._rng.random() < 0.62 else "short_video"
        glue = "\n\n" if self._persona.voice.length == 2 else " "
        return self._finish(piece, "", glue.join(self._decorated(piece, parts)), tags, kind)

    def _tiktok(self, piece: Piece) -> Draft:
        roll = self._rng.random()
        if roll < 0.35:
            parts = [self._sentence(piece, piece.scene.title), *self._body(piece, 0, angles=1)[1:]]
        elif roll < 0.7:
            parts = self._body(piece, 1, angles=0)
        else:
            parts = [*self._body(piece, 0, angles=0), *self._ask(piece, always=True)]
        tags = self._tags(piece, max(2, self._persona.voice.tags))
        return self._finish(piece, "", " ".join(self._decorated(piece, parts)), tags, "short_video")

    def _youtube(self, piece: Piece) -> Draft:
        title = self._title(piece)
        body = self._body(piece, 2, angles=2)
        notes = [self._frame(piece, "youtube"), *self._ask(piece)]
        if self._rng.random() < 0.4:
            notes.append(f"{piece.frames['links']}https://sample.invalid/l/{self._persona.handle}")
        text = "\n\n".join((" ".join(body), "\n".join(notes)))
        kind = "video" if self._rng.random() < 0.78 else "short_video"
        return self._finish(piece, title, text, self._tags(piece, self._rng.choice((0, 2, 3))), kind)

    def _bluesky(self, piece: Piece) -> Draft:
        body = self._body(piece, self._follow_up_count(), angles=0)
        extra = self._ask(piece) if self._rng.random() < 0.5 else [self._angle(piece)]
        tags = self._tags(piece, self._rng.choice((0, 0, 1, 2)))
        kind = "text" if self._rng.random() < 0.6 else "image"
        parts = [*body, *extra]
        while True:
            draft = self._finish(piece, "", " ".join(parts), tags, kind)
            if len(draft.text) <= BLUESKY_LIMIT or len(parts) == 1:
                return draft
            parts = parts[:-1]
            tags = tags[:1]

    def _blog(self, piece: Piece) -> Draft:
        title = self._title(piece)
        first = " ".join((self._frame(piece, "blog"), *self._body(piece, 2, angles=0)))
        second = " ".join(self._angle(piece) for _ in range(self._rng.choice((3, 4))))
        last = " ".join((*self._ask(piece, always=True), *self._closer(piece, 0.5)))
        tags = self._tags(piece, 3)
        draft = self._finish(piece, title, "\n\n".join((first, second, last)), (), "article")
        return Draft(draft.title, draft.text, tags, draft.language, draft.format)

    def _body(self, piece: Piece, follow_ups: int, *, angles: int) -> list[str]:
        """Opening, follow-ups, a sponsor's or a brand's sentence, angles."""
        lead = [self._frame(piece, "leads")] if self._rng.random() < self._persona.voice.lead else []
        chosen = sorted(self._rng.sample(range(len(piece.scene.follow_ups)), follow_ups))
        told = [piece.scene.opening, *(piece.scene.follow_ups[index] for index in chosen)]
        sponsorship = piece.assignment.sponsorship
        named = list(sponsorship.sentences) if sponsorship else []
        return [
            *lead,
            *(self._sentence(piece, fragment) for fragment in told),
            *(self._sentence(piece, fragment) for fragment in named),
            *(self._angle(piece) for _ in range(angles)),
        ]

    def _title(self, piece: Piece) -> str:
        return self._sentence(piece, piece.scene.title)

    def _sentence(self, piece: Piece, fragment: str) -> str:
        return piece.expander.expand(fragment)

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
        return min(2, max(0, self._persona.voice.length + self._rng.choice((0, 0, 1))))

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


def _calendar(assignment: Assignment) -> dict[str, tuple[str, ...]]:
    """The slots that follow the date, under the names that each language uses."""
    moment = assignment.published_at
    month = (_MONTHS[assignment.language][moment.month - 1],)
    day = (_DAYS[assignment.language][moment.weekday()],)
    return {"mois": month, "month": month, "mes": month, "jour": day, "weekday": day, "dia": day}


def _places(persona: Persona) -> dict[str, tuple[str, ...]]:
    return {name: persona.cities for name in ("ville", "city", "ciudad")}
