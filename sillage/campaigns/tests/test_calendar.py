"""Everything dated on one calendar: months, weeks, and what calendar programs read."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from click.testing import CliRunner
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sillage.campaigns.actions.campaigns import archive_campaign, open_campaign
from sillage.campaigns.engine.calendar import (
    Dated,
    DateKind,
    Range,
    month_after,
    month_before,
    month_range,
    sequence_of,
    week_range,
    weeks_of,
)
from sillage.campaigns.engine.calendar_feed import FeedEntry, calendar_feed
from sillage.campaigns.models import (
    Contract,
    ContractVersion,
    Deliverable,
    Exclusivity,
    Payment,
    Product,
    PromoCode,
    Reminder,
    Shipment,
)
from sillage.campaigns.queries.calendar import SOURCES, Scope, list_dates
from sillage.campaigns.tests.conftest import GIVEN
from sillage.front import errors
from sillage.front.cli import sillage
from sillage.front.tests.program import program_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Right
from sillage.governance.engine.acts import Act
from sillage.governance.engine.links import Purpose
from sillage.lib.sentences import Language, Sentence

JUNE = Range(date(2026, 6, 1), date(2026, 6, 30))
CHANGED = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
days = st.dates(date(1995, 1, 1), date(2190, 1, 1))


def dated(key: str, first: date, last: date | None = None, kind: DateKind = DateKind.REMINDER, **more) -> Dated:
    return Dated(key, kind, first, last or first, key, "Spring", "campaign", 1, CHANGED, **more)


# -- the engine ------------------------------------------------------------------------------------------------------


@given(days, st.sampled_from([0, 6]))
def test_a_month_is_shown_in_whole_weeks_that_hold_all_of_it(day, first_weekday):
    shown = month_range(day.year, day.month, first_weekday)

    assert shown.first.weekday() == first_weekday and (shown.last - shown.first).days % 7 == 6
    assert day.replace(day=1) in shown and month_after(day) - timedelta(days=1) in shown
    assert (day.replace(day=1) - shown.first).days < 7


@given(days, st.sampled_from([0, 6]))
def test_a_week_holds_its_day(day, first_weekday):
    shown = week_range(day, first_weekday)

    assert day in shown and shown.first.weekday() == first_weekday and (shown.last - shown.first).days == 6


@given(days)
def test_the_month_before_and_the_month_after_lead_back(day):
    assert month_before(month_after(day)) == day.replace(day=1)


def test_a_span_stands_on_its_first_and_its_last_day():
    weeks = weeks_of(JUNE_WEEKS, [dated("x", date(2026, 6, 3), date(2026, 6, 12))], month=6, room=3)
    marks = {day.on: [mark.edge for mark in day.marks] for week in weeks for day in week if day.marks}

    assert marks == {date(2026, 6, 3): ["from"], date(2026, 6, 12): ["until"]}


JUNE_WEEKS = month_range(2026, 6, 0)


@pytest.mark.parametrize(("n", "shown", "hidden"), [(3, 3, 0), (4, 2, 2), (9, 2, 7)])
def test_what_does_not_fit_is_counted(n, shown, hidden):
    day = date(2026, 6, 10)
    weeks = weeks_of(JUNE_WEEKS, [dated(str(i), day) for i in range(n)], month=6, room=3)
    (found,) = [d for week in weeks for d in week if d.on == day]

    assert (len(found.marks), found.hidden) == (shown, hidden)


def test_what_is_still_to_be_done_comes_before_what_is_done():
    day = date(2026, 6, 10)
    weeks = weeks_of(JUNE_WEEKS, [dated("a", day, is_done=True), dated("b", day)], month=6, room=3)
    (found,) = [d for week in weeks for d in week if d.on == day]

    assert [mark.dated.key for mark in found.marks] == ["b", "a"]


def test_days_of_other_months_are_marked():
    outside = [
        d.on.month for week in weeks_of(month_range(2026, 7, 0), [], month=7, room=3) for d in week if d.is_outside
    ]
    assert set(outside) == {6, 8}


def test_a_change_raises_the_sequence():
    assert sequence_of(CHANGED + timedelta(seconds=1)) > sequence_of(CHANGED) > 0
    assert sequence_of(datetime(2088, 1, 1, tzinfo=UTC)) < 2**31


NASTY = "Réels; “été”, mona\\noé\nEND:VEVENT " + "é" * 80


def test_the_file_is_read_back_by_another_program_as_it_was_meant():
    entries = [
        FeedEntry("a-1", NASTY, date(2026, 6, 3), date(2026, 6, 12), CHANGED, "https://sillage.example/w/x/"),
        FeedEntry("b-2", "Rights end", date(2026, 12, 31), date(2026, 12, 31), CHANGED),
    ]
    body = calendar_feed("Spring, été", entries)
    found = vobject.readOne(body.decode())
    first, second = found.vevent_list

    assert first.summary.value == NASTY
    assert (first.dtstart.value, first.dtend.value) == (date(2026, 6, 3), date(2026, 6, 13))
    assert (second.dtstart.value, second.dtend.value) == (date(2026, 12, 31), date(2027, 1, 1))
    assert (first.uid.value, int(first.sequence.value)) == ("a-1", sequence_of(CHANGED))
    assert first.last_modified.value == CHANGED and first.url.value == "https://sillage.example/w/x/"
    assert all(len(line) <= 75 for line in body.split(b"\r\n")) and body.count(b"\n") == body.count(b"\r\n")
    assert calendar_feed("Spring, été", entries) == body


# -- where the dates come from ---------------------------------------------------------------------------------------


@pytest.fixture
def everything(campaign, collaborations, ada, noon):
    """One of each dated thing in Ada's campaign, in June 2026 where the campaign itself has no say."""
    mona, ws = collaborations["mona"], campaign.workspace
    made = {"workspace": ws, "created_at": noon, "changed_at": noon}
    Deliverable.objects.create(
        campaign=campaign,
        collaboration=mona,
        name="Reel",
        network="instagram",
        format="short_video",
        consideration="paid",
        draft_due_on=date(2026, 6, 10),
        publish_from=date(2026, 6, 15),
        publish_until=date(2026, 6, 20),
        rights_until=date(2026, 6, 30),
        **made,
    )
    contract = Contract.objects.create(workspace=ws, collaboration=mona, created_at=noon)
    for number, until in ((1, date(2026, 6, 3)), (2, date(2026, 6, 25))):
        version = ContractVersion.objects.create(
            contract=contract,
            number=number,
            language="fr",
            terms={},
            parts=[],
            text_sha256="",
            currency="EUR",
            rights_until=until,
            drafted_at=noon,
            sent_at=noon,
        )
    Exclusivity.objects.create(
        version=version, kind="brand", key="x", name="Rival", starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 28)
    )
    Reminder.objects.create(campaign=campaign, text="Call; offer 900 EUR", due_on=date(2026, 6, 16), made_at=noon)
    Payment.objects.create(
        workspace=ws,
        campaign=campaign,
        collaboration=mona,
        category="fee",
        recipient="Mona",
        what="Fee",
        net=750,
        vat=0,
        gross=750,
        currency="EUR",
        asked_at=noon,
        paid_on=date(2026, 6, 22),
    )
    Payment.objects.create(
        workspace=ws,
        campaign=campaign,
        category="other",
        recipient="Studio",
        what="Lamp",
        net=90,
        vat=0,
        gross=90,
        currency="EUR",
        asked_at=noon,
        due_on=date(2026, 6, 26),
    )
    product = Product.objects.create(workspace=ws, name="Compost", reference="C1", added_at=noon)
    Shipment.objects.create(
        workspace=ws,
        collaboration=mona,
        product=product,
        quantity=1,
        state_since=noon,
        promised_at=noon,
        shipped_at=noon,
    )
    PromoCode.objects.create(
        workspace=ws,
        collaboration=mona,
        code="MONA10",
        skeleton="MONA10",
        discount_kind="percent",
        starts_on=date(2026, 6, 5),
        ends_on=date(2026, 6, 29),
        made_at=noon,
    )
    act = Act("campaigns.pay", "campaign", str(campaign.pk), {"what": "fee"}, ("Mona",))
    governance.ask_approval(act=act, summary="Pay Mona EUR 750", actor=ada, now=noon)
    return campaign


