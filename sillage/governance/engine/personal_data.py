"""What is stored about people: per field what it is, whose, where it comes from, why, on which basis, and for how long.

Each room describes its tables (`personal_data/tables.toml`); `front/wiring.py` puts them together. The record of processing
(GDPR, article 30), a creator's own page and the copy that they take along are made from it. A house test holds that no column
of any table is missing here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the languages of the pages."""

    en: str
    fr: str

    def told(self, language: str) -> str:
        return self.fr if language.startswith("fr") else self.en


class Whose(Enum):
    CREATOR = Said("creators", "les créateurs et créatrices")
    COMMENTER = Said("people who comment", "les personnes qui commentent")
    FORGOTTEN = Said("people who were erased", "les personnes effacées")
    MEMBER = Said("members of the workspace", "les membres de l’espace de travail")
    OTHER = Said("other people whom the thing concerns", "les autres personnes concernées")


class Origin(Enum):
    PUBLISHED = Said("published by the person on a network", "publié par la personne sur un réseau")
    OBSERVED = Said("measured on a network", "mesuré sur un réseau")
    DERIVED = Said("derived by a machine from what was published", "déduit par une machine de ce qui est publié")
    MEMBER = Said("written by a member", "écrit par un membre")
    PERSON = Said("given by the person", "donné par la personne")
    SYSTEM = Said("made by the program in use", "produit par le programme à l’usage")


class Basis(Enum):
    """Lawful bases of article 6(1)."""

    CONSENT = Said("consent (a)", "consentement (a)")
    CONTRACT = Said("contract (b)", "contrat (b)")
    OBLIGATION = Said("legal obligation (c)", "obligation légale (c)")
    INTEREST = Said("legitimate interest (f)", "intérêt légitime (f)")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is stored, and on which basis."""

    purpose: Said
    basis: Basis


class Why(Enum):
    DISCOVERY = Reason(
        Said("finding creators by what they publish", "trouver des créateurs par ce qu’ils publient"), Basis.INTEREST
    )
    CAMPAIGN = Reason(
        Said("preparing and carrying out collaborations", "préparer et mener des collaborations"), Basis.CONTRACT
    )
    WORK = Reason(Said("letting members work together", "permettre aux membres de travailler ensemble"), Basis.INTEREST)
    SECURITY = Reason(Said("keeping the installation safe", "protéger l’installation"), Basis.INTEREST)
    PROOF = Reason(Said("proving what was done and decided", "prouver ce qui a été fait et décidé"), Basis.INTEREST)
    RIGHTS = Reason(
        Said(
            "respecting what people ask about their data", "respecter ce que les personnes demandent sur leurs données"
        ),
        Basis.OBLIGATION,
    )
    INTERVIEW = Reason(
        Said("keeping an interview that the person agreed to", "garder un entretien que la personne a accepté"),
        Basis.CONSENT,
    )
    ACCOUNTS = Reason(
        Said("accounting and contracts that the law asks for", "comptabilité et contrats exigés par la loi"),
        Basis.OBLIGATION,
    )


class Until(Enum):
    FORGOTTEN = Said("until the creator is erased", "jusqu’à l’effacement du créateur")
    ACCOUNT = Said("with the account", "avec le compte")
    REFRESHED = Said("as the network’s terms say", "selon les conditions du réseau")
    WORKSPACE = Said("as long as the workspace", "tant que dure l’espace de travail")
    MEMBERSHIP = Said("until the membership ends", "jusqu’à la fin de l’adhésion")
    REMOVED = Said("until a member removes it", "jusqu’à ce qu’un membre le retire")
    CAMPAIGN = Said("with the campaign", "avec la campagne")
    RULE = Said("as the retention rule says", "selon la règle de conservation")


@dataclass(frozen=True, slots=True)
class Data:
    """Columns of a table that say one thing about people. `rule` is the retention rule that ends them, if one does."""

    fields: tuple[str, ...]
    what: Said
    whose: Whose
    origin: Origin
    why: Why
    until: Until
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, e.g. "catalogue.Account": its columns about people, and `plain` ones that say nothing of anybody.

    `reach` leads from a row to a creator's number ("creator_id", "account__creator_id"), or says "subject" where rows name
    what they are about by kind and id; empty where no row is a creator's. `workspace` leads to the workspace's number.
    """

    name: str
    personal: tuple[Data, ...] = ()
    plain: tuple[str, ...] = ()
    reach: str = ""
    workspace: str = "workspace_id"

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for data in self.personal for name in data.fields)


FILE = "tables.toml"  # in the package `personal_data` of each room


class PersonalDataMalformed(Malformed):
    """A room's list of what it holds about people cannot be read."""


@cache
def holdings_of(room: str) -> dict[str, Any]:
    """A room's list as it is written: `table`s and `rule`s."""
    return tomllib.loads(resources.files(f"sillage.{room}.personal_data").joinpath(FILE).read_text(encoding="utf8"))


def tables_of(room: str) -> tuple[Table, ...]:
    """What a room's tables hold. Raises PersonalDataMalformed naming the table."""
    return tuple(_table(given) for given in holdings_of(room)["table"])


def _table(given: Mapping[str, Any]) -> Table:
    try:
        return Table(
            given["name"],
            tuple(_data(line) for line in given.get("about", ())),
            tuple(given.get("plain", "").split()),
            given.get("reach", ""),
            given.get("workspace", "workspace_id"),
        )
    except KeyError as error:
        raise PersonalDataMalformed(
            Sentence("%(given)s: %(error)s is missing or unknown.", given=given.get("name", "A table"), error=error),
            Sentence("See governance/engine/personal_data.py."),
        ) from error


def _data(given: Mapping[str, str]) -> Data:
    return Data(
        tuple(given["fields"].split()),
        Said(given["en"], given["fr"]),
        Whose[given["whose"].upper()],
        Origin[given["origin"].upper()],
        Why[given["why"].upper()],
        Until[given["until"].upper()],
        given.get("rule", ""),
    )


_tables: dict[str, Table] = {}


def register(*tables: Table) -> None:
    for table in tables:
        _tables[table.name] = table


def registered() -> tuple[Table, ...]:
    """Every table, by name."""
    return tuple(_tables[name] for name in sorted(_tables))


def about_creators() -> Iterator[Table]:
    """Tables whose rows can be a creator's."""
    return (table for table in registered() if table.reach)
