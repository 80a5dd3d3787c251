"""A small catalogue that has been read: gardeners, surfers and a star."""

from __future__ import annotations

from datetime import datetime

import pytest

from sillage.discovery.tests.conftest import fill
from sillage.governance.engine.actors import Actor


@pytest.fixture
def filled(ada: Actor, noon: datetime) -> None:
    fill(ada, noon)


@pytest.fixture
def english(client, settings) -> None:
    """Pages in English, so that a test can read them."""
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"
