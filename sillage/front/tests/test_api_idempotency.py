"""The same request under the same Idempotency-Key is done once, and answered alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.utils import timezone

from sillage.discovery.models import Brief
from sillage.front.tests.program import Program, program_of
from sillage.governance.models import Entry, IdempotencyKey

KEY = {"Idempotency-Key": "6f2c0a6e-1"}
BRIEF = {"text": "Jardinage, potager"}


def _open(program: Program, body: Any = None, key: dict[str, str] = KEY) -> Any:
    return program.post("briefs", body or BRIEF, headers=key)


def test_a_repeat_gets_the_same_answer_and_changes_nothing(owners):
    first, again = _open(owners), _open(owners)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true" and not first.has_header("Idempotency-Replayed")
    assert Brief.objects.count() == 1 and Entry.objects.filter(verb="discovery.brief_opened").count() == 1


def test_without_a_key_each_request_counts(owners):
    assert _open(owners, key={}).json()["id"] != _open(owners, key={}).json()["id"]
    assert IdempotencyKey.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "briefs", {"text": "surf"}), ("POST", "searches", BRIEF), ("POST", "briefs?x=1", BRIEF)],
)
def test_another_request_under_the_same_key_is_refused(method, path, body, owners):
    _open(owners)
    refused = owners.call(method, path, {"name": "x"} if path == "searches" else body, headers=KEY)
    assert refused.status_code == 422
    assert refused.json()["type"] in ("urn:sillage:KeyReused", "urn:sillage:ParameterUnknown")
    assert Brief.objects.count() == 1


def test_an_answer_is_kept_for_a_week(owners):
    _open(owners)
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=8))
    _open(owners, key={"Idempotency-Key": "another"})
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["another"]


def test_another_member_cannot_fetch_the_answer(owners, bruno):
    _open(owners)
    assert _open(program_of(bruno)).json()["type"] == "urn:sillage:KeyReused"


def test_another_workspace_has_keys_of_its_own(owners, dario):
    _open(owners)
    assert _open(program_of(dario, slug="elsewhere")).status_code == 201


def test_a_repeat_asks_for_the_right_again(owners, ada, program):
    _open(owners)
    narrow = program(ada, "read")
    assert _open(narrow).status_code == 403


def test_a_refused_request_keeps_nothing_and_its_key_can_be_used_again(owners):
    assert _open(owners, {"text": " "}).status_code == 422
    assert IdempotencyKey.objects.count() == 0
    assert _open(owners).status_code == 201


def test_an_answer_without_a_body_is_kept_too(owners, rita):
    first = owners.call("DELETE", f"members/{rita.member_id}", headers=KEY)
    again = owners.call("DELETE", f"members/{rita.member_id}", headers=KEY)
    assert (first.status_code, again.status_code, again.content) == (204, 204, b"")
    assert owners.call("DELETE", f"members/{rita.member_id}").status_code == 404


def test_an_answer_with_a_secret_is_never_kept(owners):
    refused = owners.post("tokens", {"name": "x", "scopes": ["read"]}, headers=KEY)
    assert refused.status_code == 422 and refused.json()["type"] == "urn:sillage:KeyNotTaken"
    assert IdempotencyKey.objects.count() == 0


def test_nothing_can_be_guessed_from_what_is_kept_of_a_request(owners, settings):
    member = {"email": "zoe@example.org", "role": "reader", "password": "pelican-harbour-43"}
    owners.post("members", member, headers=KEY)
    kept = IdempotencyKey.objects.get()
    assert "pelican" not in kept.body
    settings.SECRET_KEY = "another"
    assert owners.post("members", member, headers=KEY).json()["type"] == "urn:sillage:KeyReused"
    assert bytes(kept.request_digest) == bytes(IdempotencyKey.objects.get().request_digest)


def test_reading_takes_no_notice_of_a_key(owners):
    _open(owners)
    assert owners.get("briefs", headers=KEY).status_code == 200
    assert owners.post("briefs/read", {"text": "surf"}, headers=KEY).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 201, "é", "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(key, owners):
    assert _open(owners, key={"Idempotency-Key": key}).json()["type"] == "urn:sillage:KeyMalformed"


def _import(program: Program, rows: str = "instagram,gil,g1,2026-06-01") -> Any:
    content = f"network,account_id,post_id,published_at\n{rows}\n".encode()
    form = {"file": SimpleUploadedFile("posts.csv", content), "mapping": "sillage-posts"}
    return program.post("imports", form=form, headers=KEY)


def test_an_import_is_answered_alike_whatever_separated_its_parts(owners):
    first, again = _import(owners), _import(owners)
    assert first.status_code == 200 and first.json()["done"]["posts"]["new"] == 1
    assert first.content == again.content and again["Idempotency-Replayed"] == "true"


def test_another_file_under_the_same_key_is_refused(owners):
    _import(owners)
    assert _import(owners, "instagram,gil,g2,2026-06-01").json()["type"] == "urn:sillage:KeyReused"


def test_a_crash_keeps_neither_the_write_nor_an_answer(owners, monkeypatch):
    def crashes(**given: Any) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr("sillage.front.idempotency.actions.keep_answer", crashes)
    owners.client.raise_request_exception = False
    assert _open(owners).status_code == 500
    assert Brief.objects.count() == 0 and IdempotencyKey.objects.count() == 0


def _at_once(programs: list[Program], call: Any) -> list[Any]:
    def one(program: Program) -> Any:
        try:
            return call(program)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(programs)) as pool:
        return list(pool.map(one, programs))


@pytest.mark.django_db(transaction=True)
def test_two_equal_requests_at_once_are_done_once(ada):
    secret = program_of(ada).secret
    answers = _at_once([Program(secret) for _ in range(4)], _open)
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert [a.has_header("Idempotency-Replayed") for a in answers].count(False) == 1
    assert Brief.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_long_request_that_still_runs_is_not_begun_again(ada):
    program = program_of(ada)
    with connection.cursor() as cursor:
        name = f"{ada.workspace_id}:{KEY['Idempotency-Key']}"
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 2))", [name])
        (refused,) = _at_once([Program(program.secret)], _import)
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 2))", [name])
    assert refused.status_code == 409 and refused.json()["type"] == "urn:sillage:StillRunning"
    assert _import(program).status_code == 200
