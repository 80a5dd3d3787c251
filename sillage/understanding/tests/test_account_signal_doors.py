"""Authenticity, expected results and originality through pages, API and command line; a stranger finds nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.catalogue.models import Account, Brand
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Right
from sillage.understanding.actions.authenticity import measure_authenticity
from sillage.understanding.actions.expecting import expect_results
from sillage.understanding.actions.originality import measure_originality
from sillage.understanding.cli.accounts import authenticity as authenticity_command
from sillage.understanding.cli.accounts import expected as expected_command
from sillage.understanding.cli.accounts import originality as originality_command
from sillage.understanding.engine.authenticity import WEIGHTS
from sillage.understanding.models import Contest
from sillage.understanding.queries.account_sections import authenticity_section, expected_section, originality_section
from sillage.understanding.told import PARTS, STATEMENTS, part_name

SOAP = "Trois ans que je cherche un savon qui ne tire pas la peau, et voilà : celui-ci sent le foin et la pluie."


@pytest.fixture(autouse=True)
def _english(client, settings):
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"


@pytest.fixture
def mona(ada, noon):
    """Mona's followers jumped; twelve posts are known, one says what Noé said before."""
    accounts = (AccountRecord("instagram", "mona", "mona"), AccountRecord("instagram", "noe", "noe"))
    posts = tuple(
        PostRecord("instagram", "mona", f"m{i}", noon - timedelta(days=5 * i + 5), text=f"Matin {i}", format="image")
        for i in range(12)
    )
    echo = (
        PostRecord("instagram", "noe", "n", noon - timedelta(days=90), text=SOAP),
        PostRecord("instagram", "mona", "copy", noon - timedelta(days=1), text=SOAP),
    )
    seen = [
        ObservationRecord("instagram", "mona", m, 90 + 17 * i, m.value, SourceClass.PUBLIC, noon, p.network_id)
        for i, p in enumerate(posts)
        for m in (Measure.LIKES, Measure.COMMENTS)
    ]
    series = (12_000, 12_100, 12_200, 48_000, 48_100)
    seen += [
        ObservationRecord(
            "instagram", "mona", Measure.FOLLOWERS, n, "f", SourceClass.PUBLIC, noon - timedelta(days=30 * ago)
        )
        for n, ago in zip(series, (4, 3, 2, 1, 0), strict=True)
    ]
    ingest(workspace_id=ada.workspace_id, batch=Batch(accounts, (*posts, *echo), (), tuple(seen)), actor=ada, now=noon)
    for measure in (measure_authenticity, measure_originality, expect_results):
        measure(actor=ada, now=noon)
    return Account.objects.get(handle="mona")


def page(client, account, name):
    return client.get(f"/w/harbour/accounts/{account.pk}/{name}/").content.decode()


def test_every_check_and_every_statement_has_words():
    assert set(PARTS) == set(WEIGHTS)
    assert part_name("growth") == "Growth of followers"
    assert all(str(text).endswith(".") for text in STATEMENTS.values())


def test_the_page_says_what_does_not_fit_and_that_it_proves_nothing(signed_in, ada, mona):
    text = page(signed_in(ada), mona, "authenticity")
    assert "Followers went from 12,200 to 48,000 within 30 days" in text
    assert "does not fit" in text and "They prove nothing about a person" in text
    assert "corrections/?enricher=authenticity" in text and "Open their page to them" in text
    assert "style=" not in text and "cheat" not in text.lower() and "fake" not in text.lower()


def test_an_account_that_nobody_looked_at_has_pages_too(signed_in, ada, noon):
    ingest(workspace_id=ada.workspace_id, batch=Batch((AccountRecord("rss", "x", "x"),)), actor=ada, now=noon)
    account, client = Account.objects.get(), signed_in(ada)
    assert "Nobody has looked at this account yet" in page(client, account, "authenticity")
    assert "Nothing has been expected" in page(client, account, "expected")
    assert "not been compared yet" in page(client, account, "originality")
    measure_authenticity(actor=ada, now=noon)
    assert "Not enough data." in page(client, account, "authenticity")


def test_originality_shows_both_posts_and_missing_history_is_told(signed_in, ada, mona):
    client = signed_in(ada)
    text = page(client, mona, "originality")
    assert text.count("savon") == 2 and "@noe" in text and "89 days later" in text
    assert "Not enough history." in page(client, mona, "expected")


def test_a_creator_page_can_hold_all_three(mona, workspace):
    sections = {
        "authenticity": authenticity_section(mona),
        "expected": expected_section(mona),
        "originality": originality_section(mona),
    }
    for name, said in (
        ("authenticity", "1 check shows something that does not fit"),
        ("expected", "Not enough history."),
        ("originality", "1 of 1 posts say nearly the same"),
    ):
        text = render_to_string(f"understanding/parts/section_{name}.html", {**sections, "workspace": workspace})
        assert said in text and f"/w/harbour/accounts/{mona.pk}/{name}/" in text


def test_a_reader_sees_and_can_neither_answer_nor_open_a_page(signed_in, rita, mona):
    text = page(signed_in(rita), mona, "authenticity")
    assert "Between" in text and "Open their page" not in text and "Write down" not in text


def test_a_member_writes_down_a_statement_and_answers_it(signed_in, ada, mona):
    client, base = signed_in(ada), f"/w/harbour/accounts/{mona.pk}"
    said = client.post(f"{base}/contest/", {"stated_by": "Mona", "text": "A television show."}, follow=True)
    assert "A television show." in said.content.decode()
    client.post(f"/w/harbour/contests/{Contest.objects.get().pk}/answer/", {"answer": "We saw it."})
    assert "We saw it." in page(client, mona, "authenticity")


