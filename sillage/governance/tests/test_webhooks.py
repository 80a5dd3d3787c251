"""What happens in a workspace is told to the programs that listen: signed, without names, at least once."""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from sillage.adapters.webhooks import Reply
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.actions.delivering import LEASE, claim_deliveries, settle
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.webhooks import (
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    DeliveryState,
    Outcome,
    impersonal,
    pause_after,
    signature_header,
)
from sillage.governance.models import Delivery, Endpoint, Entry
from sillage.lib.errors import NotFound, OutsideError

URL = "https://hooks.example.org/sillage"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "listen-to-sillage.md"


class Listener:
    """The other side: answers what the script says, 200 at its end, and remembers what came."""

    def __init__(self, *script: int | OutsideError) -> None:
        self.script = list(script)
        self.came: list[tuple[str, bytes, dict[str, str]]] = []

    def send(self, url, body, headers) -> Reply:
        self.came.append((url, body, dict(headers)))
        said = self.script.pop(0) if self.script else 200
        if isinstance(said, OutsideError):
            raise said
        return Reply(said, f"said {said}", 12)

    @property
    def ids(self) -> list[str]:
        return [headers["Sillage-Delivery"] for _, _, headers in self.came]

    @property
    def numbers(self) -> list[int]:
        return [json.loads(body)["number"] for _, body, _ in self.came]


def note(actor, now, verb="discovery.brief_opened", **facts) -> Entry:
    return governance.record(verb=verb, subject_kind="brief", subject_id=7, actor=actor, now=now, facts=facts)


def round_at(listener, at):
    return governance.deliver_round(send=listener.send, clock=lambda: at)


@pytest.fixture
def hook(ada, noon) -> Endpoint:
    """Listens to briefs; the entry of its own making is another room's."""
    return governance.add_webhook(url=URL, label="Reports", events=["discovery.*"], actor=ada, now=noon)[0]


def last_of(endpoint) -> Delivery:
    return endpoint.deliveries.order_by("-pk")[0]


# -- the engine ------------------------------------------------------------------------------------------------------


def test_pauses_double_up_to_six_hours_and_differ_from_delivery_to_delivery():
    pauses = [pause_after(n, 1) for n in range(1, MOST_ATTEMPTS)]

    assert timedelta(seconds=24) <= pauses[0] <= timedelta(seconds=36)
    assert all(timedelta(seconds=24) * 2**n <= p for n, p in enumerate(pauses[:9]))
    assert pauses[-1] <= LONGEST_PAUSE * 1.2
    assert len({pause_after(3, delivery) for delivery in range(50)}) == 50
    assert pause_after(3, 4) == pause_after(3, 4)
    assert timedelta(days=2) < sum(pauses, timedelta()) < timedelta(days=4)


def test_only_facts_that_can_name_nobody_leave_the_house():
    facts = {
        "from": "contacted",
        "to": "agreed",
        "accounts": [1, 2],
        "new": True,
        "left": None,
        "because": "Mona said no",
        "handle": "mona",
        "name": "Mona",
        "verdict": "a whole sentence, of Mona",
        "nested": {"stage": "live"},
        "scopes": ["read", "brief"],
    }

    assert impersonal(facts) == {
        "from": "contacted",
        "to": "agreed",
        "accounts": [1, 2],
        "new": True,
        "left": None,
        "scopes": ["read", "brief"],
    }


