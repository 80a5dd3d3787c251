"""What is told of a collaboration, beside its words: the contract, the picture, the machine, the sector, the creator.

A group that is None is not a subject: no rule asks about it. In a group, None is not known: a rule that needs it asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sillage.governance.engine.law import Consideration, Publication

DEPICTED = ("face", "silhouette", "model")
# contentauth/c2pa-rs sdk/src/assertions/actions.rs at 24d17555b; IPTC newscodes digitalsourcetype.
GENERATED = frozenset(
    {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "virtualRecording"}
)
NOT_GENERATED = frozenset(
    {
        *("digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print", "humanEdits"),
        *("algorithmicallyEnhanced", "digitalCreation", "dataDrivenMedia", "algorithmicMedia", "screenCapture"),
        "compositeCapture",
    }
)  # “composite” may hold generated parts: it is in neither set, so that it is asked


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What one advertiser gives one creator in a calendar year for one objective, in euros before tax.

    A None in `in_kind` is a thing that nobody put a value to. `contract` is the id of the signed contract, None where there is
    none. `clauses` are the keys of those in it; None: nobody looked.
    """

    year: int
    payments: tuple[Decimal, ...] = ()
    in_kind: tuple[Decimal | None, ...] = ()
    contract: str | None = None
    clauses: frozenset[str] | None = None
    brand: str = ""
    objective: str = ""

    @property
    def total(self) -> Decimal:
        """The sum of what is known."""
        return sum((*self.payments, *(value for value in self.in_kind if value is not None)), Decimal(0))

    @property
    def is_valued(self) -> bool:
        return None not in self.in_kind

    @property
    def gives(self) -> bool:
        """Whether anything is given at all."""
        return self.total > 0 or not self.is_valued


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture or video. `retouched`: a silhouette made thinner or thicker, or a face altered, filters included.

    `synthetic`: made or changed by generative AI; where that is None the IPTC `digital_source_type` decides.
    """

    retouched: bool | None = None
    synthetic: bool | None = None
    depicts: frozenset[str] | None = None
    digital_source_type: str | None = None


@dataclass(frozen=True, slots=True)
class AiFacts:
    """Content made with generative AI. `system_on_market`: the day on which the system that made it was put on the market.

    `deepfake`: it resembles existing persons, objects, places, entities or events and would falsely appear authentic.
    """

    generated: bool | None = None
    system_on_market: date | None = None
    marked: bool | None = None
    c2pa_in: bool | None = None
    c2pa_out: bool | None = None
    deepfake: bool | None = None
    is_evidently_art: bool | None = None
    labelled: bool | None = None
    public_interest_text: bool | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class SectorFacts:
    """What is promoted: a category of the packs, or any other word; and the advertiser's number in a public register."""

    category: str | None = None
    registration: str | None = None


@dataclass(frozen=True, slots=True)
class CreatorFacts:
    """What the law asks of a creator. Nothing here is guessed from content: it is what a person states.

    `figures` are those that thresholds ask for; an id that is None is not there.
    """

    under_16: bool | None = None
    authorisation: str | None = None
    outside_eea: bool | None = None
    representative: str | None = None
    insurance: str | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    is_registered: bool | None = None
    claims_certificate: bool | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is told. `stated` are yes and no to the questions of the packs."""

    publication: Publication | None = None
    contract: ContractFacts | None = None
    image: ImageFacts | None = None
    ai: AiFacts | None = None
    sector: SectorFacts | None = None
    creator: CreatorFacts | None = None
    stated: Mapping[str, bool] | None = None


STATED = "stated"
FACTS: tuple[str, ...] = (
    "publication.consideration",
    "contract.contract",
    "contract.clauses",
    "contract.in_kind",
    "image.retouched",
    "image.synthetic",
    "image.depicts",
    "ai.generated",
    "ai.system_on_market",
    "ai.marked",
    "ai.c2pa_in",
    "ai.c2pa_out",
    "ai.deepfake",
    "ai.labelled",
    "ai.public_interest_text",
    "ai.reviewer",
    "sector.category",
    "sector.registration",
    "creator.under_16",
    "creator.authorisation",
    "creator.outside_eea",
    "creator.representative",
    "creator.insurance",
    "creator.figures",
    "creator.is_registered",
    "creator.claims_certificate",
    "creator.certificate",
)

FLAGS = frozenset(
    {
        *("image.retouched", "image.synthetic", "ai.generated", "ai.marked", "ai.c2pa_in", "ai.c2pa_out"),
        *("ai.deepfake", "ai.labelled", "ai.public_interest_text", "creator.under_16", "creator.outside_eea"),
        *("creator.is_registered", "creator.claims_certificate"),
    }
)  # facts that are yes or no


def is_told_of(facts: Facts, name: str) -> bool:
    """Whether the subject of a fact ("image" of "image.depicts") is one here."""
    return getattr(facts, name.partition(".")[0]) is not None


def value_of(facts: Facts, name: str) -> Any:
    """The value of "image.depicts" or "stated.adults_only_service"; None where it is not known."""
    group, _, key = name.partition(".")
    told = getattr(facts, group)
    if told is None:
        return None
    if group == STATED:
        return told.get(key)
    if name == "image.synthetic":
        return _synthetic(told)
    if name == "ai.generated":
        return _generated(told)
    value = getattr(told, key)
    return None if value is Consideration.UNKNOWN else value


def _synthetic(image: ImageFacts) -> bool | None:
    if image.synthetic is not None or image.digital_source_type is None:
        return image.synthetic
    kind = image.digital_source_type.rstrip("/").rpartition("/")[2]
    return True if kind in GENERATED else False if kind in NOT_GENERATED else None


def _generated(ai: AiFacts) -> bool | None:
    """Who tells when its system came to market, or that it is a deepfake, has told that it is generated."""
    if ai.generated is None and (ai.system_on_market is not None or ai.deepfake):
        return True
    return ai.generated
