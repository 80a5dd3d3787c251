"""Tables say what the promises ask for: who decided, what a machine saw, which formula proves a number."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from sillage.catalogue.models import Observation
from sillage.discovery.models import Decision
from sillage.governance.models import Entry, Receipt
from sillage.understanding.models import Signal

NEEDED = {
    Signal: ("enricher", "version", "value", "confidence", "evidence", "content_hash", "made_at"),
    Receipt: ("metric", "version", "inputs", "source_class", "computed_at", "code_version", "hash"),
    Entry: ("number", "at", "actor_kind", "actor_name", "verb", "subject_kind", "subject_id", "hash", "previous_hash"),
    Observation: ("measure", "value", "source_class", "observed_at"),
    Decision: ("kind", "decided_at", "brief", "account"),
}


def test_migrations_are_in_step_with_the_tables() -> None:
    with translation.override(None):  # a table's names are compared as they are written
        assert _changes() == {}


def _changes() -> dict[str, list[str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    return {app: [str(o) for m in found for o in m.operations] for app, found in changes.items()}


def test_migrations_have_one_end_per_room() -> None:
    assert MigrationLoader(None, ignore_no_migrations=True).detect_conflicts() == {}


@pytest.mark.parametrize(("table", "name"), [(t, name) for t, names in NEEDED.items() for name in names])
def test_a_row_cannot_be_without(table: type[models.Model], name: str) -> None:
    assert not table._meta.get_field(name).null


def test_a_decision_is_a_member_s_and_never_a_machine_s() -> None:
    """The person may leave (the row stays, its ledger entry names them), but nothing else can stand in their place."""
    person = Decision._meta.get_field("member")
    assert person.related_model._meta.label == "governance.Member"
    assert not {"actor_kind", "enricher", "model", "rule"} & {f.name for f in Decision._meta.get_fields()}


def test_what_a_machine_says_and_what_a_person_says_are_different_tables() -> None:
    assert not {"member", "person", "decided_at"} & {f.name for f in Signal._meta.get_fields()}
