"""Reads a shop's files of codes and of orders, row by row, with the catalogue's reader of CSV.

A row that cannot be read is set aside with its place and the reason. Its text is not kept: it may speak of a buyer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from sillage.campaigns.engine.codes import Discount, Validity, discount_of, plain_code
from sillage.campaigns.engine.conversions import (
    FIELD_WORDS,
    FIELDS,
    NEEDED,
    Order,
    PersonalDataGiven,
    looks_personal,
    order_of,
    refuse_personal,
)
from sillage.catalogue.actions.import_run import ColumnMissing
from sillage.catalogue.engine.mapping import Mapping as FileMapping
from sillage.catalogue.engine.mapping import Source
from sillage.catalogue.reading import Chunk, Reject, inspect_file
from sillage.catalogue.reading_csv import CsvFile
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence, Term
from sillage.lib.text import folded

T = TypeVar("T")
MOST_REJECTS = 10_000  # that are remembered one by one
COLUMN_WORDS: Mapping[str, Sentence] = {  # each is a heading that a file may have, in both languages
    **FIELD_WORDS,
    "handle": Term("column of a list of codes", "handle"),
    "network": Term("column of a list of codes", "network"),
    "discount": Term("column of a list of codes", "discount"),
    "starts_on": Term("column of a list of codes", "starts on"),
    "ends_on": Term("column of a list of codes", "ends on"),
}


class SeparatorMalformed(Malformed):
    """Columns stand apart by one character."""


class CodeDayMalformed(Malformed):
    """A day is written as YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One line of a list of codes."""

    code: str
    handle: str
    network: str  # empty when the file does not say
    discount: Discount
    validity: Validity


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the file that is being read."""

    chunk: Chunk
    index: int


@dataclass(slots=True)
class Reading(Generic[T]):
    """One reading of one file: iterate over it once. `columns` is {field: column}."""

    file: CsvFile
    name: str
    columns: Mapping[str, str]
    convert: Callable[[Mapping[str, str]], T]
    unasked: tuple[str, ...] = ()  # columns in which data about buyers would be refused
    rows: int = 0
    refused: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[Place, T]]:
        wanted = (*self.columns.values(), *self.unasked)
        for chunk in self.file.chunks(tuple(dict.fromkeys(wanted)), 0):
            self.rows += chunk.consumed
            for reject in chunk.rejects:
                self._keep(reject)
            for index in range(chunk.rows):
                place = Place(chunk, index)
                self._refuse_personal(place)
                given = {name: chunk.columns[column][index] for name, column in self.columns.items()}
                try:
                    read = self.convert(given)
                except PersonalDataGiven as error:
                    raise self._personal(place, self.columns[error.place]) from error
                except Malformed as error:
                    self.refuse(place, error.place, error.untold[0])
                    continue
                yield place, read

    def refuse(self, place: Place, what: str, reason: str) -> None:
        """Set a row aside; `what` is the field that is to blame."""
        self._keep(place.chunk.reject(place.index, self.columns.get(what), what, reason, self.name))

    def _keep(self, reject: Reject) -> None:
        self.refused += 1
        if len(self.rejects) < MOST_REJECTS:
            self.rejects.append(replace(reject, raw=""))

    def _refuse_personal(self, place: Place) -> None:
        for column in self.unasked:
            if looks_personal(place.chunk.columns[column][place.index]):
                raise self._personal(place, column)

    def _personal(self, place: Place, column: str) -> PersonalDataGiven:
        line, position = place.chunk.places.place(place.index, column)
        return PersonalDataGiven(
            Sentence("The column “%(column)s” holds an e-mail address or a telephone number.", column=column[:60]),
            Sentence("Export again with the order's id, time, amount, currency and promo code alone."),
            f"{self.name}:{line}:{position}",
        )


def _opened(path: Path, separator: str) -> CsvFile:
    if len(separator) != 1 or separator in '"\r\n':
        raise SeparatorMalformed(
            Sentence("“%(separator)s” is no separator.", separator=separator[:10]),
            Sentence("One character: a comma, a semicolon, a tab."),
        )
    source = Source(format="csv", separator=separator)
    mapping = FileMapping(name="sales", title="", digest="", source=source, account={})
    inspect_file(path, mapping)
    return CsvFile(path, mapping)


def _found(file: CsvFile, path: Path, known: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]) -> dict[str, str]:
    """The file's columns by field, by their usual names."""
    by_name = {" ".join(folded(name).replace("_", " ").split()): name for name in file.names}
    found = {f: next((by_name[n] for n in names if n in by_name), None) for f, names in known.items()}
    for name in needed:
        if found.get(name) is None:
            raise ColumnMissing(
                Sentence(
                    "%(path)s has no column for “%(name)s”; it has %(names)s.",
                    path=path.name,
                    name=COLUMN_WORDS[name],
                    names=", ".join(file.names)[:200],
                ),
                Sentence(
                    "Name it “%(name)s”, or say which column it is; check the separator.", name=COLUMN_WORDS[name]
                ),
                f"{path.name}:1:1",
            )
    return {name: column for name, column in found.items() if column is not None}


# -- codes -------------------------------------------------------------------------------------------------------------

_CODE_COLUMNS = {
    "code": ("code", "promo code", "discount code", "code promo"),
    "handle": ("handle", "creator", "account", "createur", "compte"),
    "network": ("network", "reseau"),
    "discount": ("discount", "remise"),
    "starts_on": ("starts on", "start", "debut"),
    "ends_on": ("ends on", "end", "fin"),
}


def read_codes(path: Path, separator: str) -> Reading[CodeRow]:
    """A list of codes: the columns code and handle, and optionally network, discount, starts_on, ends_on."""
    file = _opened(path, separator)
    return Reading(file, path.name, _found(file, path, _CODE_COLUMNS, ("code", "handle")), _code_row)


def _code_row(given: Mapping[str, str]) -> CodeRow:
    for name, read in (("code", plain_code), ("discount", discount_of)):
        try:
            read(given.get(name, ""))
        except Malformed as error:
            error.place = name
            raise
    days = Validity(_day(given, "starts_on"), _day(given, "ends_on"))
    code, discount = plain_code(given["code"]), discount_of(given.get("discount", ""))
    return CodeRow(code, given["handle"], given.get("network", "").strip().lower(), discount, days)


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CodeDayMalformed(
            Sentence("“%(text)s” is no day.", text=text[:40]), Sentence("Write it as 2026-06-30."), name
        ) from error


# -- orders ------------------------------------------------------------------------------------------------------------

_ORDER_COLUMNS = {
    "order_id": ("order id", "order number", "order", "id", "commande", "numero de commande"),
    "ordered_at": ("ordered at", "created at", "order date", "date"),
    "amount": ("amount", "total", "net amount", "montant"),
    "currency": ("currency", "devise"),
    "code": ("code", "promo code", "discount code", "coupon", "coupon code", "code promo"),
    "link": ("link", "utm content", "lien"),
    "kind": ("kind", "type"),
    "refund_id": ("refund id", "remboursement"),
}


@dataclass(frozen=True, slots=True)
class OrdersFile:
    """How a shop writes its orders: {field: column} where the names are not the usual ones, and what a row does not say."""

    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str = ","
    currency: str = ""
    time_format: str = ""  # strptime; ISO 8601 by default


def read_orders(path: Path, said: OrdersFile) -> Reading[Order]:
    """A list of orders. A column that nobody asked for and that holds data about buyers refuses the whole file."""
    file = _opened(path, said.separator)
    unknown = [name for name in said.columns if name not in FIELDS]
    absent = [column for column in said.columns.values() if column not in file.names]
    if unknown or absent:
        raise ColumnMissing(
            Sentence("“%(field)s” is no field of an order.", field=unknown[0])
            if unknown
            else Sentence("%(path)s has no column “%(column)s”.", path=path.name, column=absent[0]),
            Sentence("Fields: %(fields)s.", fields=", ".join(FIELDS)),
            f"{path.name}:1:1",
        )
    chosen = {name: (" ".join(folded(column).replace("_", " ").split()),) for name, column in said.columns.items()}
    columns = _found(file, path, {**_ORDER_COLUMNS, **chosen}, NEEDED)
    unasked = tuple(name for name in dict.fromkeys(file.names) if name and name not in columns.values())
    refuse_personal(unasked)
    return Reading(
        file,
        path.name,
        columns,
        lambda given: order_of(given, currency=said.currency, time_format=said.time_format),
        unasked,
    )
