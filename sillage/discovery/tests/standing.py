"""A catalogue that stands: a module that imports these fixtures has it built once, and not for each of its tests.

For modules whose every test with Ada begins with the catalogue. What a test changes is taken back after it.
"""

from __future__ import annotations

from typing import Any

import pytest

from conftest import NOON, opened
from sillage.discovery.tests.conftest import fill
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Workspace

__all__ = ["catalogue", "filled", "harbour", "standing"]


@pytest.fixture(scope="module")
def standing(lasting: Any) -> Actor:
    """Ada; gardeners, surfers and a star in her workspace, read and searchable."""
    with lasting():
        _, ada = opened("harbour", "Ada")
        fill(ada, NOON)
        return ada


@pytest.fixture
def harbour(db: None, standing: Actor) -> tuple[Workspace, Actor]:
    return Workspace.objects.get(pk=standing.workspace_id), standing


@pytest.fixture
def catalogue(standing: Actor) -> None:
    """It stands already."""


@pytest.fixture
def filled(standing: Actor) -> None:
    """It stands already."""
