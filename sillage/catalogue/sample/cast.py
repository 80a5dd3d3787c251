"""Who lives in the sample world: names, countries, networks, interests, voices."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sillage.catalogue.sample.content import DIARY, LANGUAGES, Interest, load_fragments, load_interests, read_data
from sillage.catalogue.sample.grammar import gendered, typeset

HEADCOUNT: Mapping[str, int] = {"fr": 220, "en": 112, "es": 68}
GENERALISTS: Mapping[str, int] = {"fr": 7, "en": 4, "es": 2}
BOUGHT_FOLLOWERS, ENGAGEMENT_POD, COPIED_CAPTIONS = "bought_followers", "engagement_pod", "copied_captions"
SUSPICIONS: tuple[str, ...] = (BOUGHT_FOLLOWERS,) * 5 + (ENGAGEMENT_POD,) * 4 + (COPIED_CAPTIONS,) * 3


@dataclass(frozen=True, slots=True)
class Voice:
    """How a creator writes: shares are probabilities per post."""

    feminine: bool
    emoji: float
    lead: float
    ask: float
    tags: int  # usual number of hashtags
    length: int  # 0 terse, 1 usual, 2 talkative


@dataclass(frozen=True, slots=True)
class Persona:
    """One invented creator, before anything is written or counted. `mix` gives shares of posts and sums to 1."""

    number: int
    key: str
    first_name: str
    name: str
    handle: str
    bio: str
    country: str
    cities: tuple[str, ...]
    dialect: Mapping[str, str]  # words that the country says differently
    languages: tuple[str, ...]
    networks: tuple[str, ...]
    mix: Mapping[str, float]
    voice: Voice
    followers: int
    generalist: bool
    dormant: bool
    authenticated: bool
    never_discloses: bool
    suspicion: str | None


def cast_personas(seed: int) -> tuple[Persona, ...]:
    """All creators of the world, in a fixed order."""
    rng = random.Random(f"{seed}:cast")
    taken: set[str] = set()
    personas: list[Persona] = []
    for language in LANGUAGES:
        mains = _main_interests(rng, language)
        for position, main in enumerate(mains):
            generalist = position < GENERALISTS[language]
            personas.append(_persona(rng, len(personas), language, main, generalist, taken))
    return _with_suspicions(rng, personas)


def _main_interests(rng: random.Random, language: str) -> list[str]:
    """Main interests dealt as evenly as the headcount allows, in random order."""
    available = sorted(set(load_fragments(language)) - {DIARY})
    deck: list[str] = []
    while len(deck) < HEADCOUNT[language]:
        rng.shuffle(available)
        deck.extend(available)
    deck = deck[: HEADCOUNT[language]]
    rng.shuffle(deck)
    return deck


def _persona(rng: random.Random, number: int, language: str, main: str, generalist: bool, taken: set[str]) -> Persona:
    place, cities = _place(rng, language)
    languages = _languages(rng, language, main)
    feminine = rng.random() < 0.62
    first_name = rng.choice(read_data("people.toml")[language]["female" if feminine else "male"].split())
    words = load_fragments(language)[main].handle_words
    handle = _handle(rng, first_name, words, taken)
    interest = load_interests()[main]
    return Persona(
        number=number,
        key=f"sample:{handle}",
        first_name=first_name,
        name=_display_name(rng, language, first_name),
        handle=handle,
        bio=_bio(rng, language, main, cities[0], feminine=feminine, generalist=generalist),
        country=place[:2],
        cities=cities,
        dialect=read_data("people.toml")["countries"][place].get("words", {}),
        languages=languages,
        networks=_networks(rng, interest, generalist=generalist),
        mix=_generalist_mix(rng, languages) if generalist else _mix(rng, interest, languages),
        voice=_voice(rng, feminine=feminine),
        followers=_followers(rng, generalist=generalist),
        generalist=generalist,
        dormant=not generalist and rng.random() < 0.06,
        authenticated=rng.random() < 0.07,
        never_discloses=rng.random() < 0.06,
        suspicion=None,
    )


def _place(rng: random.Random, language: str) -> tuple[str, tuple[str, ...]]:
    """A row of the country table (Canada has two), and a few of its cities, home first."""
    rows: dict[str, dict[str, Any]] = read_data("people.toml")["countries"]
    mine = [code for code, row in rows.items() if row["language"] == language]
    code = rng.choices(mine, [rows[code]["share"] for code in mine])[0]
    cities: list[str] = rows[code]["cities"].split("|")
    home = rng.choice(cities)
    others = [city for city in cities if city != home]
    return code, (home, *rng.sample(others, min(2, len(others))))


def _languages(rng: random.Random, language: str, main: str) -> tuple[str, ...]:
    if rng.random() >= 0.1:
        return (language,)
    second = rng.choice({"fr": ("en", "en", "es"), "en": ("fr", "es"), "es": ("en", "en", "fr")}[language])
    return (language, second) if main in load_fragments(second) else (language,)


def _mix(rng: random.Random, main: Interest, languages: tuple[str, ...]) -> dict[str, float]:
    open_to = [key for key in _shared(languages) if key != main.id and key not in main.away]
    near = [key for key in main.near if key in open_to]
    first = rng.choice(near) if near and rng.random() < 0.8 else rng.choice(open_to)
    away = load_interests()[first].away
    rest = [key for key in open_to if key != first and key not in away]
    close = [key for key in near if key in rest]
    second = rng.choice(close) if close and rng.random() < 0.55 else rng.choice(rest)
    shares = {main.id: rng.uniform(0.5, 0.75), first: rng.uniform(0.14, 0.28)}
    if rng.random() < 0.65:
        shares[second] = rng.uniform(0.05, 0.12)
    if rng.random() < 0.7:
        shares[DIARY] = rng.uniform(0.04, 0.16)
    return _normalised(shares)


def _generalist_mix(rng: random.Random, languages: tuple[str, ...]) -> dict[str, float]:
    many = rng.sample(_shared(languages), 13)
    shares = {key: rng.uniform(0.04, 0.09) for key in many}
    shares[DIARY] = rng.uniform(0.15, 0.25)
    return _normalised(shares)


def _shared(languages: tuple[str, ...]) -> list[str]:
    common = set.intersection(*(set(load_fragments(language)) for language in languages))
    return sorted(common - {DIARY})


def _normalised(shares: Mapping[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    return {key: share / total for key, share in shares.items()}


def _networks(rng: random.Random, interest: Interest, *, generalist: bool) -> tuple[str, ...]:
    weights = (0.62, 0.24, 0.14)[: len(interest.networks)]
    first = rng.choices(interest.networks, weights)[0]
    if generalist:
        return ("instagram", rng.choice(("tiktok", "youtube")))
    if rng.random() < 0.22:
        others = [name for name in ("instagram", "tiktok", "youtube", "bluesky", "rss") if name != first]
        return (first, rng.choice(others))
    return (first,)


def _followers(rng: random.Random, *, generalist: bool) -> int:
    if generalist:
        return int(rng.uniform(600_000, 3_000_000))
    return int(min(1_200_000, max(800, rng.lognormvariate(9.6, 1.15))))


def _voice(rng: random.Random, *, feminine: bool) -> Voice:
    return Voice(
        feminine=feminine,
        emoji=rng.choice((0.0, 0.15, 0.4, 0.7)),
        lead=rng.choice((0.05, 0.2, 0.35)),
        ask=rng.choice((0.2, 0.4, 0.6)),
        tags=rng.choice((0, 2, 3, 4, 6)),
        length=rng.choice((0, 1, 1, 2)),
    )


def _display_name(rng: random.Random, language: str, first_name: str) -> str:
    parts = read_data("people.toml")[language]
    surname = rng.choice(parts["begin"].split()) + rng.choice(parts["end"].split())
    return rng.choice((f"{first_name} {surname}", f"{first_name} {surname}", first_name, f"{first_name} {surname[0]}."))


def _handle(rng: random.Random, first_name: str, words: tuple[str, ...], taken: set[str]) -> str:
    name, word = plain(first_name), plain(rng.choice(words))
    forms = (f"{name}.{word}", f"{word}.{name}", f"{name}{word}", f"{name}_{word}", f"{word}x{name}")
    for form in rng.sample(forms, len(forms)):
        if form not in taken:
            taken.add(form)
            return form
    number = 2
    while f"{name}.{word}{number}" in taken:
        number += 1
    taken.add(f"{name}.{word}{number}")
    return f"{name}.{word}{number}"


def plain(text: str) -> str:
    """Lower-case ASCII letters and digits only."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", bare.lower())


def _bio(rng: random.Random, language: str, main: str, city: str, *, feminine: bool, generalist: bool) -> str:
    fragments = load_fragments(language)
    subject = rng.choice(fragments[DIARY if generalist else main].bios)
    contact = rng.choice(read_data("frames.toml")[language]["contact"]).replace("{ville}", city)
    emoji = rng.choice(load_interests()[main].emoji) if rng.random() < 0.5 else ""
    text = typeset(gendered(f"{subject} · {contact}", language, feminine=feminine), language)
    return f"{text} {emoji}".strip()


def _with_suspicions(rng: random.Random, personas: list[Persona]) -> tuple[Persona, ...]:
    """Suspicions dealt among ordinary accounts; who copies captions needs many others to copy from."""
    ordinary = [p for p in personas if not p.generalist and not p.dormant and "rss" not in p.networks]
    chosen: dict[int, str] = {}
    for suspicion in SUSPICIONS:
        open_to = [p.number for p in ordinary if p.number not in chosen]
        if suspicion == COPIED_CAPTIONS:
            open_to = [
                n for n in open_to if personas[n].languages == ("fr",) and personas[n].networks == ("instagram",)
            ]
        chosen[rng.choice(open_to)] = suspicion
    return tuple(_suspect(persona, chosen.get(persona.number)) for persona in personas)


def _suspect(persona: Persona, suspicion: str | None) -> Persona:
    if suspicion is None:
        return persona
    followers = max(persona.followers, 30_000) if suspicion == BOUGHT_FOLLOWERS else persona.followers
    return replace(persona, suspicion=suspicion, followers=followers)
