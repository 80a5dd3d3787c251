"""What somebody asks of the law check, as typed: parsed strictly, refused with the choices that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sillage.governance.engine.law import FORMATS, Consideration, LawPack, Publication
from sillage.governance.engine.law_reading import law_book, packs_for
from sillage.lib.errors import Malformed

MOST_CAPTION = 20_000
CONSIDERATIONS = tuple(c.value for c in Consideration)


class LawChoiceUnknown(Malformed):
    """The law check knows no such consideration, format, sector or network."""

    title = "Unknown choice"


class CaptionTooLong(Malformed):
    """No network takes a caption as long as this."""

    title = "Caption too long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A caption and what is known of its publication. An empty word is not known."""

    caption: str
    country: str = ""
    consideration: str = Consideration.UNKNOWN.value
    title: str = ""
    language: str = ""
    network: str = ""
    format: str = ""
    category: str = ""
    brands: Sequence[str] = ()
    hashtags: Sequence[str] = ()
    platform_flag: bool | None = None
    slides: int | None = None
    labelled_slides: Sequence[int] | None = None
    registration: str = ""
    altered: str = ""
    depicts: str = ""
    published_on: date | None = None


def case_of(asked: Asked) -> tuple[tuple[LawPack, ...], Publication]:
    """The packs of the audience's country and the publication to hold against them.

    Raises NoLawPack, LawChoiceUnknown and CaptionTooLong.
    """
    _refuse_unknown(asked)
    publication = Publication(
        caption=asked.caption,
        title=asked.title,
        consideration=Consideration(asked.consideration or Consideration.UNKNOWN),
        hashtags=tuple(asked.hashtags),
        language=asked.language or None,
        network=asked.network or None,
        format=asked.format or None,
        slides=asked.slides,
        labelled_slides=None if asked.labelled_slides is None else tuple(asked.labelled_slides),
        platform_flag=asked.platform_flag,
        brands=tuple(brand.strip() for brand in asked.brands if brand.strip()),
        category=asked.category or None,
        altered=asked.altered or None,
        depicts=asked.depicts or None,
        registration=asked.registration or None,
        published_on=asked.published_on,
    )
    return packs_for(asked.country.strip() or None), publication


def _refuse_unknown(asked: Asked) -> None:
    if len(asked.caption) > MOST_CAPTION:
        raise CaptionTooLong(
            f"The caption has {len(asked.caption)} characters; up to {MOST_CAPTION} are read.",
            "Give the caption alone.",
        )
    _one_of("consideration", asked.consideration, CONSIDERATIONS)
    _one_of("format", asked.format, FORMATS)
    _one_of("sector", asked.category, law_book().categories)
    _one_of("alteration", asked.altered, ("retouched", "synthetic"))
    _one_of("depicted thing", asked.depicts, ("face", "silhouette", "model"))


def _one_of(what: str, given: str, known: Iterable[str]) -> None:
    if given and given not in known:
        raise LawChoiceUnknown(f"“{given}” is no {what}.", f"There are {', '.join(known)}.")
