"""The OpenAPI document says what the API does; what programs rely on does not change by accident.

After a change that is meant, renew the snapshot:

    .venv/bin/python -m sillage.front.tests.test_api_description
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

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


def _classes(annotation: Any) -> list[type[BaseModel]]:
    """The shapes that an annotation names: one of `list[Shape] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _classes(inner)]


def _referred(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [found for inner in schema for found in _referred(inner)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else []
    return own + [found for inner in schema.values() for found in _referred(inner)]


def test_every_answer_is_described_as_the_shape_that_it_has():
    from sillage.front.api import api

    document = described()
    shapes, operations = document["components"]["schemas"], _operations(document)
    by_id = {operation["operationId"]: operation for operation in operations.values()}
    seen: set[tuple[type[BaseModel], str]] = set()

    def compare(shape: type[BaseModel], name: str) -> None:
        if (shape, name) in seen:
            return
        seen.add((shape, name))
        fields = {field.serialization_alias or field.alias or key: field for key, field in shape.model_fields.items()}
        assert set(shapes[name]["properties"]) >= set(fields), (shape, name)
        for key, field in fields.items():
            classes, referred = _classes(field.annotation), _referred(shapes[name]["properties"][key])
            if len(classes) == len(referred) == 1:
                compare(classes[0], referred[0])

    for _, router in api._routers:
        for path in router.path_operations.values():
            for operation in path.operations:
                answers = by_id[operation.view_func.__name__]["responses"]
                for status, model in operation.response_models.items():
                    content = answers.get(str(status), {}).get("content", {}).get("application/json", {})
                    classes = (
                        _classes(model.model_fields["response"].annotation) if hasattr(model, "model_fields") else []
                    )
                    if len(classes) == len(_referred(content)) == 1:
                        compare(classes[0], _referred(content)[0])
    assert len(seen) > 100 and len({name for _, name in seen}) == len(seen)


def test_shapes_that_rooms_call_alike_are_told_apart():
    shapes = described()["components"]["schemas"]
    assert "awaits" in shapes["UnderstandingCommentShape"]["properties"]
    assert "quote" in shapes["StudioCommentShape"]["properties"]
    assert "CommentShape" not in shapes and "AccountShape" in shapes
    assert not [name for name in shapes if "__" in name]


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