def test_a_stranger_finds_nothing(signed_in, dario, mona):
    client = signed_in(dario)
    for name in ("authenticity", "expected", "originality"):
        assert client.get(f"/w/harbour/accounts/{mona.pk}/{name}/").status_code == 404
        assert client.get(f"/w/elsewhere/accounts/{mona.pk}/{name}/").status_code == 404
        assert client.get(f"/api/v1/elsewhere/accounts/{mona.pk}/signals/{name}").status_code == 404
    assert client.post(f"/w/elsewhere/accounts/{mona.pk}/contest/", {"stated_by": "x", "text": "y"}).status_code == 404


def test_an_archive_is_filled_from_a_file_and_a_bad_file_is_told(signed_in, ada, rita):
    Brand.objects.create(workspace_id=ada.workspace_id, key="savonneau", name="Savonneau")
    client = signed_in(ada)
    file = SimpleUploadedFile("a.txt", f"{SOAP}\n\nDeux".encode())
    text = client.post("/w/harbour/archives/", {"brand": "savonneau", "file": file}, follow=True).content.decode()
    assert "2 texts are new" in text and "Savonneau" in text
    assert client.post("/w/harbour/archives/", {"brand": "savonneau"}).status_code == 422
    reader = signed_in(rita)
    assert "Add texts" not in reader.get("/w/harbour/archives/").content.decode()
    file = SimpleUploadedFile("a.txt", b"x")
    assert reader.post("/w/harbour/archives/", {"brand": "savonneau", "file": file}).status_code == 403


# -- API -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def call(client, ada, noon):
    _, secret = governance.issue_token(
        name="t", scopes=frozenset({Right.READ, Right.BRIEF, Right.CATALOGUE}), expires_at=None, actor=ada, now=noon
    )

    def asked(method, path, body=None):
        more = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return getattr(client, method)(f"/api/v1/harbour/{path}", headers={"Authorization": f"Bearer {secret}"}, **more)

    return asked


def test_a_program_reads_the_interval_with_its_evidence_in_words(call, mona):
    found = call("get", "accounts/instagram:mona/signals/authenticity").json()
    assert found["value"]["low"] < found["value"]["high"] < 1 and found["version"] == "authenticity/1"
    jump = next(e for e in found["evidence"] if e["id"] == "growth.jump")
    assert jump["fits"] is False and "12,200" in jump["text"] and jump["numbers"]["after"] == 48_000
    assert call("get", "accounts/instagram:mona/signals/originality").json()["value"]["others"] == 1
    assert call("get", "accounts/instagram:mona/signals/expected").json()["confidence"] == 0
    assert call("get", "accounts/instagram:mona/signals/horoscope").status_code == 422


def test_a_program_contests_and_answers(call, mona):
    made = call("post", "accounts/instagram:mona/contests", {"text": "A show.", "stated_by": "Mona"}).json()
    assert call("post", f"contests/{made['id']}/answer", {"answer": "Seen."}).json()["answer"] == "Seen."
    assert call("post", f"contests/{made['id']}/answer", {"answer": "Seen."}).status_code == 409
    assert [c["text"] for c in call("get", "accounts/instagram:mona/contests").json()["items"]] == ["A show."]


def test_a_program_fills_an_archive(call, ada):
    Brand.objects.create(workspace_id=ada.workspace_id, key="savonneau", name="Savonneau")
    assert call("post", "archives", {"brand": "savonneau", "texts": [SOAP, " "]}).json() == {"added": 1}
    assert call("get", "archives").json()["items"] == [{"brand": "savonneau", "texts": 1}]
    assert call("post", "archives", {"brand": "nobody", "texts": [SOAP]}).status_code == 404


# -- command line ----------------------------------------------------------------------------------------------------


def run(command, *words):
    return CliRunner().invoke(command, [*words, "--workspace", "harbour"], catch_exceptions=False)


def test_an_operator_sees_measures_and_contests(mona, tmp_path, ada):
    shown = run(authenticity_command, "show", "instagram:mona").output
    assert "does not fit" in shown and "48,000" in shown.replace("\n", " ")
    assert json.loads(run(authenticity_command, "show", "instagram:mona", "--json").output)["value"]["high"] < 1
    assert "of 0 accounts" in run(authenticity_command, "measure").output
    assert "is kept" in run(authenticity_command, "contest", "instagram:mona", "A show.", "--by", "Mona").output
    number = str(Contest.objects.get().pk)
    assert "is answered" in run(authenticity_command, "answer", number, "Seen.").output


def test_an_operator_sees_originality_and_what_is_expected(mona, tmp_path, ada):
    Brand.objects.create(workspace_id=ada.workspace_id, key="savonneau", name="Savonneau")
    file = tmp_path / "archive.txt"
    file.write_text(SOAP, encoding="utf8")
    assert "1 of 1 texts are new" in run(originality_command, "archive", str(file), "--brand", "savonneau").output
    assert json.loads(run(originality_command, "measure", "--json").output)["changed"] == 2
    assert "archive" in run(originality_command, "show", "instagram:mona").output
    assert json.loads(run(originality_command, "archives", "--json").output) == [{"brand": "savonneau", "texts": 1}]
    assert "are needed" in run(expected_command, "show", "instagram:mona").output.replace("\n", " ")
    assert json.loads(run(expected_command, "measure", "--json").output) == {"changed": 0}
    assert "1 texts are gone" in run(originality_command, "empty", "--brand", "savonneau").output
