"""A campaign of Ada's with two collaborations over invented catalogue accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.models import Campaign, Collaboration
from sillage.campaigns.tests.parcels import compost, parcel  # noqa: F401  fixtures
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.models import Account
from sillage.discovery.tests.conftest import records_of
from sillage.governance.engine.actors import Actor

HANDLES = ("mona", "basile", "noe", "poppy")

GIVEN = {
    "name": "Spring in the garden",
    "objective": "Make the compost known",
    "brand": "Terre Vive",
    "countries": ["FR"],
    "starts_on": date(2026, 6, 1),
    "ends_on": date(2026, 7, 31),
    "budget": "12000",
    "hashtags": ["#terrevive"],
    "mentions": ["@terrevive"],
    "law_packs": ["fr", "eu"],
}


@pytest.fixture
def accounts(ada: Actor, noon: datetime) -> dict[str, Account]:
    """Accounts of Ada's catalogue by handle; nothing has been read of them."""
    for handle in HANDLES:
        ingest(workspace_id=ada.workspace_id, batch=records_of(handle, noon), actor=ada, now=noon)
    return {a.handle: a for a in Account.objects.filter(workspace_id=ada.workspace_id)}


@pytest.fixture
def campaign(ada: Actor, noon: datetime) -> Campaign:
    return open_campaign(given=GIVEN, actor=ada, now=noon)


@pytest.fixture
def collaborations(
    campaign: Campaign, accounts: dict[str, Account], ada: Actor, noon: datetime
) -> dict[str, Collaboration]:
    """Mona's and Noé's collaborations of the campaign, by handle: both shortlisted."""
    ids = [accounts["mona"].pk, accounts["noe"].pk]
    added = add_collaborations(campaign_id=campaign.pk, accounts=ids, actor=ada, now=noon)
    return {row.handle: row for row in added}


@pytest.fixture
def collaboration(collaborations: dict[str, Collaboration]) -> Collaboration:
    """Mona's."""
    return collaborations["mona"]


@pytest.fixture
def english(client: Client, settings: Any) -> None:
    """Pages in English, so that a test can read them."""
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"
