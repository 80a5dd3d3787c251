"""Every error of the API has one shape: what it is, what is true, what to do; and no bad input is a crash."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import path

from sillage.front import api_requests
from sillage.front.tests.api_matrix import MATRIX, MONA
from sillage.front.tests.program import Program
from sillage.front.urls import urlpatterns as site
from sillage.lib.errors import OutsideError

WORDS = {"key": "x:y", "enricher": "nothing"}
PATHS = [name.split(" ", 1) for name in MATRIX]
NAMES = {name for _, path in PATHS for name in re.findall(r"{(\w+)}", path)}
NOTHING = dict.fromkeys(NAMES, 999) | WORDS
HUGE = dict.fromkeys(NAMES, 10**30) | WORDS | {"key": "9" * 30}
WRITES = [(m, p) for m, p in PATHS if isinstance(MATRIX[f"{m} {p}"].body, dict)]


def _is_problem(response: Any) -> bool:
    said = response.json()
    words = all(isinstance(said[name], str) for name in ("type", "title", "detail", "hint"))
    return (
        response["Content-Type"] == "application/problem+json"
        and words
        and said["type"].startswith("urn:sillage:")
        and said["status"] == response.status_code
        and bool(said["title"] and said["detail"])
    )


def _all_refused(answers: dict[str, Any]) -> list[str]:
    """Those that are not refused in the one shape."""
    return [name for name, a in answers.items() if not 400 <= a.status_code < 500 or not _is_problem(a)]


def known(path: str) -> dict[str, str]:
    """An account's signals and an interview's export are asked for by a word that the document lists."""
    if path.endswith("/export/{form}"):
        return {"form": "txt"}
    return {"enricher": "authenticity"} if path.startswith("accounts/") else {}


@pytest.mark.parametrize("ids", [NOTHING, HUGE], ids=["absent", "beyond 64 bits"])
def test_what_does_not_exist_is_not_found(ids, owners):
    named = [(m, p) for m, p in PATHS if "{" in p]
    rows = {f"{m} {p}": MATRIX[f"{m} {p}"] for m, p in named}
    bodies = {
        name: row.body(defaultdict(lambda: 999)) if callable(row.body) else row.body for name, row in rows.items()
    }
    forms = {name: {"form": row.form()} if row.form else {} for name, row in rows.items()}
    answers = {
        name: owners.call(m, p.format(**ids | known(p)), bodies[name], **forms[name])
        for (m, p), name in zip(named, rows, strict=True)
    }
    answers = {name: a for name, a in answers.items() if "why" not in name}
    assert _all_refused(answers) == []
    made = {name for name, row in rows.items() if row.form or callable(row.body)}  # of things that are not there either
    assert [name for name, a in answers.items() if name not in made and a.status_code != 404] == []
    assert {answers[name].status_code for name in made} <= {404, 422}


@pytest.mark.parametrize("junk", ["", " ", "x", "1.5", "-5", "9" * 30])
def test_what_is_no_id_is_refused_by_its_place(owners, junk):
    asked = owners.get("corrections", account_id=junk, subject_kind="post", subject_id="1")
    given = {"enricher": "tone", "account_id": "1", "subject_kind": "post", "subject_id": junk, "value": {}}
    answers = {"query.account_id": asked, "body.subject_id": owners.post("corrections", given)}
    assert {place: (a.status_code, a.json()["place"]) for place, a in answers.items()} == {
        place: (422, place) for place in answers
    }


def test_an_unknown_parameter_is_refused_and_not_left_out(owners, ada, noon):
    listed = [p for m, p in PATHS if m == "GET" and "{" not in p]
    answers = {p: owners.get(p, contry="FR") for p in listed}
    assert _all_refused(answers) == []
    assert "contry" in answers["accounts"].json()["detail"] and "countries" in answers["accounts"].json()["hint"]


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        (b'{"text": ', "body:1:10"),
        (b'{\n "text" 3}', "body:2:9"),
        (b'{"text": NaN}', "body"),
        (b'{"text": "\xff"}', "body"),
        (b"[" * 100_000, "body"),
        (b'{"limit": ' + b"9" * 5000 + b"}", "body"),
        (b'{"text": "a\\u0000b"}', "body"),
        (b'{"text": "a\\ud800b"}', "body"),
    ],
    ids=["cut off", "second line", "NaN", "Latin-1", "deep", "long number", "NUL", "half a character"],
)
def test_a_body_that_cannot_be_read_says_where(sent, place, owners):
    for method, address in WRITES:
        response = owners.call(
            method, address.format(**NOTHING), raw={"data": sent, "content_type": "application/json"}
        )
        assert response.status_code == 422 and _is_problem(response), address
        assert response.json()["place"] == place, address


def test_another_body_than_json_is_refused(owners):
    raw = {"data": b"text=jardin", "content_type": "application/x-www-form-urlencoded"}
    answers = {f"{m} {p}": owners.call(m, p.format(**NOTHING), raw=raw) for m, p in WRITES}
    assert _all_refused(answers) == []
    assert {a.status_code for a in answers.values()} == {415}


def test_a_body_of_another_shape_names_the_field(owners):
    answers = {f"{m} {p}": owners.call(m, p.format(**NOTHING), {"surprise": 1}) for m, p in WRITES}
    assert _all_refused(answers) == []
    assert {a.status_code for a in answers.values()} == {422}
    assert all("surprise" in str(a.json()["errors"]) for a in answers.values())


def test_all_that_is_wrong_is_listed(owners):
    said = owners.post("briefs", {"text": 3, "filters": {"min_followers": -1}, "diversity": 2}).json()
    assert said["place"] == "body.text"
    assert [e["place"] for e in said["errors"]] == ["body.text", "body.filters.min_followers", "body.diversity"]


def test_what_was_sent_is_not_repeated(owners):
    refused = owners.post("members", {"email": "x@example.org", "role": "king", "password": ["hunter-2-hunter"]})
    assert refused.status_code == 422 and b"hunter" not in refused.content


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_not_possible_and_says_which_are(method, owners):
    response = owners.call(method, "ledger")
    assert response.status_code == 405 and _is_problem(response)
    assert response["Allow"] == "GET"


def test_an_address_that_is_not_there_is_a_problem_too(client):
    for address in ("/api/v1/harbour/nowhere", "/api/v1/", "/api/", "/api/v2/harbour/me"):
        response = client.get(address)
        assert response.status_code == 404 and _is_problem(response), address


def test_a_refusal_of_an_action_keeps_its_hint(owners, ada):
    refused = owners.call("PATCH", f"members/{ada.member_id}", {"role": "reader"})
    assert refused.status_code == 409
    assert refused.json() == {
        "type": "urn:sillage:LastOwner",
        "title": "Refused",
        "status": 409,
        "detail": "This is the workspace's only owner.",
        "hint": "Make somebody else an owner first.",
    }


def test_a_body_that_is_too_large_is_refused_before_it_is_read(owners):
    refused = owners.post("briefs", {"text": "x" * api_requests.MOST_BYTES})
    assert refused.status_code == 413 and _is_problem(refused)


def test_a_file_that_is_too_large_names_the_command_line(owners, monkeypatch):
    monkeypatch.setattr("sillage.catalogue.uploaded.MOST_IMPORTED", 10)
    form = {"file": SimpleUploadedFile("posts.csv", b"x" * 11), "mapping": "sillage-posts"}
    refused = owners.post("imports", form=form)
    assert refused.status_code == 413 and "sillage import" in refused.json()["hint"]


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({}, "RequestMalformed"),
        ({"file": b"a,b\n1,2\n"}, "MappingMissing"),
        ({"file": b"a,b\n1,2\n", "mapping": "horoscope"}, "MappingUnknown"),
        ({"file": b"a,b\n1,2\n", "mapping_toml": "[account"}, "MappingMalformed"),
        ({"file": b"", "mapping": "sillage-posts"}, "FileEmpty"),
        ({"file": b"a,b\n1,2\n", "mapping": "sillage-posts"}, "ColumnMissing"),
    ],
)
def test_an_import_that_cannot_begin_says_why(form, kind, owners):
    for address in ("imports", "imports/dry-run"):
        files = {n: SimpleUploadedFile("posts.csv", v) if isinstance(v, bytes) else v for n, v in form.items()}
        refused = owners.post(address, form=files)
        assert _is_problem(refused) and refused.json()["type"] == f"urn:sillage:{kind}"


@pytest.mark.parametrize("address", ["creators/a%00b", "accounts?words=%00", "accounts/instagram:%00"])
def test_a_character_that_no_database_keeps_is_refused(address, owners):
    refused = owners.client.get(f"/api/v1/harbour/{address}", headers={"Authorization": f"Bearer {owners.secret}"})
    assert refused.status_code == 422 and _is_problem(refused)


def test_the_outside_world_failing_is_no_fault_of_the_caller(owners, monkeypatch):
    def fails(**given: Any) -> None:
        raise OutsideError("The network does not answer.", permanent=False, hint="Later.", retry_after=90)

    monkeypatch.setattr("sillage.catalogue.api.connecting.fetch", fails)
    failed = owners.post("connections/1/fetch")
    assert failed.status_code == 503 and _is_problem(failed)
    assert failed["Retry-After"] == "90"


def _broken(request: Any) -> None:
    raise ZeroDivisionError("secret detail")


urlpatterns = [path("api/v1/broken", _broken), *site]


@override_settings(ROOT_URLCONF=__name__)
def test_a_crash_is_a_problem_that_tells_nothing_of_the_inside(db):
    failed = Client(raise_request_exception=False).get("/api/v1/broken")
    assert failed.status_code == 500 and _is_problem(failed)
    assert b"secret" not in failed.content and b"ZeroDivision" not in failed.content


def test_a_page_keeps_its_own_errors(client):
    assert client.get("/nowhere")["Content-Type"].startswith("text/html")


def test_a_lookalike_of_nobody_is_refused(owners):
    refused = owners.post("lookalikes", {})
    assert refused.status_code == 404 and _is_problem(refused)


def test_a_shortlist_that_nobody_passes_is_refused_with_a_hint(catalogue, owners):
    brief = owners.post("briefs", {"text": "jardinage", "filters": {"countries": ["JP"]}}).json()
    refused = owners.post(f"briefs/{brief['id']}/shortlists", {})
    assert refused.status_code == 409 and "countries" in refused.json()["hint"]


def test_a_dismissal_without_a_reason_is_refused(catalogue, owners):
    brief = owners.post("briefs", {"text": "jardinage"}).json()
    refused = owners.post(f"briefs/{brief['id']}/dismiss", {"account": MONA, "reason": " "})
    assert refused.json()["type"] == "urn:sillage:ReasonMissing"


def test_reading_more_than_a_caller_can_wait_for_names_the_command_line(catalogue, owners, monkeypatch):
    monkeypatch.setattr("sillage.understanding.api.reading.MOST_POSTS", 0)
    assert owners.post("enrich", {}).status_code == 200  # nothing is due
    rows = b"network,account_id,post_id,published_at\ninstagram,gil,g1,2026-06-01\n"
    owners.post("imports", form={"file": SimpleUploadedFile("posts.csv", rows), "mapping": "sillage-posts"})
    refused = owners.post("enrich", {})
    assert refused.status_code == 409 and "sillage enrich" in refused.json()["hint"]


def test_nobody_is_told_so_before_anything_else(db):
    stranger = Program()
    for method, address in PATHS:
        response = stranger.call(method, address.format(**HUGE), {"surprise": 1})
        assert response.status_code == 401 and _is_problem(response), address
