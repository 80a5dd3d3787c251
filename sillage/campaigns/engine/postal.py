"""A creator's postal address: what is asked, what a label shows, and how long it is kept.

It is personal data that one person needs once, to write a label. It is kept sealed, apart, and not longer than a parcel
may come back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sillage.governance.engine.privacy import months_after
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence, Term
from sillage.lib.text import without_controls

KEPT_MONTHS = 1  # after the last parcel arrived, came back, was lost or was cancelled: it may still come back
LONGEST = {"name": 100, "line1": 120, "line2": 120, "postcode": 20, "city": 80, "region": 80, "country": 2, "phone": 30}
REQUIRED = ("name", "line1", "city", "country")
_CODES = """
AD AE AF AL AM AO AR AT AU AZ BA BD BE BF BG BH BI BJ BO BR BY CA CD CG CH CI CL CM CN CO CR CU CY CZ DE DK DO
DZ EC EE EG ES ET FI FR GA GB GE GF GH GN GP GR GT HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KH KR KW
KZ LB LI LK LT LU LV LY MA MC MD ME MG MK ML MN MQ MR MT MU MX MY NC NE NG NL NO NP NZ OM PA PE PF PH PK PL PR
PT PY QA RE RO RS RU RW SA SE SG SI SK SN SV SY TG TH TN TR TW TZ UA UG US UY UZ VE VN ZA ZW
"""
COUNTRIES = tuple(_CODES.split())  # ISO 3166-1 alpha-2, those that pages have names for
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{4,28}")
FIELD_WORDS: Mapping[str, Sentence] = {
    "name": Term("postal address", "name"),
    "line1": Term("postal address", "street"),
    "line2": Term("postal address", "second line"),
    "postcode": Term("postal address", "postcode"),
    "city": Term("postal address", "town"),
    "region": Term("postal address", "region"),
    "country": Term("postal address", "country"),
    "phone": Term("postal address", "telephone number"),
}


class PostalAddressMalformed(Malformed):
    """An address that no carrier could use. `place` is the field."""


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where to send a parcel. `country` is ISO 3166-1 alpha-2; `phone` is for the carrier and may be empty."""

    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    country: str
    phone: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """As a label shows it, the country last."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return tuple(part for part in (self.name, self.line1, self.line2, town, self.region, self.country) if part)

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def address_of(given: Mapping[str, str]) -> PostalAddress:
    """The address in a form's fields. Raises PostalAddressMalformed at the first field that does not do."""
    read = {f.name: " ".join(without_controls(given.get(f.name, "")).split()) for f in fields(PostalAddress)}
    for name in REQUIRED:
        if not read[name]:
            raise PostalAddressMalformed(
                Sentence("The address has no %(said)s.", said=FIELD_WORDS[name]), Sentence("Fill it in."), name
            )
    for name, longest in LONGEST.items():
        if len(read[name]) > longest:
            raise PostalAddressMalformed(
                Sentence(
                    "The %(said)s has %(count)s characters; a label takes %(longest)s.",
                    said=FIELD_WORDS[name],
                    count=len(read[name]),
                    longest=longest,
                ),
                Sentence("Shorten it."),
                name,
            )
    read["country"] = read["country"].upper()
    if read["country"] not in COUNTRIES:
        raise PostalAddressMalformed(
            Sentence("The country is none (ISO 3166-1)."), Sentence("Two letters, for example FR, BE or DE."), "country"
        )
    if read["phone"] and not _PHONE.fullmatch(read["phone"]):
        raise PostalAddressMalformed(
            Sentence("The telephone number is none."),
            Sentence("Give digits, with + and the country's code first."),
            "phone",
        )
    return PostalAddress(**read)


def address_from(plain: bytes) -> PostalAddress:
    """What `to_bytes` wrote."""
    return PostalAddress(**json.loads(plain))


def needed_until(given_at: datetime, ends: list[datetime | None]) -> datetime | None:
    """When the last parcel to an address ended, None while one is under way. `ends` holds for each when it ended.

    Without any parcel the moment counts in which the address came.
    """
    known = [end for end in ends if end is not None]
    return max([given_at, *known]) if len(known) == len(ends) else None


def forgotten_at(given_at: datetime, ends: list[datetime | None]) -> datetime | None:
    """When an address is deleted: KEPT_MONTHS after it was needed."""
    until = needed_until(given_at, ends)
    return None if until is None else months_after(until, KEPT_MONTHS)
