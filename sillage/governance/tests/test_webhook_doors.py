"""Webhooks as pages, through the API and on the command line, up to a server that listens."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

from sillage.front.cli import sillage
from sillage.front.tests.program import Program, program_of
from sillage.governance import actions as governance
from sillage.governance.models import Delivery, Endpoint
from sillage.governance.tests.test_webhooks import URL, Listener, note, round_at


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def hook(ada, noon) -> Endpoint:
    return governance.add_webhook(url=URL, label="Reports", events=["discovery.*"], actor=ada, now=noon)[0]


@pytest.fixture
def listening(settings):
    """A program on this machine that takes everything: its address, and what it was sent."""
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"webhook_loopback": True})
    came: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()
            self.wfile.write(b"<b>noted</b>")

        def log_message(self, *args: object) -> None: ...

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}/hook", came
    running.shutdown()
    thread.join()
    running.server_close()


def test_an_owner_adds_one_sees_its_secret_once_and_tests_it(signed_in, ada, listening):
    url, came = listening
    client = signed_in(ada)
    assert "No program listens yet" in client.get("/w/harbour/webhooks/").content.decode()

    made = client.post(
        "/w/harbour/webhooks/add/", {"label": "Reports", "url": url, "events": "discovery.*, governance.*"}
    )
    page = made.content.decode()
    secret = re.search(r"whsec_[\w-]+", page).group()
    assert "no-store" in made["Cache-Control"] and secret not in client.get("/w/harbour/webhooks/").content.decode()
    hook = Endpoint.objects.get()
    assert hook.events == ["discovery.*", "governance.*"]

    tested = client.post(f"/w/harbour/webhooks/{hook.pk}/ping/", follow=True).content.decode()
    assert "The test was taken (202)" in tested and "&lt;b&gt;noted&lt;/b&gt;" in tested
    assert [told["type"] for told in came] == ["ping", "governance.webhook_added", "governance.webhook_pinged"]


def test_a_test_that_fails_says_why(signed_in, ada, hook, monkeypatch):
    monkeypatch.setattr("sillage.governance.views.webhooks.WebhookSender.send", Listener(503).send)

    page = signed_in(ada).post(f"/w/harbour/webhooks/{hook.pk}/ping/", follow=True).content.decode()

    assert "The test failed: the answer was 503" in page


def test_the_page_shows_each_delivery_with_its_tries(signed_in, ada, hook, noon):
    entry = note(ada, noon)
    round_at(Listener(500), noon)
    client = signed_in(ada)
    page = client.get(f"/w/harbour/webhooks/{hook.pk}/").content.decode()

    for said in (entry.verb, "said 500", "500", "12 ms", "again at", "failing"):
        assert said in page
    assert entry.verb not in client.get(f"/w/harbour/webhooks/{hook.pk}/?state=given_up").content.decode()


def test_the_page_keeps_within_its_budget(signed_in, ada, hook, noon, django_assert_max_num_queries):
    for _ in range(60):
        note(ada, noon)
    client = signed_in(ada)
    with django_assert_max_num_queries(9):
        page = client.get(f"/w/harbour/webhooks/{hook.pk}/").content.decode()
    assert page.count("data-line") == 50 and 'rel="next"' in page
    with django_assert_max_num_queries(9):
        client.get("/w/harbour/webhooks/")


def test_everything_is_done_from_the_page(signed_in, ada, hook, noon):
    first = note(ada, noon)
    client, place = signed_in(ada), f"/w/harbour/webhooks/{hook.pk}/"
    round_at(Listener(), noon)

    client.post(f"{place}replay/", {"first": first.number, "last": first.number})
    assert Delivery.objects.filter(state="waiting").count() == 1
    round_at(Listener(), noon.replace(year=2100))
    client.post(f"/w/harbour/webhooks/deliveries/{Delivery.objects.get(entry=first).pk}/redeliver/")
    assert Delivery.objects.filter(state="waiting").exists()
    assert "whsec_" in client.post(f"{place}rotate/").content.decode()
    client.post(f"{place}change/", {"label": "Other", "url": URL, "events": "*"})
    assert Endpoint.objects.get().events == ["*"]
    client.post(f"{place}pause/")
    assert "paused" in client.get(place).content.decode()
    client.post(f"{place}resume/")
    assert Endpoint.objects.get().disabled_at is None
    assert client.post(f"{place}replay/", {"first": "one", "last": "2"}).status_code == 422
    client.post(f"{place}remove/")
    assert not Endpoint.objects.exists()


def test_readers_analysts_and_strangers_are_kept_out(signed_in, bruno, rita, dario, hook):
    place = f"/w/harbour/webhooks/{hook.pk}/"
    assert signed_in(rita).get(place).status_code == 403
    assert signed_in(bruno).get("/w/harbour/webhooks/").status_code == 403
    client = signed_in(dario)
    assert client.get(place).status_code == 404
    for act in ("change", "rotate", "pause", "resume", "remove", "ping", "replay"):
        assert client.post(f"/w/elsewhere/webhooks/{hook.pk}/{act}/", {"first": 1, "last": 2}).status_code in (404, 422)
    assert Endpoint.objects.get().label == "Reports"


def test_a_program_makes_one_reads_its_log_and_has_entries_sent_again(ada, noon):
    owners: Program = program_of(ada)
    given = {"url": URL, "label": "Reports", "events": ["discovery.*"]}
    made = owners.post("webhooks", given)
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    hook = made.json()["id"]
    assert "secret" not in owners.get("webhooks").json()["items"][0]
    entry = note(ada, noon)
    round_at(Listener(500), noon)

    (told,) = owners.get(f"webhooks/{hook}/deliveries").json()["items"]
    assert (told["event"], told["number"], told["status"], told["state"]) == (entry.verb, entry.number, 500, "waiting")
    assert owners.post(f"webhooks/{hook}/replay", {"first": 1, "last": entry.number}).json() == {"deliveries": 1}
    assert owners.post(f"deliveries/{told['id']}/redeliver").json()["attempts"] == 0
    refused = owners.post("webhooks", given | {"url": "http://10.0.0.1/"})
    assert refused.status_code == 422 and refused.json()["type"] == "urn:sillage:EndpointMalformed"
    assert program_of(ada, *(ada.rights - {"admin"})).get("webhooks").status_code == 403


def run(*words: str):
    return CliRunner().invoke(sillage, ["webhooks", *words], standalone_mode=False, catch_exceptions=False)


def test_the_command_line_adds_sends_logs_and_replays(ada, noon, listening):
    url, came = listening
    added = run("add", url, "--label", "Reports", "--event", "discovery.*")
    assert "whsec_" in added.output
    hook = str(Endpoint.objects.get().pk)
    entry = note(ada, noon)
    run("deliver", "--once")
    assert [told["number"] for told in came] == [entry.number]

    (logged,) = json.loads(run("log", hook, "--json").output)
    assert (logged["event"], logged["state"], logged["status"]) == (entry.verb, "delivered", 202)
    run("replay", hook, "--first", "1", "--last", str(entry.number))
    run("ping", hook)
    run("deliver", "--once")
    assert [told["type"] for told in came] == [entry.verb, "ping", entry.verb]
    run("pause", hook)
    assert json.loads(run("list", "--json").output)[0]["state"] == "paused"
    run("resume", hook)
    assert "whsec_" in run("rotate", hook).output
    run("redeliver", str(logged["id"]))
    run("remove", hook)
    assert not Endpoint.objects.exists()
