"""Orders that a shop reports: read, checked for personal data, and credited to a collaboration.

An order comes with its id, its time, an amount and a currency, and the promo code or the tracked link that it came through.
Nothing about the buyer is taken: a column or a field that looks like one is refused, and order ids are kept as keyed hashes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sillage.campaigns.engine.codes import CodeMalformed, plain_code
from sillage.governance.engine.webhooks import signature
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence, Term
from sillage.lib.text import folded

LONGEST_ID = 200
LARGEST = Decimal("9999999999.99")


class ConversionKind(StrEnum):
    ORDER = "order"
    REFUND = "refund"  # a row of its own: the order keeps its amount


class Attribution(StrEnum):
    """Through what an order is credited. A code that a buyer typed says more than a link that was followed."""

    CODE = "code"
    LINK = "link"
    ORDER = "order"  # a refund follows the order that it is of


class FieldWrong(Malformed):
    """A field of an order cannot be read. `place` is its name."""


class PersonalDataGiven(Malformed):
    """What came holds, or looks like, data about buyers."""

    title = "Personal data is not taken"


@dataclass(frozen=True, slots=True)
class Order:
    """One order or one refund, as a shop tells it. `amount` is above 0 for both."""

    kind: ConversionKind
    order_id: str
    refund_id: str
    amount: Decimal
    currency: str
    ordered_at: datetime
    code: str  # in capitals; empty for none
    link: str

    def event(self, salt: bytes) -> bytes:
        """What makes it the same event when it comes again: a keyed hash, for the id itself is the shop's."""
        is_refund = self.kind is ConversionKind.REFUND
        return _keyed(salt, f"refund {self.order_id} {self.refund_id}" if is_refund else f"order {self.order_id}")

    def order_key(self, salt: bytes) -> bytes:
        """The keyed hash of the order that it is, or that it refunds."""
        return _keyed(salt, f"order {self.order_id}")


def _keyed(salt: bytes, text: str) -> bytes:
    return hmac.new(salt, b"sillage.conversion " + text.encode(), hashlib.sha256).digest()


FIELDS = ("order_id", "ordered_at", "amount", "currency", "code", "link", "kind", "refund_id")
NEEDED = ("order_id", "ordered_at", "amount")
FIELD_WORDS: Mapping[str, Sentence] = {  # each is a heading that a file may have, in both languages
    "order_id": Term("field of an order", "order id"),
    "ordered_at": Term("field of an order", "ordered at"),
    "amount": Term("field of an order", "amount"),
    "currency": Term("field of an order", "currency"),
    "code": Term("field of an order", "code"),
    "link": Term("field of an order", "link"),
    "kind": Term("field of an order", "kind"),
    "refund_id": Term("field of an order", "refund id"),
}


def order_of(given: Mapping[str, str], *, currency: str = "", time_format: str = "") -> Order:
    """The order in one row's or one body's fields, all as text. `currency` stands in where a row names none.

    Raises FieldWrong at the first field that cannot be read.
    """
    text = {name: given.get(name, "").strip() for name in FIELDS}
    for name in NEEDED:
        if not text[name]:
            raise FieldWrong(
                Sentence("“%(name)s” is empty.", name=FIELD_WORDS[name]),
                Sentence("Every order needs an id, a time and an amount."),
                name,
            )
    if len(text["order_id"]) > LONGEST_ID or len(text["refund_id"]) > LONGEST_ID:
        raise FieldWrong(
            Sentence("The id of an order has more than 200 characters."),
            Sentence("Send the shop's own id."),
            "order_id",
        )
    for name in ("order_id", "refund_id", "link", "code"):
        if _EMAIL.search(text[name]):
            raise PersonalDataGiven(
                Sentence("“%(name)s” holds an e-mail address.", name=FIELD_WORDS[name]),
                Sentence("Send the shop's own id of the order."),
                name,
            )
    kind = _kind(text["kind"])
    return Order(
        kind=kind,
        order_id=text["order_id"],
        refund_id=text["refund_id"],
        amount=_amount(text["amount"], kind),
        currency=_currency(text["currency"] or currency),
        ordered_at=_instant(text["ordered_at"], time_format),
        code=_code(text["code"]),
        link=text["link"].rstrip("/").rpartition("/")[2][:40],
    )


def _kind(text: str) -> ConversionKind:
    try:
        return ConversionKind(text.lower() or "order")
    except ValueError as error:
        raise FieldWrong(
            Sentence("“%(text)s” is neither an order nor a refund.", text=text[:40]),
            Sentence("Write order or refund."),
            "kind",
        ) from error