def documented():
    """The example of the how-to, as a reader would copy it."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf8"), re.DOTALL).group(1)
    space: dict[str, object] = {}
    exec(code, space)
    return space["is_from_sillage"]


def test_the_example_of_the_how_to_takes_what_was_signed_and_nothing_else():
    at = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
    check, seconds = documented(), at.timestamp()
    header = signature_header([b"whsec_new", b"whsec_old"], at, b'{"a":1}')

    assert check(header, b'{"a":1}', "whsec_new", seconds + 10)
    assert check(header, b'{"a":1}', "whsec_old", seconds + 10)
    assert not check(header, b'{"a":2}', "whsec_new", seconds)
    assert not check(header, b'{"a":1}', "whsec_other", seconds)
    assert not check(header, b'{"a":1}', "whsec_new", seconds + 301)
    assert not check("nonsense", b"", "whsec_new", seconds)
    later = header.replace(f"t={int(seconds)}", f"t={int(seconds) + 200}")
    assert not check(later, b'{"a":1}', "whsec_new", seconds)


# -- who hears of what -----------------------------------------------------------------------------------------------


def test_an_entry_is_announced_to_those_who_listen_to_its_verb_its_room_or_everything(ada, noon):
    heard = {
        label: governance.add_webhook(url=URL, label=label, events=events, actor=ada, now=noon)[0]
        for label, events in {
            "verb": ["discovery.brief_opened"],
            "room": ["discovery.*"],
            "all": ["*"],
            "other": ["campaigns.*", "discovery.search_saved"],
        }.items()
    }

    entry = note(ada, noon)

    assert {d.endpoint.label for d in Delivery.objects.filter(entry=entry)} == {"verb", "room", "all"}
    assert not heard["other"].deliveries.exists()


def test_what_is_rolled_back_is_announced_to_nobody(ada, hook, noon):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note(ada, noon)
        raise ZeroDivisionError

    assert not hook.deliveries.exists()


def test_another_workspace_hears_nothing(ada, dario, noon):
    theirs, _ = governance.add_webhook(url=URL, label="Theirs", events=["discovery.*"], actor=dario, now=noon)
    note(ada, noon)

    assert not theirs.deliveries.exists()


def test_where_nobody_listens_webhooks_cost_no_query(ada, noon, django_assert_num_queries):
    with django_assert_num_queries(3):  # the lock, the entry before, the entry
        note(ada, noon)


def test_a_paused_webhook_hears_nothing_until_it_is_resumed(ada, hook, noon):
    governance.pause_webhook(endpoint_id=hook.pk, actor=ada, now=noon)
    note(ada, noon)
    with pytest.raises(governance.EndpointPaused):
        governance.ping_webhook(endpoint_id=hook.pk, actor=ada, now=noon)
    governance.resume_webhook(endpoint_id=hook.pk, actor=ada, now=noon)
    entry = note(ada, noon)

    assert [d.entry_id for d in hook.deliveries.all()] == [entry.pk]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://10.0.0.8/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "http://127.0.0.1:9000/",
        "https://ada:secret@example.org/",
        "https://example.org:99999/",
        "ftp://example.org/",
        "https://[nonsense/",
        "https://exa mple.org/",
        "https://example.org/" + "x" * 500,
        "hooks",
        "",
    ],
)
def test_an_address_that_is_private_or_without_tls_is_refused(ada, noon, url):
    with pytest.raises(governance.EndpointMalformed):
        governance.add_webhook(url=url, label="x", events=["*"], actor=ada, now=noon)


def test_this_machine_may_listen_when_the_setting_says_so(ada, noon, settings):
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"webhook_loopback": True})

    assert governance.add_webhook(url="http://127.0.0.1:9000/", label="x", events=["*"], actor=ada, now=noon)
    with pytest.raises(governance.EndpointMalformed):
        governance.add_webhook(url="http://10.0.0.8/", label="x", events=["*"], actor=ada, now=noon)


@pytest.mark.parametrize("events", [[], ["everything"], ["a.b.c"], ["Discovery.*"], ["x" * 90 + ".*"]])
def test_what_is_no_verb_is_refused(ada, noon, events):
    with pytest.raises(governance.EndpointMalformed):
        governance.add_webhook(url=URL, label="x", events=events, actor=ada, now=noon)


def test_only_an_owner_has_entries_sent_away(bruno, hook, noon):
    with pytest.raises(NotAllowed, match="admin"):
        governance.add_webhook(url=URL, label="x", events=["*"], actor=bruno, now=noon)
    with pytest.raises(NotAllowed):
        governance.replay_webhook(endpoint_id=hook.pk, first=1, last=2, actor=bruno, now=noon)


def test_dario_finds_no_webhook_and_no_delivery_of_ours(ada, dario, hook, noon):
    note(ada, noon)
    for act in ("change", "rotate", "pause", "resume", "remove", "ping"):
        with pytest.raises(NotFound):
            getattr(governance, f"{act}_webhook")(endpoint_id=hook.pk, actor=dario, now=noon)
    with pytest.raises(NotFound):
        governance.redeliver(delivery_id=last_of(hook).pk, actor=dario, now=noon)
    with pytest.raises(NotFound):
        queries.list_deliveries(dario.workspace_id, hook.pk)
    assert queries.list_endpoints(dario.workspace_id) == []


def test_a_workspace_has_twenty_webhooks_at_most(ada, noon):
    for n in range(20):
        governance.add_webhook(url=URL, label=str(n), events=["*"], actor=ada, now=noon)
    with pytest.raises(governance.TooManyEndpoints):
        governance.add_webhook(url=URL, label="21", events=["*"], actor=ada, now=noon)


# -- sending ---------------------------------------------------------------------------------------------------------


def test_what_arrives_is_signed_and_names_nobody(ada, noon):
    endpoint, secret = governance.add_webhook(url=URL, label="x", events=["discovery.*"], actor=ada, now=noon)
    entry = note(ada, noon, brief=7, title="Potagers de Mona")
    listener = Listener()

    assert round_at(listener, noon) == {"delivered": 1, "failed": 0}

    ((url, body, headers),) = listener.came
    told = json.loads(body)
    assert url == URL and documented()(headers["Sillage-Signature"], body, secret, noon.timestamp())
    assert (told["type"], told["number"], told["hash"]) == (entry.verb, entry.number, entry.hash.hex())
    assert told["facts"] == {"brief": 7} and told["actor"]["name"] is None
    assert told["actor"]["member_id"] == ada.member_id
    assert b"ada@" not in body and "Mona" not in body.decode()
    done = last_of(endpoint)
    assert (done.state, done.attempts, done.status, done.answer, done.took_ms) == ("delivered", 1, 200, "said 200", 12)
    assert round_at(listener, noon) == {"delivered": 0, "failed": 0}


def test_the_secret_stands_nowhere_in_the_database(ada, noon):
    endpoint, secret = governance.add_webhook(url=URL, label="x", events=["*"], actor=ada, now=noon)

    assert secret.encode() not in bytes(endpoint.secret)
    assert secret not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_a_new_secret_signs_beside_the_old_one_for_a_day(ada, noon):
    endpoint, old = governance.add_webhook(url=URL, label="x", events=["discovery.*"], actor=ada, now=noon)
    _, new = governance.rotate_webhook(endpoint_id=endpoint.pk, actor=ada, now=noon)
    listener = Listener()
    for at in (noon + timedelta(hours=23), noon + timedelta(hours=25)):
        note(ada, at)
        round_at(listener, at)

    within, after = [
        {s: documented()(headers["Sillage-Signature"], body, s, at.timestamp()) for s in (old, new)}
        for (_, body, headers), at in zip(
            listener.came, (noon + timedelta(hours=23), noon + timedelta(hours=25)), strict=True
        )
    ]
    assert within == {old: True, new: True} and after == {old: False, new: True}


def test_a_failure_is_tried_again_later_under_the_same_id(ada, hook, noon):
    note(ada, noon)
    listener = Listener(500)
    round_at(listener, noon)
    waiting = last_of(hook)

    assert (waiting.state, waiting.attempts, waiting.status) == ("waiting", 1, 500)
    assert timedelta(seconds=24) <= waiting.next_at - noon <= timedelta(seconds=36)
    assert round_at(listener, noon + timedelta(seconds=20)) == {"delivered": 0, "failed": 0}
    assert round_at(listener, noon + timedelta(seconds=40)) == {"delivered": 1, "failed": 0}
    assert listener.ids[0] == listener.ids[1]
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_a_webhook_gets_its_entries_in_order_and_nothing_after_a_failure(ada, hook, noon):
    numbers = [note(ada, noon).number for _ in range(4)]
    listener = Listener(200, 503)
    round_at(listener, noon)

    assert listener.numbers == numbers[:2]
    round_at(listener, noon + timedelta(minutes=1))
    assert listener.numbers == [*numbers[:2], *numbers[1:]]


def test_one_that_fails_holds_nobody_else_up(ada, hook, noon):
    other, _ = governance.add_webhook(
        url="https://other.example.org/", label="Other", events=["discovery.*"], actor=ada, now=noon
    )
    note(ada, noon)
    down = OutsideError("hooks.example.org did not answer in time.", permanent=False)

    class Both(Listener):
        def send(self, url, body, headers):
            if url == URL:
                raise down
            return super().send(url, body, headers)

    assert round_at(Both(), noon) == {"delivered": 1, "failed": 1}
    assert last_of(other).state == "delivered"
    assert (last_of(hook).status, last_of(hook).failure) == (None, down.message)


def test_a_redirect_is_a_failure_that_says_why(ada, hook, noon):
    note(ada, noon)
    round_at(Listener(302), noon)

    assert (last_of(hook).state, last_of(hook).failure) == ("waiting", "A redirect is not followed.")


def test_whoever_answers_410_is_told_nothing_more(ada, hook, noon):
    note(ada, noon)
    round_at(Listener(410), noon)
    hook.refresh_from_db()

    assert (hook.disabled_at, hook.disabled_because) == (noon, "gone")
    entry = Entry.objects.get(verb="governance.webhook_disabled")
    assert (entry.subject_id, entry.actor_kind) == (str(hook.pk), "automation")
    note(ada, noon)
    assert round_at(Listener(), noon + timedelta(days=1)) == {"delivered": 0, "failed": 0}


def test_five_days_of_failures_disable_and_the_first_success_starts_anew(ada, hook, noon):
    listener = Listener(500, 500, 200, *[500] * 40)
    at = noon
    for day in range(12):
        note(ada, at)
        round_at(listener, at)
        hook.refresh_from_db()
        if hook.disabled_at:
            break
        at = noon + timedelta(days=day + 1)

    assert hook.disabled_because == "failing"
    assert timedelta(days=7) <= hook.disabled_at - noon <= timedelta(days=8)


def test_after_twenty_tries_a_delivery_is_given_up(ada, hook, noon):
    note(ada, noon)
    Delivery.objects.update(attempts=MOST_ATTEMPTS - 1)
    round_at(Listener(500), noon)

    assert last_of(hook).state == DeliveryState.GIVEN_UP


def test_killed_between_claim_and_send_it_is_sent_by_the_next_when_the_lease_is_over(ada, hook, noon):
    note(ada, noon)
    (lost,) = claim_deliveries(now=noon)  # and then kill -9
    listener = Listener()

    assert round_at(listener, noon + LEASE / 2) == {"delivered": 0, "failed": 0}
    assert round_at(listener, noon + LEASE) == {"delivered": 1, "failed": 0}
    assert listener.ids == [str(lost.parcels[0].delivery_id)]


def test_killed_between_send_and_settle_it_is_sent_twice_under_one_id(ada, hook, noon):
    note(ada, noon)
    listener = Listener()
    (claim,) = claim_deliveries(now=noon)
    listener.send(claim.url, claim.parcels[0].body, {"Sillage-Delivery": str(claim.parcels[0].delivery_id)})
    round_at(listener, noon + LEASE)

    assert len(listener.ids) == 2 and len(set(listener.ids)) == 1


def test_a_slow_sender_changes_nothing_that_another_settled(ada, hook, noon):
    note(ada, noon)
    (slow,) = claim_deliveries(now=noon)
    round_at(Listener(), noon + LEASE)
    settle(claim=slow, tries={slow.parcels[0].delivery_id: Outcome(500, "", 1)}, now=noon + LEASE)

    assert last_of(hook).state == "delivered"


def test_a_webhook_that_was_removed_while_it_was_sent_to_leaves_nothing(ada, hook, noon):
    note(ada, noon)
    (claim,) = claim_deliveries(now=noon)
    governance.remove_webhook(endpoint_id=hook.pk, actor=ada, now=noon)
    settle(claim=claim, tries={claim.parcels[0].delivery_id: Outcome(200, "", 1)}, now=noon)

    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_senders_one_gets_the_deliveries(ada, hook, noon):
    note(ada, noon)
    claims, together = [], threading.Barrier(2)

    def take():
        together.wait()
        claims.append(claim_deliveries(now=noon))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(len(c) for c in claims) == [0, 1]


# -- again -----------------------------------------------------------------------------------------------------------


def test_a_range_of_entries_comes_again_also_from_before_it_listened(ada, noon):
    before = [note(ada, noon).number, note(ada, noon, verb="catalogue.file_imported").number, note(ada, noon).number]
    hook, _ = governance.add_webhook(url=URL, label="x", events=["discovery.*"], actor=ada, now=noon)
    after = note(ada, noon).number
    listener = Listener()
    round_at(listener, noon)

    sent = governance.replay_webhook(endpoint_id=hook.pk, first=before[0], last=after, actor=ada, now=noon)
    assert sent == 3
    round_at(listener, noon)
    assert listener.numbers == [after, before[0], before[2], after]
    assert listener.ids[0] == listener.ids[3]


@pytest.mark.parametrize(("first", "last"), [(0, 5), (5, 4), (1, 20_000)])
def test_what_is_no_range_is_refused(ada, hook, noon, first, last):
    with pytest.raises(governance.RangeMalformed):
        governance.replay_webhook(endpoint_id=hook.pk, first=first, last=last, actor=ada, now=noon)


def test_one_delivery_is_sent_again_on_request(ada, hook, noon):
    note(ada, noon)
    listener = Listener()
    round_at(listener, noon)
    governance.redeliver(delivery_id=last_of(hook).pk, actor=ada, now=noon)
    round_at(listener, noon)

    assert len(listener.ids) == 2 and len(set(listener.ids)) == 1


def test_a_test_comes_first_and_says_that_it_is_one(ada, hook, noon):
    note(ada, noon)
    governance.ping_webhook(endpoint_id=hook.pk, actor=ada, now=noon)
    listener = Listener()
    round_at(listener, noon)

    assert [headers["Sillage-Event"] for _, _, headers in listener.came] == ["ping", "discovery.brief_opened"]
