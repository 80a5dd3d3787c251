"""The API's callers: programs with tokens, and a workspace with something in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command

from sillage.discovery.tests.conftest import fill
from sillage.front.tests.program import Program, program_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, Role
from sillage.governance.queries import actor_of


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)


@pytest.fixture
def mia(ada: Actor, noon: datetime) -> Actor:
    """Mia manages Ada's workspace."""
    member = governance.add_member(
        email="mia@example.org", name="Mia", role=Role.MANAGER, password=None, actor=ada, now=noon
    )
    return actor_of(member, member.person)


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """A program of an actor, with a token of all of the actor's rights or of the named ones: `program(ada, Right.READ)`."""

    def made(actor: Actor, *scopes: Right, slug: str = "harbour") -> Program:
        return program_of(actor, *scopes, slug=slug)

    return made


@pytest.fixture
def owners(ada: Actor) -> Program:
    """Ada's program."""
    return program_of(ada)


@pytest.fixture
def catalogue(ada: Actor, noon: datetime) -> None:
    """Gardeners, surfers and a star, read and searchable."""
    fill(ada, noon)
