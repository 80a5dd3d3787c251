"""Brands in posts: paid and gifted posts with good, bad or no disclosure, and brands named for nothing."""

from __future__ import annotations

import random
from dataclasses import dataclass

from sillage.catalogue.sample.brands import SampleBrand, sample_brands
from sillage.catalogue.sample.cast import Persona
from sillage.catalogue.sample.content import LANGUAGES, lines_of, load_interests, read_data

SPONSORED_SHARE = 0.088  # of the posts whose interest has brands: about 8 % of all
ORGANIC_SHARE = 0.04

CLEAR, BURIED, VAGUE, UNDISCLOSED, UNPAID = "clear", "buried", "vague", "undisclosed", "unpaid"
DISCLOSURES: tuple[str, ...] = (CLEAR, BURIED, VAGUE, UNDISCLOSED)


@dataclass(frozen=True, slots=True)
class Sponsorship:
    """A brand in a post. `unpaid` marks a brand named without any consideration."""

    disclosure: str
    brand: SampleBrand
    sentences: tuple[str, ...]  # fragments, with slots left that the post fills
    before: str = ""
    after: str = ""
    hashtag: str = ""
    buried_tag: str = ""
    paid_label: bool = False


def draw_sponsorship(rng: random.Random, persona: Persona, interest: str, language: str) -> Sponsorship | None:
    """A brand for a post about this interest, or None for most posts."""
    sector = load_interests()[interest].sector if interest in load_interests() else ""
    brands = [brand for brand in sample_brands() if sector and brand.sector == sector]
    roll = rng.random()
    if not brands or roll >= SPONSORED_SHARE + ORGANIC_SHARE:
        return None
    brand = rng.choice(brands)
    if roll >= SPONSORED_SHARE:
        sentence = _filled(rng, rng.choice(_lines(language, "organic")), brand, interest, language)
        return Sponsorship(UNPAID, brand, (sentence,))
    disclosure = UNDISCLOSED if persona.never_discloses else rng.choices(DISCLOSURES, (48, 17, 20, 15))[0]
    return _paid(rng, persona, brand, interest, language, disclosure)


def _paid(
    rng: random.Random, persona: Persona, brand: SampleBrand, interest: str, language: str, disclosure: str
) -> Sponsorship:
    sentences = [_filled(rng, rng.choice(_lines(language, "sponsored")), brand, interest, language)]
    if rng.random() < 0.6:
        offer = rng.choice(_lines(language, "offers"))
        sentences.append(offer.replace("{code}", f"{persona.first_name.upper()}15"))
    frames = read_data("frames.toml")[language]
    at = f"@{brand.handle}"
    if disclosure == CLEAR:
        gifted = rng.random() < 0.2
        opening = f"{frames['gift']} " if gifted else rng.choice(frames["clear"])
        before = opening.replace("{arobase}", at).replace("{marque}", brand.name)
        return Sponsorship(CLEAR, brand, tuple(sentences), before=before, hashtag=brand.hashtag, paid_label=not gifted)
    if disclosure == BURIED:
        return Sponsorship(BURIED, brand, tuple(sentences), hashtag=brand.hashtag, buried_tag="#ad")
    if disclosure == VAGUE:
        after = rng.choice(frames["vague"]).replace("{arobase}", at)
        return Sponsorship(VAGUE, brand, tuple(sentences), after=after, hashtag=brand.hashtag)
    return Sponsorship(UNDISCLOSED, brand, tuple(sentences), after=rng.choice(("", at)), hashtag=brand.hashtag)


def _filled(rng: random.Random, fragment: str, brand: SampleBrand, interest: str, language: str) -> str:
    """The fragment with brand and product as one-value choices, so that grammar still joins them."""
    product = rng.choice(read_data("frames.toml")["products"][language][interest].split("|"))
    return fragment.replace("{produit}", f"{{{product}|{product}}}").replace(
        "{marque}", f"{{{brand.name}|{brand.name}}}"
    )


def _lines(language: str, name: str) -> tuple[str, ...]:
    if language not in LANGUAGES:
        raise ValueError(f"no sponsored fragments in {language}")
    return lines_of(read_data("frames.toml")[language][name])
