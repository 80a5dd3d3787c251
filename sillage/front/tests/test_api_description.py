"""The OpenAPI document says what the API does; what programs rely on does not change by accident.

After a change that is meant, renew the snapshot:

    .venv/bin/python -m sillage.front.tests.test_api_description
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> dict[str, Any]:
    """The document as programs get it."""
    from django.test import Client

    return json.loads(Client().get("/api/v1/openapi.json").content)


def _operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{m.upper()} {p}": o for p, found in document["paths"].items() for m, o in found.items()}


def test_it_equals_its_snapshot():
    assert described() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does():
    operations = _operations(described())
    assert len({o["operationId"] for o in operations.values()}) == len(operations)
    assert [name for name, o in operations.items() if not o.get("description")] == []


def test_every_operation_names_its_right_its_path_and_its_errors():
    for name, operation in _operations(described()).items():
        assert operation["x-right"], name
        in_path = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert in_path == {part.strip("{}") for part in name.split("/") if part.startswith("{")}, name
        assert "application/problem+json" in operation["responses"]["default"]["content"], name


def test_every_write_takes_an_idempotency_key_but_those_that_keep_nothing_or_a_secret():
    without = {
        operation["operationId"]
        for name, operation in _operations(described()).items()
        if not name.startswith("GET") and "Idempotency-Key" not in {p["name"] for p in operation["parameters"]}
    }
    kept_nothing = {"read_brief", "rerank", "find_lookalikes", "try_import", "check_caption"}
    secrets = {"issue_token", "open_creator_link", "add_webhook", "rotate_webhook", "open_calendar_link"}
    secrets |= {"ask_address", "read_address", "release_invitation", "take_evidence"}  # links, an address, a whole file
    kept_nothing |= {"check_text", "check_words", "fit_voice"}
    files = {"add_sound", "make_picture"}  # bytes come in or go out: the answer is not worth keeping twice
    assert without == kept_nothing | secrets | files


def test_every_reference_leads_somewhere():
    text = json.dumps(described())
    schemas = described()["components"]["schemas"]
    named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= set(schemas)


def test_ids_of_accounts_and_posts_are_strings():
    schemas = described()["components"]["schemas"]
    for shape, field in (("AccountShape", "id"), ("PostShape", "id"), ("DecisionShape", "account_id")):
        assert schemas[shape]["properties"][field]["type"] == "string"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
    import django

    django.setup()
    from ninja.responses import NinjaJSONEncoder

    from sillage.front.api import api

    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), cls=NinjaJSONEncoder))
    SNAPSHOT.write_text(json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
