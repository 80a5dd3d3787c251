"""Pages of campaigns and their pipeline: what they show, what a press of a button does, with and without htmx."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sillage.campaigns.actions.campaigns import archive_campaign, duplicate_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.moving import move_collaboration
from sillage.campaigns.actions.notes import set_reminder, write_note
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Campaign, Collaboration, Move, Note, Reminder
from sillage.campaigns.queries import pipeline as queries
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.models import Account
from sillage.discovery import actions as discovery
from sillage.discovery.actions import exclude
from sillage.discovery.tests.conftest import fill

LEAST = {"name": "Spring", "brand": "Terre Vive", "objective": "Make it known", "currency": "EUR"}


@pytest.fixture
def ada_s(signed_in, ada, english):
    return signed_in(ada)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["harbour", *args])


# -- the list and the form -------------------------------------------------------------------------------------------


def test_an_empty_workspace_is_led_to_its_first_campaign(ada_s):
    page = ada_s.get(url("campaigns")).content.decode()
    assert "Your first campaign takes three steps" in page and url("new") in page


def test_three_fields_open_a_campaign_and_lead_to_its_pipeline(ada_s, noon):
    answer = ada_s.post(url("new"), {**LEAST, "countries": ["FR"]})
    made = Campaign.objects.get()
    assert answer.url == url("campaign", made.pk) and made.law_packs == ["fr", "eu"]
    page = ada_s.get(answer.url, follow=True).content.decode()
    assert "Nobody is in this campaign yet" in page


def test_a_form_with_mistakes_comes_back_with_what_was_typed_and_why(ada_s):
    answer = ada_s.post(
        url("new"),
        {**LEAST, "brand": "…", "starts_on": "2026-07-02", "ends_on": "2026-07-01", "landing_url": "e.org/x"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and not Campaign.objects.exists()
    assert "The campaign ends before it starts." in page and 'value="Spring"' in page


def test_a_brand_without_letters_is_told_beside_its_field(ada_s):
    answer = ada_s.post(url("new"), {**LEAST, "brand": "…"})
    assert answer.status_code == 422 and "names no brand" in answer.content.decode()


def test_all_fields_are_kept_and_shown_and_changed(ada_s):
    given = {
        **LEAST,
        "countries": ["FR", "BE"],
        "starts_on": "2026-06-01",
        "ends_on": "2026-07-01",
        "budget": "12,000.50",
        "text": "Show it as it is.",
        "hashtags": "#compost, #vive",
        "mentions": "@terrevive",
        "codes": "VIVE10",
        "competitors": "Bio Sol, Halden",
        "landing_url": "https://terre.example/c",
        "utm_source": "instagram",
        "utm_campaign": "spring",
        "law_packs": ["fr"],
    }
    ada_s.post(url("new"), given)
    made = Campaign.objects.get()
    assert (made.hashtags, made.competitors, made.law_packs) == (["compost", "vive"], ["bio-sol", "halden"], ["fr"])
    page = ada_s.get(url("about", made.pk)).content.decode()
    assert "utm_source=instagram&amp;utm_campaign=spring" in page and "Show it as it is." in page
    assert "The countries propose also:" in page and "12,000.50" in page

    form = ada_s.get(url("edit", made.pk)).content.decode()
    assert 'value="#compost #vive"' in form and 'value="BE" checked' in form
    ada_s.post(url("edit", made.pk), {**given, "name": "Summer", "law_packs": []})
    made.refresh_from_db()
    assert (made.name, made.law_packs) == ("Summer", [])
    assert "No law pack applies" in ada_s.get(url("about", made.pk)).content.decode()


def test_the_list_narrows_by_words_and_has_templates_and_what_was_put_away(ada_s, campaign, ada, noon):
    duplicate_campaign(campaign_id=campaign.pk, name="Garden template", is_template=True, actor=ada, now=noon)
    old = duplicate_campaign(campaign_id=campaign.pk, name="Last year", actor=ada, now=noon)
    archive_campaign(campaign_id=old.pk, actor=ada, now=noon)
    shown = lambda query: ada_s.get(url("campaigns") + query).content.decode()  # noqa: E731
    assert "Spring in the garden" in shown("?words=garden") and "Last year" not in shown("")
    assert "No campaign fits these words" in shown("?words=xylophone")
    assert "Open from it" in shown("?state=templates") and "Bring back" in shown("?state=archived")


def test_a_template_begins_a_campaign_with_its_words(ada_s, campaign, ada, noon):
    template = duplicate_campaign(campaign_id=campaign.pk, name="Garden", is_template=True, actor=ada, now=noon)
    page = ada_s.get(url("new") + f"?from={template.pk}").content.decode()
    assert 'value="Make the compost known"' in page and 'value="#terrevive"' in page


def test_copies_rest_and_return_are_a_press_away(ada_s, campaign):
    ada_s.post(url("duplicate", campaign.pk), {"name": "Autumn"})
    ada_s.post(url("duplicate", campaign.pk), {"name": "Garden", "as": "template"})
    assert Campaign.objects.get(name="Garden").is_template and not Campaign.objects.get(name="Autumn").is_template
    ada_s.post(url("archive", campaign.pk))
    assert "nothing in it moves" in ada_s.get(url("pipeline", campaign.pk)).content.decode()
    ada_s.post(url("restore", campaign.pk))
    campaign.refresh_from_db()
    assert campaign.archived_at is None


def test_a_shortlist_opens_a_campaign_in_one_click(ada_s, ada, noon):
    fill(ada, noon)
    given = {"text": "Jardinage, potager, en France", "budget": "3000", "filters": {"countries": ["FR", "BE"]}}
    brief = discovery.open_brief(given=given, actor=ada, now=noon)
    found = discovery.shortlist(brief_id=brief.pk, limit=10, actor=ada, now=noon)
    page = ada_s.get(reverse("discovery:brief", args=["harbour", brief.pk])).content.decode()
    assert url("open_from_shortlist", found.pk) in page and "Open a campaign" in page

    ada_s.post(url("open_from_shortlist", found.pk), {"take": "pinned"})
    assert not Campaign.objects.exists(), "nobody is pinned"

    discovery.pin(brief_id=brief.pk, account="instagram:basile", reason="", actor=ada, now=noon)
    ada_s.post(url("open_from_shortlist", found.pk), {"take": "pinned"})
    made = Campaign.objects.get()
    assert (made.brief_id, made.name, list(made.countries)) == (brief.pk, brief.title, ["FR", "BE"])
    assert [c.handle for c in made.collaborations.all()] == ["basile"]
    assert made.collaborations.get().shortlisted_from == found.pk

    discovery.dismiss(brief_id=brief.pk, account="instagram:mona", reason="no", actor=ada, now=noon)
    ada_s.post(url("open_from_shortlist", found.pk), {"take": "10"})
    handles = {c.handle for c in Campaign.objects.order_by("-pk").first().collaborations.all()}
    assert "basile" in handles and "mona" not in handles


# -- board and table -------------------------------------------------------------------------------------------------


def test_the_board_has_ten_stages_and_each_card_its_form(ada_s, campaign, collaborations):
    page = ada_s.get(url("pipeline", campaign.pk)).content.decode()
    assert page.count('class="board__column') == 10 and page.count("data-card=") == 2
    assert url("move", collaborations["mona"].pk) in page
    card = page[page.index(f'id="card-{collaborations["mona"].pk}"') :]
    assert '<option value="contacted">Contacted</option><option value="closed">Closed</option>' in card


def test_the_table_lists_the_same_and_both_narrow(ada_s, campaign, collaborations, bruno, ada, noon):
    move_collaboration(collaboration_id=collaborations["noe"].pk, to=Stage.CONTACTED, actor=ada, now=noon)
    shown = lambda query: ada_s.get(url("pipeline", campaign.pk) + query).content.decode()  # noqa: E731
    assert shown("?view=table").count('class="identity__name"') == 2
    for view in ("?view=table&", "?"):
        assert "Mona" in shown(f"{view}words=mon") and "Noe" not in shown(f"{view}words=mon")
        assert "Mona" not in shown(f"{view}owner={bruno.member_id}")
    assert "Mona" not in shown("?view=table&stage=contacted")
    assert "Nobody fits all of this" in shown("?view=table&words=xylophone")


def test_rita_sees_the_board_and_no_form(signed_in, rita, english, campaign, collaboration):
    page = signed_in(rita).get(url("pipeline", campaign.pk)).content.decode()
    assert "Mona" in page and "data-move" not in page.replace("data-moves", "") and 'form="bulk"' not in page
    assert signed_in(rita).post(url("move", collaboration.pk), {"to": "contacted"}).status_code == 403


def test_dario_finds_nothing(signed_in, dario, campaign, collaboration):
    client = signed_in(dario)
    for address in (url("pipeline", campaign.pk), url("collaboration", collaboration.pk), url("about", campaign.pk)):
        assert client.get(address).status_code == 404
        assert client.get(address.replace("harbour", "elsewhere")).status_code == 404
    answer = client.post(url("move", collaboration.pk).replace("harbour", "elsewhere"), {"to": "contacted"})
    assert answer.status_code == 404 and not Move.objects.exists()


def test_a_card_is_moved_by_its_form_and_one_comes_back_to_the_board_as_it_was(ada_s, campaign, collaboration):
    answer = ada_s.post(url("move", collaboration.pk) + "?words=mon", {"to": "contacted", "version": "1"})
    assert answer.url == url("pipeline", campaign.pk) + "?words=mon"
    assert "Mona: Shortlisted → Contacted" in ada_s.get(answer.url).content.decode()


def htmx(client, address, **given):
    return client.post(address, given, headers={"HX-Request": "true"})


def test_htmx_gets_the_two_columns_and_a_button_that_takes_back(ada_s, collaboration):
    answer = htmx(ada_s, url("move", collaboration.pk), to="contacted", version="1")
    page = answer.content.decode()
    assert page.count('hx-swap-oob="outerHTML"') == 3
    assert 'id="stage-shortlisted"' in page and 'id="stage-contacted"' in page and 'id="stage-live"' not in page
    assert url("undo", collaboration.pk) in page

    undone = htmx(ada_s, url("undo", collaboration.pk), version="2").content.decode()
    assert "Mona is back in “Shortlisted”." in undone and url("undo", collaboration.pk) not in undone


def test_the_loser_of_a_race_is_told_in_words_and_sees_the_board_as_it_is(ada_s, collaboration, bruno, noon):
    move_collaboration(collaboration_id=collaboration.pk, to=Stage.CONTACTED, actor=bruno, now=noon)
    answer = htmx(ada_s, url("move", collaboration.pk), to="closed", version="1", reason="x")
    page = answer.content.decode()
    assert answer.status_code == 409 and "Bruno moved Mona to “Contacted” meanwhile." in page
    assert 'role="alert"' in page and 'data-version="2"' in page


def test_a_stage_that_there_is_not_is_refused(ada_s, collaboration):
    assert ada_s.post(url("move", collaboration.pk), {"to": "limbo"}).status_code == 422


def test_many_cards_move_and_each_says_what_became_of_it(ada_s, campaign, collaborations, ada, noon):
    exclude(name="Stop", account_ids=[collaborations["noe"].account_id], actor=ada, now=noon)
    ticked = [f"{row.pk}.{row.version}" for row in collaborations.values()]
    page = ada_s.post(url("move_many", campaign.pk), {"c": ticked, "to": "contacted"}).content.decode()
    assert "1 moved to “Contacted”." in page and "Noe may not be written to: Stop." in page
    none = ada_s.post(url("move_many", campaign.pk), {"to": "contacted"}).content.decode()
    assert "Nobody is ticked" in none


def test_creators_come_in_by_name_or_handle_and_unclear_names_are_told(ada_s, campaign, accounts, ada, noon):
    lines = "instagram:mona\n@poppy\nnobody of that name\n\n"
    page = ada_s.post(url("add", campaign.pk), {"accounts": lines}, follow=True).content.decode()
    assert "nobody of that name" in page
    assert "mona" in {c.handle for c in campaign.collaborations.all()}


# -- a collaboration -------------------------------------------------------------------------------------------------


def test_a_collaboration_says_where_it_stands_and_what_speaks_against_it(
    ada_s, campaign, collaboration, ada, bruno, noon
):
    other = duplicate_campaign(campaign_id=campaign.pk, name="Winter", actor=bruno, now=noon)
    (row,) = add_collaborations(
        campaign_id=other.pk, accounts=[collaboration.account_id], actor=bruno, now=timezone.now()
    )
    move_collaboration(collaboration_id=row.pk, to=Stage.CONTACTED, actor=bruno, now=timezone.now())
    page = ada_s.get(url("collaboration", collaboration.pk)).content.decode()
    assert 'aria-current="step">Shortlisted' in page
    assert "Bruno wrote to them on" in page and "“Winter”" in page and "It forbids nothing: you decide." in page


def test_notes_owner_and_reminders_are_kept_from_its_page(ada_s, campaign, collaboration, bruno):
    ada_s.post(url("note", collaboration.pk), {"text": "@bruno <b>see</b>"})
    ada_s.post(url("assign", collaboration.pk), {"member": bruno.member_id})
    due = {"text": "Call", "due_on": "2026-06-20", "collaboration": collaboration.pk, "member": bruno.member_id}
    answer = ada_s.post(url("remind", campaign.pk), due)
    assert answer.url == url("collaboration", collaboration.pk)
    page = ada_s.get(answer.url).content.decode()
    assert "<strong>@bruno</strong> &lt;b&gt;see&lt;/b&gt;" in page and "Call" in page
    collaboration.refresh_from_db()
    assert collaboration.owner_id == bruno.member_id
    ada_s.post(url("done", Reminder.objects.get().pk), {"collaboration": collaboration.pk})
    assert Reminder.objects.get().done_at is not None


def test_an_empty_note_and_a_reminder_without_a_day_are_told(ada_s, campaign, collaboration):
    page = ada_s.post(url("note", collaboration.pk), {"text": " "}, follow=True).content.decode()
    assert "A note needs some words" in page and not Note.objects.exists()
    page = ada_s.post(url("remind", campaign.pk), {"text": "Call", "due_on": "soon"}, follow=True).content.decode()
    assert "A reminder needs a few words and a day." in page and not Reminder.objects.exists()


def test_what_awaits_me_stands_on_my_page(signed_in, english, campaign, collaboration, ada, bruno, noon):
    write_note(collaboration_id=collaboration.pk, text="@bruno what do you think?", actor=ada, now=noon)
    set_reminder(
        campaign_id=campaign.pk,
        text="Send the plan",
        due_on=noon.date(),
        member_id=bruno.member_id,
        actor=ada,
        now=noon,
    )
    page = signed_in(bruno).get(url("mine")).content.decode()
    assert "what do you think?" in page and "Send the plan" in page
    page = signed_in(ada).get(url("mine")).content.decode()
    assert "what do you think?" not in page and "Mona" in page


def test_activity_names_who_did_what(ada_s, campaign, collaboration, bruno, noon):
    move_collaboration(collaboration_id=collaboration.pk, to=Stage.CONTACTED, actor=bruno, now=noon)
    page = ada_s.get(url("activity", campaign.pk)).content.decode()
    assert "Bruno" in page and "<strong>Contacted</strong>" in page and "opened a campaign" in page


# -- many cards ------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(ada, campaign, noon):
    """Sixty in one stage, whom another campaign knows too."""
    records = tuple(AccountRecord("instagram", f"c{i}", f"c{i}", name=f"Creator {i}") for i in range(60))
    ingest(workspace_id=ada.workspace_id, batch=Batch(records, (), (), ()), actor=ada, now=noon)
    ids = list(Account.objects.filter(handle__startswith="c").order_by("pk").values_list("pk", flat=True))
    add_collaborations(campaign_id=campaign.pk, accounts=ids, actor=ada, now=noon)
    other = duplicate_campaign(campaign_id=campaign.pk, name="Winter", actor=ada, now=noon)
    for row in add_collaborations(campaign_id=other.pk, accounts=ids[:20], actor=ada, now=noon):
        Collaboration.objects.filter(pk=row.pk).update(stage="agreed")
    return campaign


def test_a_stage_shows_its_first_cards_and_then_more(ada_s, crowd):
    page = ada_s.get(url("pipeline", crowd.pk)).content.decode()
    assert page.count("data-card=") == 8 and '<span class="board__n">60</span>' in page
    address = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    rest = ada_s.get(address, headers={"HX-Request": "true"}).content.decode()
    assert rest.count("data-card=") == 52 and "hx-get=" not in rest
    assert ada_s.get(address).url == url("pipeline", crowd.pk) + "?view=table&stage=shortlisted"


def test_more_follows_cards_of_the_same_instant_without_losing_any(crowd, noon):
    (first,) = queries.board(crowd, queries.Wanted(), noon, [Stage.SHORTLISTED])
    rest = queries.more_of(crowd, Stage.SHORTLISTED, queries.Wanted(), first.next_cursor, noon)
    ids = [card.row.pk for card in (*first.cards, *rest.cards)]
    assert len(set(ids)) == 60 and rest.next_cursor is None


def test_a_cursor_that_another_list_made_is_refused(ada_s, crowd):
    assert ada_s.get(url("pipeline", crowd.pk) + "?view=table&cursor=WzFd").status_code == 422
    answer = ada_s.get(url("more", crowd.pk, "live") + "?cursor=x", headers={"HX-Request": "true"})
    assert answer.status_code == 422


BUDGETS = {"pipeline": 25, "table": 25, "campaigns": 14, "collaboration": 60, "activity": 16}


def test_pages_keep_their_query_budget_whatever_there_is(ada_s, crowd, noon, ada, django_assert_max_num_queries):
    move_collaboration(
        collaboration_id=crowd.collaborations.first().pk,
        to=Stage.CONTACTED,
        actor=ada,
        now=noon + timedelta(hours=1),
    )
    addresses = {
        "pipeline": url("pipeline", crowd.pk),
        "table": url("pipeline", crowd.pk) + "?view=table",
        "campaigns": url("campaigns"),
        "collaboration": url("collaboration", crowd.collaborations.first().pk),
        "activity": url("activity", crowd.pk),
    }
    for name, address in addresses.items():
        with django_assert_max_num_queries(BUDGETS[name]):
            assert ada_s.get(address).status_code == 200, name