def test_every_subject_adds_its_dates(everything, ada):
    found = list_dates(Scope(ada.workspace_id, JUNE))
    kinds = {d.kind for d in found}

    assert kinds == set(DateKind) - {DateKind.CAMPAIGN_END, DateKind.REQUEST_DUE}
    by_kind = {d.kind: d for d in found if d.kind is not DateKind.RIGHTS_END}
    assert by_kind[DateKind.DRAFT_DUE].starts_on == date(2026, 6, 10)
    assert by_kind[DateKind.PUBLISH].ends_on == date(2026, 6, 20)
    assert by_kind[DateKind.APPROVAL_EXPIRY].starts_on == date(2026, 6, 29)
    rights = [d.starts_on for d in found if d.kind is DateKind.RIGHTS_END]
    assert rights == [date(2026, 6, 25), date(2026, 6, 30)], "the contract's first version is out of date"
    assert found == sorted(found, key=lambda d: (d.starts_on, d.ends_on, d.key))
    assert len({d.key for d in found}) == len(found)


def test_a_span_is_there_while_it_lasts(everything, ada):
    within = list_dates(Scope(ada.workspace_id, Range(date(2026, 6, 17), date(2026, 6, 18))))

    assert [d.kind for d in within] == [DateKind.PUBLISH]


