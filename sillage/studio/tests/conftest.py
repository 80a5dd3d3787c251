"""What tests of the studio share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture
def english(client: Client, settings: Any) -> Iterator[None]:
    """Pages and sentences in English, so that a test can read them."""
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield
