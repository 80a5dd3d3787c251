"""Several at once, a reader who goes, a process that is killed: no limit is passed, nothing is taken twice."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import waitress
from django.db import connections
from django.test import Client

from sillage.adapters.tests.model_server import ModelServer, Reply
from sillage.front.tests.test_killed import Child
from sillage.front.wsgi import application
from sillage.governance.models import Member
from sillage.governance.tests.test_approval_races import at_once
from sillage.studio.actions.model_calls import WriterSpent, reserve_call, set_writer_limits
from sillage.studio.actions.model_writing import ProposalDecided, edit_with_model, insert_proposal, write_with_model
from sillage.studio.actions.texts import start_text
from sillage.studio.engine.model_limits import WriterLimits
from sillage.studio.engine.origins import BY_A_PERSON
from sillage.studio.engine.prompting import asked_to_edit
from sillage.studio.models import ModelCall, Text, TextVersion
from sillage.studio.queries.model_calls import outcome_of, spending_of
from sillage.studio.tests.asking import GOOD, KEY, set_up, texts
from sillage.studio.tests.briefing import written

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HANGS = Reply(['{"texts": [{"text": "Une peau qui respire'], hangs=True)


@pytest.fixture
def server(settings) -> Iterator[ModelServer]:
    with set_up(settings) as served:
        yield served


def _text(actor, noon) -> Text:
    given = {"title": "Post", "kind": "ad", "language": "fr", "body": GOOD, "made_by": BY_A_PERSON}
    return start_text(**given, actor=actor, now=noon)


def test_of_two_calls_that_only_one_fits_one_is_refused(server, ada, noon):
    asked = asked_to_edit(GOOD, "fr", "Plus court", "a" * 32)
    given = {"workspace_id": ada.workspace_id, "member_id": ada.member_id, "wanted": asked.wanted, "now": noon}
    one = 2 * (asked.wanted.tokens_in + 2 * asked.most_tokens)
    set_writer_limits(limits=WriterLimits(monthly_tokens=one + one // 2), actor=ada, now=noon)
    came = at_once(*[lambda: reserve_call(**given)] * 4)
    assert [type(c) for c in came].count(ModelCall) == 1
    assert sum(isinstance(c, WriterSpent) for c in came) == 3 and ModelCall.objects.count() == 1


def test_a_proposal_is_taken_once(server, ada, noon):
    server.answers = [texts(("Une peau calme, onze ingrédients.", []))]
    text = _text(ada, noon)
    call = edit_with_model(text_id=text.pk, body=GOOD, instruction="Plus court", actor=ada, now=noon).call
    came = at_once(*[lambda: insert_proposal(call_id=call.pk, seen=text.version, actor=ada, now=noon)] * 3)
    assert sum(isinstance(c, TextVersion) for c in came) == 1
    assert sum(isinstance(c, ProposalDecided) for c in came) == 2 and TextVersion.objects.count() == 2


ASK = """
from sillage.governance.models import Member
from sillage.governance.queries import actor_of
from sillage.studio.actions.model_writing import Coming, stream_texts
member = Member.objects.get(pk=int(sys.argv[1]))
actor = actor_of(member, member.person)
for event in stream_texts(brief_id=int(sys.argv[2]), n=2, actor=actor, now=datetime.fromisoformat(sys.argv[3])):
    if isinstance(event, Coming):
        print("came", 1, flush=True)
"""


def test_a_process_that_is_killed_while_the_model_writes_leaves_a_call_that_counts(
    server, settings, ada, noon, tmp_path, monkeypatch
):
    server.answers = [HANGS]
    settings.SETTINGS_MODULE = "sillage.front.settings"  # which settings that a test changed do not know
    brief = written(ada, noon)
    for name, value in (("URL", server.url), ("MODEL", "tiny"), ("KEY", KEY)):
        monkeypatch.setenv(f"SILLAGE_LLM_{name}", value)
    Child(ASK, ada.member_id, brief.pk, noon.isoformat(), data=tmp_path).killed_after(lambda *_: True)
    assert server.hung_up.wait(10)
    call = ModelCall.objects.get()
    assert call.outcome == "" and call.is_estimated and outcome_of(call, noon) == "under_way"
    later = noon + timedelta(minutes=5)
    assert outcome_of(call, later) == "interrupted"
    assert spending_of(ada.workspace_id, later).tokens == call.tokens_in + call.tokens_out > 0
    server.answers = [texts((GOOD, ["f1"]))]
    assert write_with_model(brief_id=brief.pk, n=1, actor=ada, now=later).texts
    call.refresh_from_db()
    assert call.outcome == "interrupted" and Text.objects.count() == 1


@pytest.fixture
def site(monkeypatch) -> Iterator[tuple[str, int]]:
    """The site as it is served, on this machine."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)  # its threads outlive the test
    running = waitress.create_server(
        application, host="127.0.0.1", port=0, threads=2, clear_untrusted_proxy_headers=False
    )
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield running.effective_host, running.effective_port
    running.close()
    thread.join(5)


def test_a_browser_that_closes_the_connection_stops_the_call(server, site, settings, ada, noon):
    server.answers = [HANGS]
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    text = _text(ada, noon)
    client = Client(enforce_csrf_checks=True)
    client.force_login(Member.objects.get(pk=ada.member_id).person)
    client.get(f"/w/harbour/studio/texts/{text.pk}/")
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    connection = http.client.HTTPConnection(*site, timeout=20)
    connection.request(
        "POST",
        f"/w/harbour/studio/texts/{text.pk}/model/",
        "instruction=Plus+court&body=Une+peau",
        {
            "Accept": "application/x-ndjson",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookies,
            "X-CSRFToken": client.cookies["csrftoken"].value,
        },
    )
    answer = connection.getresponse()
    assert answer.status == 200 and b"Une peau qui respire" in answer.readline()
    answer.close()
    connection.close()
    assert server.hung_up.wait(20)
    _settled()
    call = ModelCall.objects.get()
    assert call.outcome == "stopped" and call.tokens_out > 0


def _settled() -> None:
    """Wait until the site has written down how the call ended."""
    done = threading.Event()
    for _ in range(200):
        if not ModelCall.objects.filter(outcome="").exists():
            return
        done.wait(0.05)