def test_a_date_that_moves_keeps_its_key(everything, ada):
    def due():
        return next(d for d in list_dates(Scope(ada.workspace_id, JUNE)) if d.kind is DateKind.DRAFT_DUE)

    before = due()
    Deliverable.objects.update(draft_due_on=date(2026, 6, 11), changed_at=CHANGED + timedelta(days=30))

    assert due().key == before.key and due().starts_on != before.starts_on and due().changed_at > before.changed_at


def test_what_is_put_away_a_template_or_somebody_else_s_is_left_out(everything, ada, dario, noon):
    open_campaign(given=GIVEN | {"name": "Copy me"}, is_template=True, actor=ada, now=noon)
    assert list_dates(Scope(dario.workspace_id, JUNE)) == []
    assert list_dates(Scope(dario.workspace_id, JUNE, everything.pk)) == []
    archive_campaign(campaign_id=everything.pk, actor=ada, now=noon)

    assert {d.kind for d in list_dates(Scope(ada.workspace_id, JUNE))} == {DateKind.APPROVAL_EXPIRY}


def test_a_calendar_takes_the_same_number_of_queries_for_one_thing_and_for_many(
    everything, ada, noon, django_assert_max_num_queries
):
    for n in range(30):
        Reminder.objects.create(campaign=everything, text=str(n), due_on=date(2026, 6, 16), made_at=noon)
    with django_assert_max_num_queries(len(SOURCES) + 1):
        list_dates(Scope(ada.workspace_id, JUNE))


# -- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(english, signed_in, rita, everything):
    return signed_in(rita)


def test_the_month_shows_every_day_with_what_is_dated(pages, everything):
    page = pages.get(f"/w/harbour/campaigns/{everything.pk}/calendar/?month=2026-06").content.decode()

    assert "June 2026" in page and page.count("<td") == 35
    for said in ("Draft due", "Mona, Reel", "To be published from", "until", "Exclusivity ends", "MONA10", "payment"):
        assert said in page
    assert f'href="/w/harbour/campaigns/{everything.pk}/calendar/?month=2026-05"' in page
    assert "In your own calendar" not in page, "Rita only reads"


def test_what_an_approval_is_about_is_said_in_the_reader_s_language(pages, everything, ada, noon, monkeypatch):
    act = Act("campaigns.client_review", "campaign", str(everything.pk), {"text": "Reel"}, ("Mona",))
    summary = Sentence("Let %(name)s publish", name="Mona")
    governance.ask_approval(act=act, summary=summary, actor=ada, now=noon)
    monkeypatch.setattr(errors, "READERS", Language("[{}]".format, lambda _, term: term, lambda n, _: str(n), str))
    page = pages.get(f"/w/harbour/campaigns/{everything.pk}/calendar/?month=2026-06").content.decode()

    assert "the client’s approval: [Let Mona publish]" in page
    assert "payment: Pay Mona EUR 750" in page, "kept before, as plain text"


def test_weeks_begin_on_monday_in_both_languages(pages, everything, client):
    place = "/w/harbour/calendar/?month=2026-06"
    assert re.search(r'<abbr title="(\w+)"', pages.get(place).content.decode()).group(1) == "Monday"
    client.cookies["django_language"] = "fr"
    french = pages.get(place).content.decode()
    assert re.search(r'<abbr title="(\w+)"', french).group(1) == "lundi" and "juin 2026" in french


def test_today_is_marked_and_nonsense_shows_this_month(pages):
    today = timezone.localdate()
    for asked in ("", "?month=x", "?month=99999-01", "?week=2026-02-31", "?month=0001-01"):
        page = pages.get(f"/w/harbour/calendar/{asked}").content.decode()
        assert page.count('aria-current="date"') == 1 and f'datetime="{today.isoformat()}"' in page


def test_a_full_day_says_how_many_more_there_are_and_leads_to_its_week(pages, everything, noon):
    for n in range(5):
        Reminder.objects.create(campaign=everything, text=f"no. {n}", due_on=date(2026, 6, 17), made_at=noon)
    month = pages.get("/w/harbour/calendar/?month=2026-06").content.decode()
    assert re.search(r'href="/w/harbour/calendar/\?week=2026-06-17">\+3<', month)
    week = pages.get("/w/harbour/calendar/?week=2026-06-17").content.decode()
    assert all(f"no. {n}" in week for n in range(5)) and week.count("<td") == 7


def test_an_empty_month_says_what_to_do(pages):
    assert "Nothing is dated here" in pages.get("/w/harbour/calendar/?month=2031-01").content.decode()


