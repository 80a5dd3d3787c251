"""Summaries of topics that a model writes: counted as every call is, asked outside of transactions, stored whole or not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse

from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.models import Creator
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance import actions as governance_actions
from sillage.governance import queries as governance
from sillage.studio.actions.model_calls import reserve_summary, set_writer_limits, switch_writer
from sillage.studio.engine.model_limits import WriterLimits
from sillage.studio.models import ModelCall
from sillage.studio.queries.model_calls import outcome_of, spending_of
from sillage.understanding.actions import topics
from sillage.understanding.actions.model_calls import Counter
from sillage.understanding.actions.topics import TextsGone, map_topics
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.models import TopicMap
from sillage.understanding.queries.language_model import language_model
from sillage.understanding.tests.test_topic_maps import _account, _says, filled, model, server

__all__ = ["filled", "model", "server", "terminal"]
GOOD = _says(("Le sérum et la peau.", ["t1"]), ("Tout le monde quitte la marque pour 99 euros.", ["t1"]))


class Killed(BaseException):
    """Stands for the end of the process: nobody catches it."""


class Meanwhile:
    """The language model of the settings; `happens` when it is asked, before it is."""

    def __init__(self, happens):
        self.real, self.happens = language_model(), happens
        self.name, self.version, self.leaves_machine = self.real.name, self.real.version, self.real.leaves_machine

    def ask(self, question):
        self.happens()
        return self.real.ask(question)


@pytest.fixture
def meanwhile(model, monkeypatch):
    """Say what happens while a model is asked."""
    model.answers = [GOOD]
    return lambda happens: monkeypatch.setattr(topics, "language_model", lambda: Meanwhile(happens))


def _map(actor, now, **given):
    return map_topics(**{"scope": Scope(), "with_model": True, "actor": actor, "now": now, **given})


def _verbs(actor):
    return [entry.verb for entry in governance.list_entries(actor.workspace_id).items]


def _killed(*_, **__):
    raise Killed


# -- what is counted -------------------------------------------------------------------------------------------------


def test_a_summary_is_a_call_that_is_counted_and_entered(filled, model, ada, noon):
    model.answers = [GOOD]
    made = _map(ada, noon, scope=Scope(accounts=(_account(ada, "lea"),)))
    call = ModelCall.objects.get()
    assert (call.purpose, call.outcome, call.member_id) == ("summary", "answered", ada.member_id)
    assert (call.tokens_in, call.tokens_out, call.is_estimated) == (120, 40, False)
    assert call.kept == len(made.result["written"]["sentences"]) == 1 and call.dropped == {"numbers": 1}
    assert spending_of(ada.workspace_id, noon).tokens == 160
    assert _verbs(ada)[:2] == ["understanding.topics_mapped", "studio.model_asked"]
    entry = governance.list_entries(ada.workspace_id).items[1]
    assert entry.facts["purpose"] == "summary" and "sérum" not in str(entry.facts)


def test_a_model_that_fails_is_counted_too(filled, model, ada, noon):
    model.answers = [_says()]
    model.answers[0].status = 401
    made = _map(ada, noon)
    call = ModelCall.objects.get()
    assert (call.outcome, call.trouble, call.tokens_in + call.tokens_out) == ("failed", "key", 0)
    assert made.result["written"]["failure"] and _verbs(ada)[1] == "studio.model_asked"


def _spend_the_month(ada, noon):
    set_writer_limits(limits=WriterLimits(monthly_tokens=100), actor=ada, now=noon)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (_spend_the_month, "This month 0 of 100 tokens are used"),
        (lambda ada, noon: switch_writer(is_on=False, actor=ada, now=noon), "switched off for this workspace"),
        (
            lambda ada, noon: governance_actions.stop_policies(reason="A storm", actor=ada, now=noon),
            "stopped every machine: A storm",
        ),
    ],
)
def test_where_the_limits_leave_no_room_nothing_is_sent_and_the_map_stays_without_a_summary(
    filled, model, ada, noon, before, said
):
    before(ada, noon)
    made = _map(ada, noon)
    written = made.result["written"]
    assert not model.requests and not ModelCall.objects.exists()
    assert made.result["topics"] and made.result["summaries"][0]["sentences"]
    assert said in written["failure"] and written["refused"] and not written["sentences"] and not written["sent"]
    assert governance.list_entries(ada.workspace_id).items[0].facts["language_model"] is None


def test_the_page_says_the_limit_and_where_to_raise_it_in_the_reader_s_language(
    filled, model, ada, noon, signed_in, settings
):
    _spend_the_month(ada, noon)
    address = reverse("understanding:topic_map", args=["harbour", _map(ada, noon).pk])
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = client.get(address).content.decode()
    assert "This month 0 of 100 tokens are used" in html and "raise the limit: under “Writers” in the studio" in html
    assert "Each sentence was checked" not in html and "sérum" in html
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert "Déjà utilisés ce mois-ci\N{NO-BREAK SPACE}: 0 jetons sur 100" in client.get(address).content.decode()


def test_the_command_line_and_programs_are_told_too(filled, model, ada, noon, terminal):
    _spend_the_month(ada, noon)
    said = terminal("topics", "map", "--with-model")
    assert said.code == 0 and "sérum" in said.out
    assert "The language model wrote no summary. This month 0 of 100 tokens" in said.err
    assert "`sillage studio writer limit`" in said.err
    answer = program_of(ada).post("topic-maps", {"scope": {}, "with_model": True})
    assert answer.status_code == 201 and "This month 0 of 100" in answer.json()["result"]["written"]["failure"]


# -- between the steps -----------------------------------------------------------------------------------------------


def test_who_is_forgotten_while_the_model_writes_is_in_no_map(filled, meanwhile, ada, noon):
    lea = Creator.objects.get(accounts__handle="lea")
    meanwhile(lambda: forget(key=str(lea.pk), actor=ada, now=noon))
    with pytest.raises(TextsGone, match="40 texts of this set left the catalogue"):
        _map(ada, noon)
    assert not TopicMap.objects.exists() and ModelCall.objects.get().outcome == "answered"


def test_the_form_says_that_texts_have_left(filled, meanwhile, ada, noon, signed_in, settings):
    lea = Creator.objects.get(accounts__handle="lea")
    meanwhile(lambda: forget(key=str(lea.pk), actor=ada, now=noon))
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    given = {"kind": "posts", "with_model": "1", "name": "Mine"}
    html = client.post(reverse("understanding:new_topics", args=["harbour"]), given).content.decode()
    assert "left the catalogue while its topics were looked for" in html and 'value="Mine"' in html


def test_killed_while_the_model_is_asked_there_is_no_map_and_the_call_counts_until_it_is_given_up(
    filled, meanwhile, monkeypatch, ada, noon
):
    meanwhile(_killed)
    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(topics, "counter", lambda: Counter(reserve_summary, _killed))
        _map(ada, noon)
    left = ModelCall.objects.get()
    assert left.outcome == "" and outcome_of(left, noon) == "under_way" and not TopicMap.objects.exists()
    assert spending_of(ada.workspace_id, noon).tokens == left.tokens_in + left.tokens_out > 0
    later = noon + timedelta(minutes=5)
    assert spending_of(ada.workspace_id, later).under_way == 0
    meanwhile(lambda: None)
    assert not _map(ada, later).result["written"]["failure"]
    left.refresh_from_db()
    assert left.outcome == "interrupted"


def test_killed_before_it_is_stored_there_is_no_map_and_the_call_is_settled(filled, meanwhile, monkeypatch, ada, noon):
    meanwhile(lambda: None)
    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(topics, "hold_maps", _killed)
        _map(ada, noon)
    assert not TopicMap.objects.exists() and ModelCall.objects.get().outcome == "answered"
    assert _verbs(ada)[0] == "studio.model_asked"
    assert not _map(ada, noon).result["written"]["failure"] and ModelCall.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_model_writes(filled, meanwhile, ada, noon):
    seen = []
    meanwhile(lambda: seen.append((connection.in_atomic_block, ModelCall.objects.get().outcome)))
    assert not _map(ada, noon).result["written"]["failure"]
    assert seen == [(False, "")], "the call is reserved, and nothing is held"


@pytest.mark.django_db(transaction=True)
def test_of_two_maps_at_once_that_only_one_summary_fits_the_other_has_its_words_alone(filled, meanwhile, ada, noon):
    needed, other_has_ended = [], threading.Event()
    meanwhile(lambda: needed.append(spending_of(ada.workspace_id, noon).tokens))
    _map(ada, noon)
    set_writer_limits(limits=WriterLimits(monthly_tokens=160 + needed[0] * 3 // 2), actor=ada, now=noon)
    meanwhile(lambda: other_has_ended.wait(30))

    def make(_):
        try:
            return _map(ada, noon).result["written"]["refused"]
        finally:
            other_has_ended.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, range(2))) == [False, True]
    assert TopicMap.objects.count() == 3 and [c.outcome for c in ModelCall.objects.all()] == ["answered"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_map_waits_for_who_is_being_forgotten(filled, model, monkeypatch, ada, noon):
    lea, about_to_store, hold = Creator.objects.get(accounts__handle="lea"), threading.Event(), topics.hold_maps
    monkeypatch.setattr(topics, "hold_maps", lambda workspace_id: (about_to_store.set(), hold(workspace_id)))

    def make():
        try:
            return _map(ada, noon, with_model=False)
        except TextsGone as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            forget(key=str(lea.pk), actor=ada, now=noon)
            came = pool.submit(make)
            assert about_to_store.wait(30)
        assert isinstance(came.result(), TextsGone) and not TopicMap.objects.exists()
