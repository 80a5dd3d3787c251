"""No column of any table is missing in the list of what is stored about people: a new one is named, or about nobody."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from conftest import NOON
from sillage.governance.engine.personal_data import Table, Whose, registered
from sillage.governance.engine.retention import retention_rules
from sillage.governance.queries.personal_data import rows_of
from sillage.governance.queries.privacy import Subject

TABLES = {table.name: table for table in registered()}
MODELS = {
    model._meta.label: model
    for config in apps.get_app_configs()
    if config.name.startswith("sillage.")
    for model in config.get_models()
}


def columns_of(model: type[models.Model]) -> set[str]:
    """What a table stores, many-to-many relations of its own included."""
    fields = [*model._meta.concrete_fields, *model._meta.local_many_to_many]
    return {f.name for f in fields if not isinstance(f, models.CompositePrimaryKey)}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_column_is_about_somebody_or_said_to_be_about_nobody(name: str) -> None:
    assert name in TABLES, f"{name} stands in no personal_data/tables.toml"
    table = TABLES[name]
    listed = Counter([*table.fields, *table.plain])
    assert {*listed} == columns_of(MODELS[name])
    assert not [field for field, n in listed.items() if n > 1]


def test_nothing_is_listed_that_does_not_exist() -> None:
    assert TABLES.keys() == MODELS.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("table", [t for t in TABLES.values() if t.reach], ids=lambda t: t.name)
def test_a_creator_s_rows_can_be_found(table: Table) -> None:
    """The paths to the creator and to the workspace lead somewhere, and the columns can be copied."""
    nobody = Subject("creator", 1, "", (), NOON, (1,))
    assert list(rows_of(table, 1, nobody).values(*table.fields)[:1]) == []


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_what_is_a_creator_s_can_be_found_or_is_told_apart(table: Table) -> None:
    """A table with creators' data leads to the creator, unless it holds them by the way: they leave it when erased."""
    by_the_way = {
        "catalogue.Import",
        "discovery.ExclusionList",
        "governance.Entry",
        "understanding.Head",
        "understanding.TopicMap",
    }
    holds = any(data.whose is Whose.CREATOR for data in table.personal)
    assert not holds or bool(table.reach) != (table.name in by_the_way)


@pytest.mark.parametrize("rule", retention_rules(), ids=lambda r: r.id)
def test_a_retention_rule_names_what_there_is(rule) -> None:
    model = MODELS[rule.table]
    try:
        model._meta.get_field(rule.since.split("__")[0])
    except FieldDoesNotExist:
        pytest.fail(f"{rule.id}: {rule.table} has no {rule.since}")
    assert rule.what.en and rule.what.fr and rule.source.en and rule.source.fr and rule.months > 0


def test_a_rule_that_data_name_exists() -> None:
    named = {data.rule for table in TABLES.values() for data in table.personal if data.rule}
    assert named <= {rule.id for rule in retention_rules()}