def test_the_pages_keep_within_their_budget(pages, everything, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        pages.get("/w/harbour/calendar/?month=2026-06")
    with django_assert_max_num_queries(20):
        pages.get(f"/w/harbour/campaigns/{everything.pk}/calendar/?month=2026-06")


def test_dario_sees_nothing(signed_in, dario, everything):
    client = signed_in(dario)
    assert client.get(f"/w/harbour/campaigns/{everything.pk}/calendar/").status_code == 404
    assert client.get(f"/w/elsewhere/campaigns/{everything.pk}/calendar/").status_code == 404
    assert "Mona" not in client.get("/w/elsewhere/calendar/?month=2026-06").content.decode()


# -- the link --------------------------------------------------------------------------------------------------------


def address_in(page: str) -> str:
    return re.search(r'data-copy="https?://[^/]+(/l/[^"]+)"', page).group(1).replace("&amp;", "&")


@pytest.fixture
def recent(everything):
    """The feed goes by the clock: what it is to show is moved to today."""
    today = timezone.localdate()
    Reminder.objects.update(due_on=today)
    Deliverable.objects.update(draft_due_on=today)
    Payment.objects.update(paid_on=today)
    return everything


def test_a_link_brings_the_dates_into_a_calendar_program_until_it_is_revoked(english, signed_in, ada, recent, client):
    member = signed_in(ada)
    made = member.post("/w/harbour/calendar/links/", {"label": "Ada’s phone", "campaign": recent.pk})
    feed = address_in(made.content.decode())
    assert "no-store" in made["Cache-Control"] and "Ada’s phone" in made.content.decode()
    client.logout()

    answer = client.get(feed)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and answer["Referrer-Policy"] == "same-origin"
    events = vobject.readOne(answer.content.decode()).vevent_list
    said = {event.summary.value for event in events}
    assert "Draft due: Mona, Reel (Spring in the garden)" in said and "Reminder: Spring in the garden" in said
    assert all(event.uid.value.endswith(".harbour@sillage") for event in events)
    for secret in ("750", "900", "EUR", "offer", feed.split("/")[2]):
        assert secret not in answer.content.decode()

    member = signed_in(ada)
    (link,) = re.findall(
        r"/calendar/links/(\d+)/revoke/", member.get(f"/w/harbour/campaigns/{recent.pk}/calendar/").content.decode()
    )
    member.post(f"/w/harbour/calendar/links/{link}/revoke/", {"campaign": recent.pk})
    client.logout()
    assert client.get(feed).status_code == 404


def test_a_workspace_s_link_shows_all_campaigns_and_another_purpose_opens_none(ada, recent, client, noon):
    now = timezone.now()
    given = {"label": "x", "expires_at": now + timedelta(days=9), "actor": ada, "now": now}
    _, all_of_it = governance.open_link(
        purpose=Purpose.CALENDAR, subject_kind="workspace", subject_id=ada.workspace_id, **given
    )
    _, review = governance.open_link(purpose=Purpose.REVIEW, subject_kind="campaign", subject_id=recent.pk, **given)

    assert b"Spring in the garden" in client.get(f"/l/{all_of_it}/calendar.ics").content
    assert client.get(f"/l/{review}/calendar.ics").status_code == 404
    assert client.get("/l/made-up/calendar.ics").status_code == 404


def test_who_only_reads_makes_no_link_and_nobody_makes_one_for_another_workspace(signed_in, rita, dario, everything):
    assert signed_in(rita).post("/w/harbour/calendar/links/", {"label": "x"}).status_code == 403
    theirs = signed_in(dario).post("/w/elsewhere/calendar/links/", {"label": "x", "campaign": everything.pk})
    assert theirs.status_code == 404


# -- other doors -----------------------------------------------------------------------------------------------------


def test_a_program_reads_dates_and_makes_a_link(ada, rita, everything, client):
    readers = program_of(rita)
    june = {"first": "2026-06-01", "last": "2026-06-30"}
    found = readers.get("calendar", **june).json()["items"]
    assert {d["kind"] for d in found} >= {"draft_due", "publish", "reminder"}
    assert len(readers.get("calendar", **june, campaign_id=everything.pk).json()["items"]) == len(found)
    assert readers.get("calendar", first="2026-06-30", last="2026-06-01").status_code == 422
    assert readers.get("calendar", **june, campaign_id=10**9).status_code == 404
    assert readers.post("calendar/links", {"label": "x"}).status_code == 403

    made = program_of(ada, Right.CAMPAIGN).post("calendar/links", {"label": "x", "campaign_id": everything.pk})
    assert made.status_code == 201 and client.get(made.json()["path"]).status_code == 200
    assert program_of(ada).call("DELETE", f"calendar/links/{made.json()['id']}").status_code == 204
    assert client.get(made.json()["path"]).status_code == 404


def test_the_command_line_lists_dates_and_makes_a_link(everything, client):
    def run(*words):
        return CliRunner().invoke(sillage, ["calendar", *words], standalone_mode=False, catch_exceptions=False).output

    listed = json.loads(run("list", "--from", "2026-06-01", "--days", "30", "--campaign", str(everything.pk), "--json"))
    assert {"draft_due", "reminder"} <= {line["what"] for line in listed}
    assert client.get(run("link", "phone", "--campaign", str(everything.pk)).strip()).status_code == 200
