"""The text of the notice that article 14 of the GDPR asks for, in French and English: composed by people, filled in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

FOLDER = "sillage.governance.notice_texts"
TEXT_VERSION = "2026.1"
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Responsible:
    """The controller as a notice names it."""

    name: str
    email: str
    address: str = ""
    representative: str = ""
    officer: str = ""
    interest: str = ""
    recipients: str = ""
    transfers: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the notice is for: how they are called, where their data was found, since when; and their own page."""

    name: str
    sources: tuple[str, ...]
    obtained_at: datetime
    address: str = ""  # of their own page; empty where the notice goes without a link


_DEFAULTS = {
    "fr": {
        "interest": "proposer des collaborations rémunérées à des personnes que leur sujet concerne.",
        "recipients": "les personnes qui travaillent avec nous sur nos campagnes, et personne d’autre.",
        "transfers": "aucun transfert.",
        "representative": " Représentant dans l’Union : {}.",
        "officer": " Délégué à la protection des données : {}.",
    },
    "en": {
        "interest": "offering paid collaborations to people whom their subject concerns.",
        "recipients": "the people who work with us on our campaigns, and nobody else.",
        "transfers": "no transfer.",
        "representative": " Representative in the Union: {}.",
        "officer": " Data protection officer: {}.",
    },
}


def notice_text(by: Responsible, to: Told, language: str) -> str:
    """The notice in French or English (any other language is told in English)."""
    known = "fr" if language.startswith("fr") else "en"
    said = _DEFAULTS[known]
    day = f"{to.obtained_at:%d/%m/%Y}" if known == "fr" else f"{to.obtained_at:%Y-%m-%d}"
    page = "\n" + _template(f"{known}_page").format(address=to.address) if to.address else ""
    return _template(known).format(
        name=to.name,
        controller=by.name,
        at=f", {by.address}" if by.address else "",
        email=by.email,
        representative=said["representative"].format(by.representative) if by.representative else "",
        officer=said["officer"].format(by.officer) if by.officer else "",
        interest=by.interest or said["interest"],
        recipients=by.recipients or said["recipients"],
        transfers=by.transfers or said["transfers"],
        sources=", ".join(to.sources) or "-",
        day=day,
        page=page,
    )


@cache
def _template(name: str) -> str:
    return resources.files(FOLDER).joinpath(f"{name}.txt").read_text(encoding="utf8")