def _amount(text: str, kind: ConversionKind) -> Decimal:
    """1234.50, 1 234,50 or 1,234.50. What may be read in two ways is refused."""
    plain = re.sub(r"[\s\N{NARROW NO-BREAK SPACE}'’]", "", text)
    hint = Sentence("Write it like 1234.50, without the currency's sign.")
    if re.fullmatch(r"-?\d+[.,]\d{3}", plain):
        raise FieldWrong(Sentence("“%(text)s” may be thousands or decimals.", text=text[:40]), hint, "amount")
    found = re.fullmatch(r"(-?)(\d{1,10}|\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+)(?:[.,](\d{1,2}))?", plain)
    if found is None:
        raise FieldWrong(Sentence("“%(text)s” is no amount.", text=text[:40]), hint, "amount")
    amount = Decimal(f"{found[1]}{re.sub('[.,]', '', found[2])}.{found[3] or '00'}")
    if abs(amount) > LARGEST:
        raise FieldWrong(Sentence("“%(text)s” is too much.", text=text[:40]), hint, "amount")
    if amount < 0 and kind is ConversionKind.ORDER:
        raise FieldWrong(
            Sentence("“%(text)s” is below zero.", text=text[:40]),
            Sentence("Money that goes back is a row of kind refund."),
            "amount",
        )
    return abs(amount)


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise FieldWrong(
            Sentence("“%(text)s” is no currency.", text=text[:10]),
            Sentence("Three letters (ISO 4217), such as EUR."),
            "currency",
        )
    return text.upper()


def _instant(text: str, pattern: str) -> datetime:
    """ISO 8601, or the given strptime pattern; without a zone it is UTC."""
    try:
        found = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007  set below
    except ValueError as error:
        hint = Sentence("Write 2026-06-15T12:00:00Z, or say how times are written.")
        raise FieldWrong(Sentence("“%(text)s” is no time.", text=text[:40]), hint, "ordered_at") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _code(text: str) -> str:
    if not text:
        return ""
    try:
        return plain_code(text)
    except CodeMalformed as error:
        raise FieldWrong(*error.untold, "code") from error


# -- nothing about buyers ----------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_TELEPHONE = re.compile(r"(?:\+|00|0)[1-9](?:[ .()-]?\d){7,13}")
_ABOUT_BUYERS = re.compile(
    r"\be-?mail|courriel|phone|telephone|\btel\b|\bmobile\b|portable|address|adresse|street|\brue\b|birth|naissance"
    r"|(?:first|last|given|family|customer|billing|shipping|buyer|client)[ _-]?name|^nom$|nom d[eu] (?:client|famille)|prenom"
    r"|\bip\b|\bzip\b|postal|postcode"
)


def refuse_personal(columns: Iterable[str]) -> None:
    """Refuse columns or fields whose names speak of buyers."""
    about = [c for c in columns if _ABOUT_BUYERS.search(folded(re.sub(r"[_.]", " ", c)))]
    if about:
        raise PersonalDataGiven(
            Sentence("“%(about)s” speaks of buyers, and Sillage takes nothing about them.", about=about[0][:60]),
            Sentence("Export again with the order's id, time, amount, currency and promo code alone."),
            about[0][:60],
        )


def looks_personal(value: str) -> bool:
    """Whether a value nobody asked for is an e-mail address or a telephone number."""
    return bool(_EMAIL.search(value) or _TELEPHONE.fullmatch(value.strip()))


# -- through whom ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """A code or a link through which orders come, and when it counts. Its end is a little later than what it says:
    a basket may wait."""

    id: int
    collaboration_id: int
    starts_on: date | None
    ends_on: date | None

    def covers(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom an order is credited to, and why."""

    collaboration_id: int
    by: Attribution
    code_id: int | None = None
    link_id: int | None = None


def credit_of(order: Order, codes: Sequence[Way], links: Sequence[Way]) -> Credit | None:
    """The collaboration of the code that was typed, else of the link; None for neither. `codes` bear the order's code and
    `links` its link; where a code was given twice, in two campaigns, the newest that was valid on the day counts."""
    day = order.ordered_at.astimezone(UTC).date()
    code = max((w for w in codes if w.covers(day)), key=lambda w: w.id, default=None)
    if code is not None:
        return Credit(code.collaboration_id, Attribution.CODE, code_id=code.id)
    link = max((w for w in links if w.covers(day)), key=lambda w: w.id, default=None)
    return None if link is None else Credit(link.collaboration_id, Attribution.LINK, link_id=link.id)


# -- the shop's word ---------------------------------------------------------------------------------------------------

WINDOW = timedelta(minutes=5)


class SignatureWrong(Refusal):
    """A report of an order that the workspace's secret did not sign, or long ago."""

    status = 401
    title = "Signature wrong"


def refuse_unsigned(header: str, body: bytes, secrets: Iterable[bytes], now: datetime) -> None:
    """Refuse a body unless the header `t=<seconds>,v1=<hex>` signs it with one of the secrets, within WINDOW of now.

    Every signature is compared with every secret in constant time.
    """
    parts = [part.partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name.strip() == "t"]
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if len(stamps) != 1 or not re.fullmatch(r"\d{1,12}", stamps[0]) or not given:
        raise SignatureWrong(
            Sentence("The header Sillage-Signature is missing or malformed."),
            Sentence("Send t=<seconds since 1970>,v1=<hexadecimal HMAC>."),
        )
    at = datetime.fromtimestamp(int(stamps[0]), UTC)
    matches = [
        hmac.compare_digest(signature(secret, at, body).encode(), one.encode()) for secret in secrets for one in given
    ]
    if not any(matches):
        raise SignatureWrong(
            Sentence("The signature does not fit this body and this workspace's secret."),
            Sentence('HMAC-SHA256 over "<t>.<body>", the body byte for byte as it is sent.'),
        )
    if abs(now - at) > WINDOW:
        raise SignatureWrong(
            Sentence("The signature is older than five minutes, or from the future."),
            Sentence("Set the clock; sign again."),
        )
