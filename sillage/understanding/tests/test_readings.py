"""What came in is read in the background: asked for once, carried out by one worker, and taken up again when it broke off."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from sillage.adapters import turns
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding import actions, progress, tasks
from sillage.understanding.actions.readings import ask_reading, begin_reading
from sillage.understanding.engine.readings import MOST_BREAKS, STEPS, Progress, ReadingState, Standing, standing
from sillage.understanding.models import CatalogueReading, Profile
from sillage.understanding.queries.readings import WORKERS, find_reading, get_reading, has_unread, standing_of
from sillage.understanding.templatetags.readings import STEP_WORDS

GARDEN = ("Le potager au printemps : semis de tomates et compost", "J'ai paillé mes rosiers du jardin")


def came_in(actor, now, handle="mona", texts=GARDEN):
    posts = tuple(PostRecord("instagram", handle, f"{handle}{i}", now, text=text) for i, text in enumerate(texts))
    batch = Batch((AccountRecord("instagram", handle, handle),), posts)
    ingest(workspace_id=actor.workspace_id, batch=batch, actor=actor, now=now)


@pytest.fixture
def clock(noon):
    """Each look at it is two seconds later."""
    at = noon

    def now():
        nonlocal at
        at += timedelta(seconds=2)
        return at

    return now


@pytest.fixture
def asked(ada, noon):
    came_in(ada, noon)
    return ask_reading(actor=ada, now=noon)


@pytest.fixture
def session():
    """Another process's session of the database."""
    at = connection.settings_dict
    given = {
        "host": at["HOST"],
        "port": at["PORT"],
        "user": at["USER"],
        "password": at["PASSWORD"],
        "dbname": at["NAME"],
    }
    with psycopg.connect(**{name: value for name, value in given.items() if value}, autocommit=True) as connected:
        yield connected


def read(clock):
    return tasks.read_next(clock=clock, processes=1)


def verbs():
    return list(Entry.objects.filter(verb__contains="reading_").order_by("number").values_list("verb", "actor_name"))


@pytest.mark.parametrize(
    ("state", "is_held", "has_worker", "stands"),
    [
        (ReadingState.ASKED, False, True, Standing.WAITING),
        (ReadingState.ASKED, False, False, Standing.UNATTENDED),
        (ReadingState.ASKED, True, True, Standing.RUNNING),
        (ReadingState.RUNNING, True, True, Standing.RUNNING),
        (ReadingState.RUNNING, False, True, Standing.BROKEN_OFF),
        (ReadingState.RUNNING, False, False, Standing.UNATTENDED),
        (ReadingState.DONE, False, False, Standing.DONE),
        (ReadingState.FAILED, True, True, Standing.FAILED),
    ],
)
def test_how_a_reading_stands_follows_from_its_state_its_lock_and_whether_anybody_works(
    state, is_held, has_worker, stands
):
    assert standing(state, is_held=is_held, has_worker=has_worker) is stands


def test_progress_is_written_once_a_second_and_at_each_step_s_beginning_and_end():
    before = Progress("posts", 400, 1_240)
    soon, later = timedelta(milliseconds=300), timedelta(seconds=1)
    assert Progress("posts", 400, 1_240).is_to_be_written(None, soon)
    assert not Progress("posts", 800, 1_240).is_to_be_written(before, soon)
    assert Progress("posts", 800, 1_240).is_to_be_written(before, later)
    assert Progress("posts", 1_240, 1_240).is_to_be_written(before, soon)
    assert Progress("comments", 1, 9).is_to_be_written(before, soon)


def test_every_step_has_words_on_the_terminal_and_on_pages():
    assert set(progress.TITLES) == set(STEP_WORDS) == set(STEPS)


def test_what_is_asked_for_twice_waits_once(asked, ada, noon):
    again = ask_reading(actor=ada, now=noon + timedelta(minutes=1))
    assert again.pk == asked.pk and again.state == ReadingState.ASKED and again.asked_at == noon
    assert again.asked_by_id == ada.member_id
    assert verbs() == [("understanding.reading_asked", ada.name)]


def test_no_second_one_can_wait_or_run_in_a_workspace_whoever_writes_it(asked, ada, dario, noon):
    one = {"state": ReadingState.RUNNING, "asked_at": noon}
    with pytest.raises(IntegrityError, match="one_open_reading"), transaction.atomic():
        CatalogueReading.objects.create(workspace_id=ada.workspace_id, **one)
    CatalogueReading.objects.create(workspace_id=dario.workspace_id, **one)
    CatalogueReading.objects.create(workspace_id=ada.workspace_id, **one | {"state": ReadingState.DONE})


def test_who_may_not_import_may_not_have_it_read(asked, bruno, rita, noon):
    for actor in (bruno, rita):
        with pytest.raises(NotAllowed):
            ask_reading(actor=actor, now=noon)


def test_a_reading_of_another_workspace_is_not_found(asked, ada, dario):
    assert get_reading(ada.workspace_id, asked.pk) == asked
    with pytest.raises(NotFound):
        get_reading(dario.workspace_id, asked.pk)
    assert find_reading(dario.workspace_id) is None


