"""What is refused is said in the reader's language on a page, and in English to programs and in what is kept."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from sillage.campaigns.engine.seeding import STATE_WORDS, ShipmentMoveUnlawful, ShipmentState, refuse_unlawful
from sillage.catalogue.models import Account
from sillage.discovery.tests.standing import catalogue, harbour, standing
from sillage.front.tests.program import program_of
from sillage.governance import actions as governance
from sillage.governance.actions.data_requests import RequestMalformed
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.privacy import RequestKind
from sillage.lib.sentences import told

__all__ = ["catalogue", "harbour", "standing"]

ASKED = {"kind": "access", "requester": "Mona", "contact": "mona@example.org", "came_by": "email", "text": "x" * 5_001}
ENGLISH = ("The request has 5,001 characters.", "Keep it within 5,000.")
FRENCH = (
    "La demande compte 5\N{NARROW NO-BREAK SPACE}001 caractères.",
    "Ne dépassez pas 5\N{NARROW NO-BREAK SPACE}000.",
)


@pytest.fixture
def mona(catalogue: None) -> Account:
    return Account.objects.select_related("creator").get(handle="mona")


@pytest.fixture
def page(mona: Account) -> str:
    return f"/w/harbour/creators/{mona.creator_id}/privacy/"


@pytest.fixture
def english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def words_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_page_refuses_in_french_with_french_numbers(signed_in: Any, ada: Actor, page: str) -> None:
    refused = signed_in(ada).post(f"{page}ask/", ASKED)

    assert refused.status_code == 422
    assert all(said in words_of(refused) for said in FRENCH)
    assert not any(said in words_of(refused) for said in ENGLISH)


def test_a_reader_of_english_is_refused_in_english(signed_in: Any, ada: Actor, page: str, english: None) -> None:
    refused = signed_in(ada).post(f"{page}ask/", ASKED)

    assert refused.status_code == 422
    assert all(said in words_of(refused) for said in ENGLISH)


def test_a_day_in_a_refusal_is_written_as_the_reader_writes_days(
    signed_in: Any, ada: Actor, page: str, noon: Any
) -> None:
    governance.name_controller(given={"name": "Terrabelle", "email": "rgpd@example.org"}, actor=ada, now=noon)
    client = signed_in(ada)
    client.post(f"{page}told/", {"how": "email", "language": "fr"})
    again = words_of(client.post(f"{page}told/", {"how": "email", "language": "fr"}))
    client.cookies["django_language"] = "en"
    in_english = words_of(client.post(f"{page}told/", {"how": "email", "language": "fr"}))

    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    assert "L’information a été donnée le " in again and any(f" {month} 20" in again for month in months)
    assert "The notice was given on " in in_english and not any(f" {month} 20" in in_english for month in months)


@pytest.mark.parametrize("asked", ["fr", "fr-FR,fr;q=0.9,en;q=0.1", "en"])
def test_the_api_refuses_in_english_whatever_it_is_asked_in(ada: Actor, mona: Account, noon: Any, asked: str) -> None:
    governance.name_controller(given={"name": "Terrabelle", "email": "rgpd@example.org"}, actor=ada, now=noon)
    ours = program_of(ada)
    ours.client.cookies["django_language"] = "fr"
    address = f"creators/{mona.creator.key if mona.creator else ''}/notice"
    ours.post(address, {"how": "email", "language": "fr"}, headers={"Accept-Language": asked})
    again = ours.post(address, {"how": "email", "language": "fr"}, headers={"Accept-Language": asked})

    assert again.status_code == 409
    said = json.loads(again.content)
    assert re.fullmatch(r"The notice was given on \d{4}-\d\d-\d\d\.", said["detail"])
    assert said["hint"] == "There is nothing left to do."


def test_what_a_page_speaks_ends_with_its_answer(
    signed_in: Any, ada: Actor, mona: Account, page: str, noon: Any
) -> None:
    signed_in(ada).post(f"{page}ask/", ASKED)

    asked = governance.Asked(RequestKind.ACCESS, "creator", mona.creator_id or 0, text="x" * 5_001)
    with pytest.raises(RequestMalformed) as refused:
        governance.open_data_request(asked=asked, actor=ada, now=noon)
    assert (refused.value.message, refused.value.hint) == ENGLISH
    assert str(refused.value) == ENGLISH[0]


def test_a_refusal_is_english_as_text_and_its_states_are_words() -> None:
    with pytest.raises(ShipmentMoveUnlawful) as refused:
        refuse_unlawful(ShipmentState.TO_CONFIRM, ShipmentState.LOST)

    assert str(refused.value) == "A shipment that is to confirm cannot become lost."
    assert refused.value.hint == "From here it can become: address asked, ready, cancelled."
    assert told(STATE_WORDS[ShipmentState.ADDRESS_ASKED]) == "address asked"
