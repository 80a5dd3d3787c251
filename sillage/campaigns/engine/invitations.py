"""The first contact with a creator: the letter, what an approval of it is bound to, and the words that leave the house.

A letter is assembled from a text that people wrote (`letters/`) and edited by a person: no model writes it. It carries who
writes and why, the campaign in short, the notice of article 14 GDPR, the right to object (article 21(4): clearly and apart
from the rest) and the creator's own links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from sillage.governance.engine.acts import Act
from sillage.lib.canonical import digest
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Grouped, Sentence, Term
from sillage.lib.text import without_controls

FOLDER = "sillage.campaigns.letters"
LETTERS_VERSION = "2026.1"
LINK, OWN_PAGE = "[[link]]", "[[own page]]"
LANGUAGES = ("fr", "en")
LONGEST_SUBJECT = 200
LONGEST_BODY = 10_000
SHORT_BRIEF = 700  # characters of the campaign's text that a first letter quotes
VERB = "campaigns.invite"


class Channel(StrEnum):
    """How a letter travels."""

    BY_HAND = "by_hand"  # a person copies it into the network's own messages
    EMAIL = "email"


class Formality(StrEnum):
    """How the creator is spoken to."""

    VOUS = "vous"
    TU = "tu"


class AddressFrom(StrEnum):
    """Where an e-mail address comes from, as a person states it (France, CPCE L34-5: people are not written to unasked)."""

    GIVEN = "given"  # the creator gave it for this
    AGENCY = "agency"  # the creator's agency gave it
    PUBLISHED = "published"  # the creator publishes it for professional requests


class InvitationState(StrEnum):
    """Where an invitation stands."""

    DRAFT = "draft"  # a person writes it; an approval may have been asked for
    RELEASED = "released"  # approved, and the approval was used: to be sent, or to be copied
    SENDING = "sending"  # handed to the mail server, which has not answered: it may have gone out
    SENT = "sent"
    FAILED = "failed"  # the mail server refused it for good
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        return self in (InvitationState.DRAFT, InvitationState.RELEASED, InvitationState.SENDING)


STATE_WORDS: Mapping[InvitationState, Sentence] = {
    InvitationState.DRAFT: Term("invitation", "draft"),
    InvitationState.RELEASED: Term("invitation", "released"),
    InvitationState.SENDING: Term("invitation", "sending"),
    InvitationState.SENT: Term("invitation", "sent"),
    InvitationState.FAILED: Term("invitation", "failed"),
    InvitationState.DROPPED: Term("invitation", "dropped"),
}


class LetterMalformed(Malformed):
    """A letter lacks what it has to carry, or cannot be sent as it is."""


@dataclass(frozen=True, slots=True)
class About:
    """What a letter says: who writes to whom, for which brand and campaign. `why` is one sentence of a person, or empty."""

    creator: str
    handle: str
    network: str  # as it writes itself
    sender: str
    brand: str
    campaign: str
    text: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    why: str = ""


_WHY = {
    (
        "fr",
        Formality.VOUS,
    ): "Je vous écris parce que votre compte @{handle} sur {network} correspond à ce que nous cherchons.",
    ("fr", Formality.TU): "Je t’écris parce que ton compte @{handle} sur {network} correspond à ce que nous cherchons.",
    (
        "en",
        Formality.VOUS,
    ): "I am writing to you because your account @{handle} on {network} fits what we are looking for.",
    ("en", Formality.TU): "I’m writing because your account @{handle} on {network} fits what we’re looking for.",
}
_PERIOD = {
    "fr": (
        "La campagne se déroule du {first} au {last}.",
        "La campagne commence le {first}.",
        "La campagne finit le {last}.",
    ),
    "en": (
        "The campaign runs from {first} to {last}.",
        "The campaign begins on {first}.",
        "The campaign ends on {last}.",
    ),
}
_OBJECT = {
    (
        "fr",
        Formality.VOUS,
    ): "Vous pouvez refuser à tout moment que nous vous écrivions ou que nous gardions vos données :",
    ("fr", Formality.TU): "Tu peux refuser à tout moment que nous t’écrivions ou que nous gardions tes données :",
    ("en", Formality.VOUS): "You may object at any time to our writing to you or keeping your data:",
    ("en", Formality.TU): "You may object at any time to our writing to you or keeping your data:",
}
_VALUE = re.compile(r"\{(\w+)\}")


def assembled(language: str, formality: Formality, about: About) -> tuple[str, str]:
    """(subject, body) from the letter of that language and formality. A line whose only value is empty is left out."""
    values = {
        "creator": about.creator,
        "sender": about.sender,
        "brand": about.brand,
        "campaign": about.campaign,
        "why": about.why or _WHY[language, formality].format(handle=about.handle, network=about.network),
        "brief": excerpt(about.text, SHORT_BRIEF),
        "period": _period(about, language),
    }
    subject, _, body = _letter(f"{language}_{formality.value}").partition("\n")
    lines = [_filled(line, values) for line in body.splitlines() if not _is_bare(line, values)]
    return one_line(_filled(subject, values))[:LONGEST_SUBJECT], re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _filled(line: str, values: Mapping[str, str]) -> str:
    """Each value once: what a campaign says is never read as a place for another value."""
    return _VALUE.sub(lambda found: values[found.group(1)], line)


def _is_bare(line: str, values: Mapping[str, str]) -> bool:
    found = _VALUE.fullmatch(line.strip())
    return found is not None and not values[found.group(1)]


@cache
def _letter(name: str) -> str:
    return resources.files(FOLDER).joinpath(f"{name}.txt").read_text(encoding="utf8")


def _period(about: About, language: str) -> str:
    both, begins, ends = _PERIOD[language]
    said = {"first": _day(about.starts_on, language), "last": _day(about.ends_on, language)}
    if about.starts_on and about.ends_on:
        return both.format(**said)
    return (begins if about.starts_on else ends if about.ends_on else "").format(**said)


_NETWORKS = {"tiktok": "TikTok", "youtube": "YouTube", "rss": "RSS", "x": "X"}


def network_name(network: str) -> str:
    """The network as it writes itself."""
    return _NETWORKS.get(network, network.title())


def _day(day: date | None, language: str) -> str:
    if day is None:
        return ""
    return f"{day:%d/%m/%Y}" if language == "fr" else f"{day.day} {day:%B %Y}"


def excerpt(text: str, longest: int) -> str:
    """The text up to the last sentence that fits; up to the last word where the first one is too long."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    sentences = [m.end() for m in re.finditer(r"[.!?…](?=\s)", flat[: longest + 1])]
    return flat[: sentences[-1]] if sentences else flat[: longest - 1].rpartition(" ")[0] + "…"