def test_a_worker_reads_what_came_in_by_the_steps_of_enrich(asked, ada, clock, monkeypatch):
    told = []
    keep = tasks.keep_progress
    monkeypatch.setattr(tasks, "keep_progress", lambda pk, how: (told.append(how.step), keep(pk, how)))

    assert has_unread(ada.workspace_id)
    assert read(clock) and not read(clock)

    reading = find_reading(ada.workspace_id)
    assert (reading.state, reading.posts, reading.breaks, reading.reason) == (ReadingState.DONE, 2, 0, "")
    assert reading.asked_at < reading.started_at < reading.ended_at
    assert standing_of(reading) is Standing.DONE and not has_unread(ada.workspace_id)
    assert Profile.objects.get().posts_read == 2
    found = catalogue.search_cards(
        workspace_id=ada.workspace_id, filters=catalogue.CardFilters(), words="rosiers", limit=5
    )
    assert len(found) == 1
    assert list(dict.fromkeys(told)) == [step for step in STEPS if step in told] and {"posts", "profiles"} <= set(told)
    assert verbs() == [("understanding.reading_asked", ada.name), ("understanding.reading_ended", "enrich")]


def test_what_comes_in_after_a_reading_is_unread_until_the_next(asked, ada, clock):
    read(clock)
    came_in(ada, clock(), "noe")
    assert has_unread(ada.workspace_id)
    ask_reading(actor=ada, now=clock())
    assert read(clock) and not has_unread(ada.workspace_id)
    assert CatalogueReading.objects.count() == 2


def test_what_comes_in_while_it_reads_has_it_go_round_once_more(asked, ada, clock, monkeypatch):
    whole = actions.bring_up_to_date

    def then_more_comes_in(**given):
        done = whole(**given)
        came_in(ada, clock(), "noe")
        for _ in range(2):
            assert ask_reading(actor=ada, now=clock()).pk == asked.pk
        return done

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(actions, "bring_up_to_date", then_more_comes_in)
        assert read(clock)
    assert find_reading(ada.workspace_id).state == ReadingState.ASKED and has_unread(ada.workspace_id)
    assert [verb for verb, _ in verbs()].count("understanding.reading_asked") == 2

    assert read(clock) and not read(clock)
    reading = find_reading(ada.workspace_id)
    assert (reading.pk, reading.state, reading.posts) == (asked.pk, ReadingState.DONE, 4)
    assert not has_unread(ada.workspace_id)


def test_two_workers_do_not_read_the_same(asked, clock, session):
    session.execute("SELECT pg_advisory_lock(hashtextextended(%s, %s))", [WORKERS, asked.pk])
    assert not read(clock)
    assert standing_of(asked) is Standing.RUNNING and find_reading(asked.workspace_id).state == ReadingState.ASKED
    session.execute("SELECT pg_advisory_unlock(hashtextextended(%s, %s))", [WORKERS, asked.pk])
    assert read(clock)


def test_a_reading_knows_whether_anybody_works(asked, session):
    assert standing_of(asked) is Standing.UNATTENDED
    session.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [WORKERS])
    assert standing_of(asked) is Standing.WAITING
    asked.state = ReadingState.RUNNING
    assert standing_of(asked) is Standing.BROKEN_OFF


def test_a_lock_with_a_negative_number_is_seen(session, db):
    keys = {
        name: session.execute("SELECT hashtextextended(%s, 0)", [name]).fetchone()[0] for name in map(str, range(9))
    }
    name = min(keys, key=keys.__getitem__)
    assert keys[name] < 0
    session.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    assert turns.is_held(name) and not turns.is_held("nobody")


def test_what_the_work_refuses_stands_with_the_reading_in_the_reader_s_language(asked, ada, clock, monkeypatch):
    def refuses(**given):
        raise Refusal(Sentence("“%(name)s” is paused.", name="Vectors"), Sentence("Resume it first."))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(actions, "bring_up_to_date", refuses)
        assert read(clock) and not read(clock)
    reading = find_reading(ada.workspace_id)
    assert standing_of(reading) is Standing.FAILED and reading.ended_at
    assert reading.why == "“Vectors” is paused. Resume it first."
    assert isinstance(reading.why, Sentence) and reading.why.values["what"].template == "“%(name)s” is paused."
    assert verbs()[-1] == ("understanding.reading_failed", "enrich")

    assert ask_reading(actor=ada, now=clock()).pk != asked.pk
    assert read(clock) and find_reading(ada.workspace_id).state == ReadingState.DONE


def test_a_defect_is_raised_once_and_stops_no_other_reading(asked, ada, dario, clock, monkeypatch):
    came_in(dario, clock())
    ask_reading(actor=dario, now=clock())
    whole = actions.bring_up_to_date

    def breaks(**given):
        if given["actor"].workspace_id == ada.workspace_id:
            raise ZeroDivisionError("a defect")
        return whole(**given)

    monkeypatch.setattr(actions, "bring_up_to_date", breaks)
    with pytest.raises(ZeroDivisionError):
        read(clock)
    assert read(clock) and not read(clock)
    assert find_reading(ada.workspace_id).state == ReadingState.FAILED
    assert find_reading(dario.workspace_id).state == ReadingState.DONE


def test_a_reading_whose_database_went_away_broke_off_and_is_taken_up_again(asked, ada, clock, monkeypatch):
    def gone(**given):
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(actions, "bring_up_to_date", gone)
        with pytest.raises(OperationalError):
            read(clock)
    assert find_reading(ada.workspace_id).state == ReadingState.RUNNING
    assert read(clock)
    reading = find_reading(ada.workspace_id)
    assert (reading.state, reading.breaks, reading.posts) == (ReadingState.DONE, 1, 2)


def test_a_reading_that_no_worker_survives_is_not_begun_for_ever(asked, clock):
    for _ in range(MOST_BREAKS + 1):
        begin_reading(asked.pk, clock())
    assert read(clock) and not read(clock)
    reading = find_reading(asked.workspace_id)
    assert reading.state == ReadingState.FAILED and f"{MOST_BREAKS + 1} times" in reading.why
    assert begin_reading(asked.pk, clock()) is None
