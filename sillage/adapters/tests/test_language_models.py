"""Language models: what is sent, what comes back, and what each way of failing is told as."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import pairwise

import pytest
from pydantic import BaseModel

from sillage.adapters.language_models import (
    Answered,
    LanguageModel,
    LanguageModelSettings,
    ModelFailed,
    Question,
    SoFar,
    Trouble,
    language_model_from,
)
from sillage.adapters.language_models.asking import AskedLanguageModel
from sillage.adapters.language_models.choice import is_this_machine
from sillage.adapters.tests.model_server import ModelServer, Reply, model_server, says

KEY = "sk-very-secret-0123456789"


class Poem(BaseModel):
    lines: list[str]
    title: str


GOOD = {"lines": ["the sea", "the salt"], "title": "Trail"}
QUESTION = Question("You write poems. JSON.", '{"about": "the sea"}', Poem)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as served:
        yield served


@pytest.fixture(params=["openai", "anthropic"])
def kind(request) -> str:
    return request.param


async def _no_pause(_seconds: float) -> None:
    pass


def _model(server: ModelServer, kind: str = "openai", **more) -> LanguageModel:
    url = server.url if kind == "openai" else server.url.removesuffix("/v1")
    settings = LanguageModelSettings(url, "tiny", KEY, kind, **more)
    return AskedLanguageModel(settings, pause=_no_pause)


def _ask(model: LanguageModel, question=QUESTION):
    with model.ask(question) as call:
        events = list(call)
    return events, call


def _trouble(model: LanguageModel) -> ModelFailed:
    with pytest.raises(ModelFailed) as failed:
        _ask(model)
    assert KEY not in str(failed.value) and KEY not in failed.value.hint
    return failed.value


def test_an_answer_comes_in_its_shape_piece_by_piece_with_what_it_used(server, kind):
    server.answers = [says(GOOD)]
    events, call = _ask(_model(server, kind))
    assert events[-1] == Answered(Poem(**GOOD))
    texts = [event.text for event in events if isinstance(event, SoFar)]
    assert len(texts) == 3 and all(b.startswith(a) for a, b in pairwise(texts))
    assert (call.used.tokens_in, call.used.tokens_out, call.used.requests) == (120, 40, 1)


def test_what_is_sent_is_what_was_given_and_no_tool_is_offered(server, kind):
    server.answers = [says(GOOD)]
    _ask(_model(server, kind))
    (request,) = server.requests
    assert server.sent() == (QUESTION.system, QUESTION.user)
    assert "tools" not in request and "tool_choice" not in request and KEY in request["key"]
    assert request["stream"] is True and request["max_tokens"] == QUESTION.most_tokens


def test_mistral_is_sent_no_field_that_it_refuses(server, monkeypatch):
    monkeypatch.setattr(LanguageModelSettings, "host", property(lambda _: "api.mistral.ai"))
    server.answers = [says(GOOD)]
    events, call = _ask(_model(server))
    assert events[-1] == Answered(Poem(**GOOD)) and call.used.tokens_out == 40
    known = {"model", "messages", "temperature", "max_tokens", "stream", "response_format"}
    assert server.requests[0].keys() - {"key", "path"} <= known


def test_an_answer_without_a_field_is_asked_for_again_and_repaired(server, kind):
    server.answers = [says({"lines": ["a"]}), says(GOOD)]
    events, call = _ask(_model(server, kind))
    assert events[-1] == Answered(Poem(**GOOD)) and len(server.requests) == 2
    assert (call.used.tokens_in, call.used.tokens_out, call.used.requests) == (240, 80, 2)
    assert server.sent(1)[0] == QUESTION.system


@pytest.mark.parametrize("said", ["I cannot do that.", '{"lines": ["a"', '{"other": 1}', "<script>alert(1)</script>"])
def test_an_answer_of_another_shape_is_refused_after_one_more_try(server, kind, said):
    server.answers = [says(said)]
    assert _trouble(_model(server, kind)).trouble is Trouble.UNFIT
    assert len(server.requests) == 2


def test_a_refusal_is_told_as_one(server, kind):
    server.answers = [Reply(refusal="I will not write that.")]
    failed = _trouble(_model(server, kind))
    assert failed.trouble is Trouble.REFUSED and failed.permanent and len(server.requests) == 1


def test_a_tool_that_was_not_offered_is_not_called(server):
    server.answers = [Reply(tool="send_payment")]
    assert _trouble(_model(server)).trouble is Trouble.UNFIT


def test_a_busy_server_is_asked_again_after_the_pause_that_it_names(server, kind):
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    model = _model(server, kind)
    model._pause = pause
    server.answers = [Reply(["busy"], status=429, headers={"Retry-After": "7"}), Reply(["no"], status=500), says(GOOD)]
    events, call = _ask(model)
    assert events[-1] == Answered(Poem(**GOOD)) and paused == [7.0, 2.0]
    assert call.used.tokens_in == 120


def test_a_pause_is_never_longer_than_a_reader_waits(server):
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    model = _model(server)
    model._pause = pause
    server.answers = [Reply(["busy"], status=429, headers={"Retry-After": "86400"})]
    with pytest.raises(ModelFailed) as failed, model.ask(QUESTION) as call:
        list(call)
    assert paused == [20.0, 20.0] and failed.value.trouble is Trouble.BUSY and not failed.value.permanent


@pytest.mark.parametrize(
    ("status", "trouble", "requests"),
    [(401, Trouble.KEY, 1), (403, Trouble.KEY, 1), (404, Trouble.REJECTED, 1), (422, Trouble.REJECTED, 1)],
)
def test_what_asking_again_cannot_mend_is_asked_once(server, kind, status, trouble, requests):
    server.answers = [Reply([f"the key {KEY} is not known"], status=status)]
    failed = _trouble(_model(server, kind))
    assert (failed.trouble, len(server.requests)) == (trouble, requests) and f"HTTP {status}" in failed.message


def test_a_broken_server_is_given_up_after_three_tries(server, kind):
    server.answers = [Reply(["no"], status=503)]
    assert _trouble(_model(server, kind)).trouble is Trouble.SERVER and len(server.requests) == 3


def test_a_slow_server_is_given_up_in_time(server, kind):
    server.answers = [Reply(['{"lines": ["the'], hangs=True)]
    failed = _trouble(_model(server, kind, longest_s=0.4))
    assert failed.trouble is Trouble.TIMEOUT and not failed.permanent
    assert server.hung_up.wait(5)


def test_a_connection_that_breaks_off_is_no_answer_and_not_paid_twice(server, kind):
    server.answers = [Reply(['{"lines": ["the sea"], "ti'], is_cut=True)]
    failed = _trouble(_model(server, kind))
    assert failed.trouble in {Trouble.UNREACHABLE, Trouble.SERVER, Trouble.UNFIT}
    assert len(server.requests) <= 2


def test_an_answer_without_end_is_cut_off(server, kind):
    server.answers = [Reply(['{"lines": ["'], endless="la " * 2_000)]
    assert _trouble(_model(server, kind)).trouble is Trouble.TOO_LONG
    assert server.hung_up.wait(5)


def test_a_body_without_end_does_not_fill_the_memory(server, monkeypatch):
    monkeypatch.setattr("sillage.adapters.language_models.asking.MOST_BYTES", 10_000)
    server.answers = [Reply(raw=b"data: " + b"x" * 200_000)]
    assert _trouble(_model(server)).trouble in {Trouble.TOO_LONG, Trouble.SERVER}


@pytest.mark.parametrize("raw", [b"<html>proxy</html>", b'{"error": {"message": "overloaded"}}', b""])
def test_what_is_not_the_protocol_is_no_answer(server, kind, raw):
    server.answers = [Reply(raw=raw)]
    assert _trouble(_model(server, kind)).trouble in {Trouble.SERVER, Trouble.UNFIT}


def test_a_server_that_is_not_there_is_told(server):
    settings = LanguageModelSettings("http://127.0.0.1:9/v1", "tiny", KEY)
    model = AskedLanguageModel(settings, pause=_no_pause)
    failed = _trouble(model)
    assert failed.trouble is Trouble.UNREACHABLE and "SILLAGE_LLM_URL" in failed.hint


@pytest.mark.parametrize("url", ["nonsense", "http://", "ftp://x", "http://[::bad"])
def test_an_address_that_is_none_is_told(server, url):
    with pytest.raises((ModelFailed, ValueError)) as failed:
        _ask(AskedLanguageModel(LanguageModelSettings(url, "tiny", KEY), pause=_no_pause))
    assert KEY not in str(failed.value)


def test_a_redirect_is_not_followed_with_the_key(server):
    with model_server() as other:
        other.answers = [says(GOOD)]
        server.answers = [Reply(status=307, headers={"Location": f"{other.url}/chat/completions"})]
        _trouble(_model(server))
        assert not other.requests


def test_an_answer_that_holds_the_key_is_refused_and_its_beginning_not_shown(server, kind):
    server.answers = [Reply(['{"lines": ["', KEY[:12], KEY[12:], '"], "title": "x"}'])]
    model = _model(server, kind)
    shown = []
    with pytest.raises(ModelFailed) as failed, model.ask(QUESTION) as call:
        for event in call:
            shown.append(event)
    assert failed.value.trouble is Trouble.UNFIT
    assert not [e for e in shown if isinstance(e, SoFar) and KEY[:8] in e.text]


def test_leaving_the_call_stops_it_and_counts_what_came(server, kind):
    server.answers = [Reply(['{"lines": ["the sea'], hangs=True)]
    with _model(server, kind).ask(QUESTION) as call:
        assert isinstance(next(iter(call)), SoFar)
    assert server.hung_up.wait(5) and call.used.characters_out == 19
    assert not call._thread.is_alive()


def test_the_key_stands_in_no_log(server, kind, caplog):
    caplog.set_level(logging.DEBUG)
    server.answers = [says(GOOD), Reply([f"bad {KEY}"], status=401)]
    _ask(_model(server, kind))
    _trouble(_model(server, kind))
    assert caplog.records and KEY not in caplog.text
    assert KEY not in repr(LanguageModelSettings("http://x", "tiny", KEY))


def test_without_an_address_or_a_model_there_is_none():
    assert language_model_from(LanguageModelSettings("", "tiny")) is None
    assert language_model_from(LanguageModelSettings("http://127.0.0.1:1/v1", "")) is None
    anthropic = language_model_from(LanguageModelSettings("", "claude", KEY, "anthropic"))
    assert anthropic is not None and anthropic.version == "api.anthropic.com" and anthropic.leaves_machine


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "::1", "llm.localhost"])
def test_this_machine_is_told_from_others(host):
    assert is_this_machine(host)
    assert not is_this_machine(f"{host}.example.org") and not is_this_machine("192.168.1.5")


def test_no_model_is_asked_outside_of_a_server_of_the_test():
    with pytest.raises(RuntimeError, match="ALLOW_MODEL_REQUESTS"):
        _ask(AskedLanguageModel(LanguageModelSettings("http://127.0.0.1:9/v1", "tiny", KEY)))