def one_line(text: str) -> str:
    """Without line breaks and control characters: a subject is one line, whatever was pasted."""
    return " ".join(without_controls(text).split())


def notice_part(language: str, formality: Formality, notice: str) -> str:
    """What follows every letter: the right to object, apart from the rest, then the notice of article 14."""
    greeting, _, rest = notice.strip().partition("\n")
    told = rest.strip() if greeting.endswith(",") and rest else notice.strip()  # the letter has greeted already
    return f"{_OBJECT[language, formality]}\n{OWN_PAGE}\n\n{told}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is approved. `recipient` is an e-mail address, or the account's key; `notice` follows the body."""

    collaboration_id: int
    recipient: str
    channel: Channel
    language: str
    subject: str
    body: str
    notice: str
    address_from: str = ""

    def as_json(self) -> dict[str, Any]:
        """All that is said, and how it travels: the words with the marks of the links, which differ for everybody."""
        return {
            "to": self.recipient,
            "channel": self.channel.value,
            "address_from": self.address_from,
            "language": self.language,
            "subject": self.subject,
            "body": self.body,
            "notice": self.notice,
        }


def refuse_incomplete(letter: Letter) -> None:
    """Refuse a letter that cannot be released: without words, link, notice, subject or address."""
    if not letter.body.strip() or len(letter.body) > LONGEST_BODY:
        raise LetterMalformed(
            Sentence("A letter has 1 to %(longest_body)s characters.", longest_body=Grouped(LONGEST_BODY)),
            Sentence("Write a shorter one."),
        )
    if letter.body.count(LINK) != 1:
        raise LetterMalformed(
            Sentence("The letter holds %(link)s %(count)s times.", link=LINK, count=letter.body.count(LINK)),
            Sentence("It has to stand there once: the creator's own link takes its place."),
        )
    if OWN_PAGE not in letter.notice:
        raise LetterMalformed(
            Sentence("The notice on personal data is missing."), Sentence("Have the letter written anew.")
        )
    if letter.channel is Channel.EMAIL and not (letter.subject and letter.recipient and letter.address_from):
        raise LetterMalformed(
            Sentence("An e-mail needs an address, a subject, and where the address comes from."),
            Sentence("Say who gave the address: people are not written to at addresses that were collected."),
        )


def act_of_letter(letter: Letter) -> Act:
    """Sending one letter."""
    return Act(VERB, "collaboration", str(letter.collaboration_id), letter.as_json(), (letter.recipient,))


def act_of_plan(plan_id: int, letters: Sequence[Letter]) -> Act:
    """Sending many: the list of recipients and texts, hashed together. Another word to anybody is another act."""
    ordered = sorted(letters, key=lambda letter: letter.collaboration_id)
    content = {"letters": {str(letter.collaboration_id): letter.as_json() for letter in ordered}}
    return Act(VERB, "invitation_plan", str(plan_id), content, tuple(letter.recipient for letter in ordered))


def composed(letter: Letter, link: str, own_page: str) -> str:
    """The words that leave the house, with the creator's own links in their places."""
    body = letter.body.replace(LINK, link).strip()
    return f"{body}\n\n-- \n{letter.notice.replace(OWN_PAGE, own_page)}\n"


def message_id(invitation_id: int, workspace_slug: str, letter: Letter, domain: str) -> str:
    """The same letter has the same Message-ID each time it is handed over, so that a repeat can be recognised (RFC 5322)."""
    found = digest({"invitation": invitation_id, "workspace": workspace_slug, "letter": letter.as_json()})
    return f"<{found.hex()[:40]}@{domain}>"
