"""Pages, API and commands of data protection; and a creator's own page, opened by their link."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from sillage.catalogue.models import Account
from sillage.desk.cli import privacy as commands
from sillage.discovery.tests.conftest import fill
from sillage.front.tests.program import program_of
from sillage.governance import actions, queries
from sillage.governance.models import DataRequest, Entry, Link, Notice
from sillage.understanding.models import AccountSignal, Contest

BASE = "/w/harbour/privacy/"


@pytest.fixture
def mona(ada, noon):
    fill(ada, noon)
    return Account.objects.select_related("creator").get(handle="mona")


@pytest.fixture
def page_of(mona):
    return f"/w/harbour/creators/{mona.creator_id}/privacy/"


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


def name_controller(actor, now):
    actions.name_controller(given={"name": "Terrabelle SAS", "email": "rgpd@terrabelle.example"}, actor=actor, now=now)


def link_of(client, page_of):
    text = client.post(f"{page_of}link/", {"days": "90", "label": "Mona"}).content.decode()
    return re.search(r"http://testserver(/l/[\w-]+/data/)", text)[1]


# -- members' pages --------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_due_and_what_to_do_first(english, signed_in, ada, mona):
    text = signed_in(ada).get(BASE).content.decode()
    assert "Nobody has written down who is responsible" in text and "No open request" in text
    assert "Mona" in text and "overdue" in text and "answers of networks, as they came" in text.lower()
    counted = english.get(f"{BASE}?count=1").content.decode()
    assert counted.count("Due to go now") > 1


def test_an_owner_names_the_controller_and_the_record_says_it(english, signed_in, ada, mona):
    client = signed_in(ada)
    client.post(f"{BASE}controller/", {"name": "Terrabelle SAS", "email": "rgpd@terrabelle.example"})
    text = client.get(f"{BASE}record/").content.decode()
    assert "Terrabelle SAS" in text and "catalogue.Account" in text and "legitimate interest" in text
    client.cookies["django_language"] = "fr"
    assert "intérêt légitime" in client.get(f"{BASE}record/").content.decode()


def test_a_notice_is_written_sent_by_hand_and_marked(english, signed_in, ada, mona, page_of, noon):
    name_controller(ada, noon)
    client = signed_in(ada)
    assert "Terrabelle SAS cherche" in client.get(page_of).content.decode()
    client.post(f"{page_of}told/", {"how": "email", "language": "fr"})
    assert Notice.objects.get().how == "email"
    assert "They were told on" in client.get(page_of).content.decode()
    assert client.post(f"{page_of}told/", {"how": "pigeon"}).status_code == 422


def test_a_link_is_shown_once_stands_in_the_notice_and_is_revoked(english, signed_in, ada, mona, page_of, noon):
    name_controller(ada, noon)
    client = signed_in(ada)
    address = link_of(client, page_of)
    secret = address.split("/")[2]
    assert secret not in client.get(page_of).content.decode()
    guest = Client()
    assert guest.get(address).status_code == 200
    client.post(f"{page_of}links/{Link.objects.get().pk}/revoke/")
    assert guest.get(address).status_code == 404


def test_a_request_that_came_by_letter_is_written_down_checked_and_answered(english, signed_in, ada, mona, page_of):
    client = signed_in(ada)
    asked = {"kind": "access", "came_by": "letter", "requester": "Mona", "received_on": f"{timezone.now():%Y-%m-%d}"}
    there = client.post(f"{page_of}ask/", {**asked, "text": "What is there?"}).url
    text = client.get(there).content.decode()
    assert "What is there?" in text and "1. Who asks?" in text
    refused = client.post(there, {"do": "answer", "text": "See the file."})
    assert refused.status_code == 409
    client.post(there, {"do": "check", "text": "Wrote from the account."})
    client.post(there, {"do": "answer", "text": "See the file."})
    assert DataRequest.objects.get().state == "answered"
    assert "See the file." in client.get(there).content.decode()
    assert client.post(there, {"do": "nothing"}).status_code == 422
    assert client.post(f"{page_of}ask/", {**asked, "received_on": "yesterday"}).status_code == 422


def test_an_erasure_is_carried_out_from_its_request(english, signed_in, ada, mona, page_of):
    client = signed_in(ada)
    there = client.post(f"{page_of}ask/", {"kind": "erasure", "came_by": "email"}).url
    client.post(there, {"do": "check", "text": "Wrote from the account."})
    client.post(there, {"do": "erase"})
    assert not Account.objects.filter(handle="mona").exists()
    text = client.get(there).content.decode()
    assert "answered" in text and client.get(page_of).status_code == 404
    assert "Mona" not in text


def test_a_copy_is_downloaded_as_json_and_as_an_archive(signed_in, ada, bruno, mona, page_of):
    client = signed_in(ada)
    answer = client.get(f"{page_of}data.json")
    assert json.loads(answer.content)["name"] == "Mona" and answer["Cache-Control"] == "no-store"
    assert client.get(f"{page_of}data.zip").content[:2] == b"PK"
    assert signed_in(bruno).get(f"{page_of}data.json").status_code == 403


def test_a_reader_reads_and_a_stranger_finds_nothing(english, signed_in, rita, dario, mona, page_of, noon):
    client = signed_in(rita)
    assert client.get(BASE).status_code == client.get(page_of).status_code == 200
    for path in (f"{page_of}link/", f"{page_of}told/", f"{page_of}ask/", f"{BASE}retain/", f"{BASE}controller/"):
        assert client.post(path).status_code == 403, path
    client = signed_in(dario)
    elsewhere = page_of.replace("harbour", "elsewhere")
    for path in (BASE, page_of, elsewhere, f"{elsewhere}data.json"):
        assert client.get(path).status_code == 404, path
    assert client.post(f"{elsewhere}ask/", {"kind": "access"}).status_code == 404


# -- the creator's own page --------------------------------------------------------------------------------------------


@pytest.fixture
def own(english, signed_in, ada, mona, page_of, noon):
    """A guest's browser, and the address that opens Mona's page."""
    name_controller(ada, noon)
    address = link_of(signed_in(ada), page_of)
    guest = Client()
    guest.cookies["django_language"] = "en"
    return guest, address


def test_a_creator_sees_what_is_stored_why_and_what_machines_say(own, mona):
    guest, address = own
    answer = guest.get(address)
    text = answer.content.decode()
    assert "Mona: your data" in text and "Terrabelle SAS" in text and "You may object at any time" in text
    assert (
        "legitimate interest" in text
        and "Published by the person on a network" in text
        and "Whether the numbers" in text
    )
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert not re.findall(r"/w/|ada@|harbour", text, re.IGNORECASE), "nothing of the workspace"
    guest.cookies["django_language"] = "fr"
    assert (
        "l’intérêt légitime" in guest.get(address).content.decode()
        or "intérêt légitime" in guest.get(address).content.decode()
    )


def test_a_creator_objects_at_once(own, mona, ada):
    guest, address = own
    text = guest.post(f"{address}ask/", {"kind": "objection"}, follow=True).content.decode()
    assert "You objected" in text and "Your request is kept" in text
    assert queries.is_restricted(ada.workspace_id, "creator", mona.creator_id)
    entry = Entry.objects.get(verb="governance.data_request_opened")
    assert entry.actor_kind == "person" and entry.member_id is None


def test_a_creator_asks_for_a_correction_of_their_own_account_only(own, mona):
    guest, address = own
    given = {"kind": "rectification", "account": str(mona.pk), "field": "country", "value": "be"}
    guest.post(f"{address}ask/", given)
    assert DataRequest.objects.get().wanted == {"account": str(mona.pk), "field": "country", "value": "BE"}
    noe = Account.objects.get(handle="noe")
    for wrong in ({"account": str(noe.pk)}, {"account": ""}, {"field": "followers"}, {"value": "France"}):
        assert guest.post(f"{address}ask/", {**given, **wrong}).status_code == 422
    assert DataRequest.objects.count() == 1


def test_a_creator_contests_what_a_machine_says_and_reads_the_answer(own, mona, ada):
    guest, address = own
    value = {
        "low": 0.2,
        "high": 0.4,
        "known": 0.5,
        "parts": [{"name": "growth", "weight": 0.6, "known": 0.5, "sign": 1.0}],
    }
    AccountSignal.objects.filter(account=mona, enricher="authenticity").update(value=value, evidence=[])
    there = f"{address}accounts/{mona.pk}/contest/"
    assert guest.post(there, {"stated_by": "Mona", "text": " "}).status_code == 422
    text = guest.post(there, {"stated_by": "Mona <b>", "text": "A television show."}, follow=True).content.decode()
    assert "A television show." in text and "Mona &lt;b&gt;" in text
    noe = Account.objects.get(handle="noe")
    assert guest.post(f"{address}accounts/{noe.pk}/contest/", {"stated_by": "x", "text": "y"}).status_code == 404
    assert Contest.objects.get().account == mona


def test_a_creator_takes_their_data_along_and_nobody_else_s(own, mona):
    guest, address = own
    copied = json.loads(guest.get(f"{address}everything.json").content)
    assert copied["name"] == "Mona" and "catalogue.Post" in copied["tables"]
    assert "Noe" not in json.dumps(copied)
    assert guest.get(f"{address}everything.zip")["Content-Type"] == "application/zip"


def test_a_form_without_its_token_and_a_link_that_is_no_more_are_refused(own, mona):
    guest, address = own
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{address}ask/", {"kind": "objection"}).status_code == 403
    assert guest.get("/l/nothing/data/").status_code == 404
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert guest.get(address).status_code == guest.post(f"{address}ask/", {"kind": "objection"}).status_code == 404
    assert not DataRequest.objects.exists()


def test_a_link_of_another_purpose_opens_nothing_here(own, mona):
    guest, address = own
    Link.objects.update(purpose="review")
    assert guest.get(address).status_code == 404


# -- API and commands --------------------------------------------------------------------------------------------------


def test_a_program_goes_the_whole_way(ada, mona, noon):
    call = program_of(ada).call
    assert call("PATCH", "privacy/controller", {"name": "Terrabelle", "email": "r@t.example"}).status_code == 200
    assert len(call("GET", "privacy/notices").json()["items"]) == 5
    assert "Terrabelle" in call("GET", "creators/instagram:mona/notice").json()["text"]
    assert call("POST", "creators/instagram:mona/notice", {"how": "email"}).json()["how"] == "email"
    opened = call("POST", "creators/instagram:mona/links", {"days": 5}).json()
    assert Client().get(opened["url"]).status_code == 200
    made = call("POST", "privacy/requests", {"kind": "access", "creator": "instagram:mona"}).json()
    there = f"privacy/requests/{made['id']}"
    assert call("POST", f"{there}/answer", {"text": "See the file."}).status_code == 409
    assert call("POST", f"{there}/identity", {"text": "From the account."}).status_code == 200
    assert call("POST", f"{there}/answer", {"text": "See the file."}).json()["state"] == "answered"
    assert call("GET", "creators/instagram:mona/data").json()["name"] == "Mona"
    assert {r["id"] for r in call("GET", "privacy/retention").json()["items"]} >= {"raw-answers", "unseen-creators"}
    assert call("POST", "privacy/retention").json() == {"removed": {}}


def run(*words):
    answer = CliRunner().invoke(commands, [*words, "--workspace", "harbour"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_an_operator_goes_the_whole_way(ada, mona, noon, tmp_path):
    run("controller", "name=Terrabelle", "email=r@t.example")
    assert "Terrabelle" in run("record") and "intérêt légitime" in run("record", "--language", "fr")
    assert "Mona" in run("notices") and "Terrabelle cherche" in run("notice", "instagram:mona")
    assert "/l/" in run("link", "instagram:mona")
    run("requests", "open", "erasure", "instagram:mona", "--requester", "Mona")
    number = str(DataRequest.objects.get().pk)
    assert number in run("requests", "list")
    run("requests", "check", number, "Wrote from the account.")
    run("data", "instagram:mona", "--zip", str(tmp_path / "mona.zip"))
    assert (tmp_path / "mona.zip").read_bytes()[:2] == b"PK"
    assert "raw-answers" in run("retain", "--dry-run")
    assert "Erased" in run("requests", "erase", number, "--yes")
    assert not Account.objects.filter(handle="mona").exists()
