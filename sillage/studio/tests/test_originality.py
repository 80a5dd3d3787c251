"""A text against the bubble: the archive, the campaign, the theme; what is missing is said, what is gone is not quoted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance.models import Workspace
from sillage.studio.actions.texts import start_text
from sillage.studio.engine.origins import BY_A_PERSON
from sillage.studio.models import Text, Voice, VoiceText
from sillage.studio.queries.audience import angles_of, unsaid_of
from sillage.studio.queries.inspiration import creators_of, inspiration_of
from sillage.studio.queries.originality import NothingToPlace, ThemeUnknown, originality_of, wanted_by, wanted_for
from sillage.studio.tests.bubble import DRAFT, SKIN, a_campaign, planted
from sillage.understanding.models import ArchivedText

__all__ = ["terminal"]


@pytest.fixture
def accounts(ada, noon):
    return planted(ada, noon)


def _placed(actor, body=DRAFT, **given):
    return originality_of(actor.workspace_id, wanted_by(actor.workspace_id, body, **given))


def _group(found, kind):
    return next(group for group in found.groups if group.kind == kind)


def _text(actor, now, body, **given):
    return start_text(
        title="A text", kind="ad", language="fr", body=body, made_by=BY_A_PERSON, actor=actor, now=now, **given
    )


def test_a_text_is_placed_among_the_posts_of_its_theme_with_the_nearest_quoted(accounts, ada):
    found = _placed(ada, SKIN[2])
    theme = _group(found, "theme")
    assert found.language == "fr" and found.are_read and found.themes[0].startswith("beauty")
    assert theme.placement.n >= 60 and theme.placement.words.percentile is not None
    first = theme.quotes[0]
    assert "trois gestes" in first.text and first.who in ("@lea", "@mia", "@zoe")
    assert first.origin.post.url.startswith("https://e.org/") and "trois gestes" in first.run
    assert theme.placement.word_for_word.text == SKIN[2] and theme.placement.word_for_word.n == 18
    assert any(phrase.n >= 18 for phrase in theme.placement.common)


def test_what_cannot_be_had_is_said(ada):
    found = _placed(ada)
    assert not found.groups and {"brand", "campaign", "posts"} <= set(found.missing)


def test_a_theme_that_does_not_exist_and_a_text_without_words_are_refused(ada):
    with pytest.raises(ThemeUnknown):
        _placed(ada, theme="nonsense")
    with pytest.raises(NothingToPlace):
        _placed(ada, "  \n ")


def test_the_archive_is_what_the_brand_chose_trained_and_imported(accounts, ada, noon):
    campaign = a_campaign(ada, noon)
    voice = Voice.objects.create(
        workspace_id=ada.workspace_id, name="Terre", brand="Terre Vive", language="fr", created_at=noon, changed_at=noon
    )
    VoiceText.objects.create(
        voice=voice, text="Le compost, c’est du temps", digest=b"1", source="pasted", added_at=noon
    )
    ArchivedText.objects.create(
        workspace_id=ada.workspace_id, brand_key="terre-vive", text="Du compost au balcon", text_hash=1, added_at=noon
    )
    chosen = _text(ada, noon, "Mon compost de ville, sans odeur", campaign_id=campaign.pk)
    Text.objects.filter(pk=chosen.pk).update(state="chosen")
    _text(ada, noon, "Pas encore choisi, mon compost", campaign_id=campaign.pk)
    archive = _group(_placed(ada, campaign_id=campaign.pk), "archive")
    assert {quote.kind for quote in archive.quotes} == {"text", "voice_text", "archived"} and archive.placement.n == 3
    assert archive.placement.words.percentile is None


def test_a_text_is_compared_with_the_campaign_s_others_and_not_with_itself(accounts, ada, noon):
    campaign = a_campaign(ada, noon)
    own = _text(ada, noon, DRAFT, campaign_id=campaign.pk)
    other = _text(ada, noon, "Trois gestes pour le visage", campaign_id=campaign.pk)
    found = originality_of(ada.workspace_id, wanted_for(own, DRAFT))
    assert [quote.near.ref for quote in _group(found, "campaign").quotes] == [f"text:{other.pk}"]


def test_what_a_creator_takes_away_is_not_quoted_any_more(accounts, ada, noon):
    before = _group(_placed(ada, SKIN[2], theme="beauty"), "theme").placement.n
    for handle in ("lea", "mia"):
        key = catalogue.get_account(ada.workspace_id, f"instagram:{handle}").creator.key
        forget(key=key, actor=ada, now=noon)
    after = _group(_placed(ada, SKIN[2], theme="beauty"), "theme")
    assert after.placement.n == before - 48
    assert {quote.who for quote in after.quotes} <= {"@zoe", "@rival"}


def test_another_workspace_has_nothing_to_be_near_to(accounts, ada, dario):
    assert not _placed(dario, SKIN[2], theme="beauty").groups


# -- angles and inspiration ------------------------------------------------------------------------------------------


def test_an_angle_is_what_the_audience_says_and_the_theme_does_not(accounts, ada):
    mine = [accounts["lea"].pk, accounts["mia"].pk]
    found = angles_of(ada.workspace_id, mine, ("beauty",), "fr", DRAFT)
    said = {one.term for one in found.words}
    assert said & {"tramway", "minuscule", "éclairée", "bain minuscule", "salle", "mal éclairée"} == set()
    assert found.comments and found.posts == 48  # the third creator's audience talks the same: words of talk


def test_an_angle_of_one_audience_alone_stands_out_with_its_quotes(accounts, ada, noon):
    others = [a.pk for h, a in accounts.items() if h in ("tom", "ana")]
    found = unsaid_of(ada.workspace_id, others, ["brume"], "fr", "Un potager")
    terms = {one.term: one for one in found.words}
    assert {"potager", "compost", "terre"} & set(terms) and "brume" not in terms
    one = next(iter(terms.values()))
    assert one.contrast.other_n == 0 and one.contrast.owners == 2 and one.quotes
    assert found.themes and found.themes[0].term.startswith("home")


def test_the_inspiration_of_a_campaign_has_what_rises_is_asked_and_left_unsaid(accounts, ada, noon):
    campaign = a_campaign(ada, noon, [accounts["lea"], accounts["mia"]], ["brume"])
    creators = creators_of(ada.workspace_id, campaign_id=campaign.pk)
    found = inspiration_of(ada.workspace_id, creators, until=noon.date(), days=30)
    assert [one.subject for one in found.hashtags.rising] == ["glowlent"]
    (tag,) = found.hashtags.rising
    assert (tag.before, tag.after, tag.creators) == (0, 24, 2)
    assert tag.last_on == (noon - timedelta(days=2)).date()
    assert found.themes.windows.n_after == 24 and found.themes.compared >= 1
    assert found.asked.groups[0].group.n == 4 and "maquillage" in found.asked.groups[0].group.text
    assert found.competitors == ("Maison Brume",) and found.unsaid is not None and found.unsaid.others == 24


def test_posts_that_nobody_has_read_leave_questions_and_themes_out(ada, noon):
    accounts = planted(ada, noon, read=False)
    campaign = a_campaign(ada, noon, [accounts["lea"], accounts["mia"]])
    creators = creators_of(ada.workspace_id, campaign_id=campaign.pk)
    found = inspiration_of(ada.workspace_id, creators, until=noon.date(), days=30)
    assert found.asked.comments == 0 and found.themes.compared == 0 and found.unsaid is None


# -- doors -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def _url(name, *args, slug="harbour"):
    return reverse(f"studio:{name}", args=[slug, *args])


def test_the_page_shows_the_picture_the_table_and_the_quotes(accounts, visitor):
    html = visitor.post(_url("originality"), {"text": SKIN[2], "theme": "beauty"}).content.decode()
    assert "bubble__picture" in html and "Posts of the theme" in html and "https://e.org/" in html
    assert "closer than" in html and "It is no verdict" in html
    assert "original text" not in html and "No campaign is chosen" in html


def test_the_page_refuses_an_empty_text_and_keeps_the_form(visitor):
    answer = visitor.post(_url("originality"), {"text": " "})
    assert answer.status_code == 422 and "Paste the text" in answer.content.decode()


def test_a_text_s_panel_and_page_place_it_without_a_campaign(accounts, visitor, ada, noon):
    text = _text(ada, noon, SKIN[2])
    panel = visitor.post(_url("text_panel", text.pk, "originality"), {"body": SKIN[2]}).content.decode()
    assert "bubble__picture" in panel and _url("text_originality", text.pk) in panel
    html = visitor.get(_url("text_originality", text.pk)).content.decode()
    assert "bubble__picture" in html and "Choose a campaign" in html


def test_the_inspiration_page_offers_a_button_for_each_thing(ada, visitor):
    now = timezone.now()
    accounts = planted(ada, now)
    campaign = a_campaign(ada, now, [accounts["lea"], accounts["mia"]], ["brume"])
    html = visitor.get(_url("inspiration"), {"of": f"campaign:{campaign.pk}", "days": "30"}).content.decode()
    assert "#glowlent" in html and "Put on the board" in html and "maquillage" in html and "fan0" not in html
    assert "Compared with posts of or about Maison Brume" in html


def test_the_inspiration_page_says_what_to_choose(visitor):
    assert "Whose posts should be read?" in visitor.get(_url("inspiration")).content.decode()
    assert visitor.get(_url("inspiration"), {"theme": "nonsense"}).status_code == 422


def test_a_reader_may_look_and_a_stranger_finds_nothing(accounts, ada, rita, dario, signed_in, noon):
    text = _text(ada, noon, SKIN[2])
    reader = signed_in(rita)
    assert reader.post(_url("originality"), {"text": SKIN[2]}).status_code == 200
    assert "Put on the board" not in reader.get(_url("inspiration"), {"theme": "beauty"}).content.decode()
    stranger = signed_in(dario)
    assert stranger.get(_url("originality")).status_code == 404
    assert stranger.get(_url("text_originality", text.pk, slug="elsewhere")).status_code == 404


def test_the_api_places_a_text_and_finds_what_inspires(accounts, ada, noon, dario):
    campaign = a_campaign(ada, noon, [accounts["tom"], accounts["ana"]], ["brume"])
    program = program_of(ada)
    found = program.post("studio/originality", {"text": SKIN[2], "theme": "beauty", "angles": True}).json()
    assert found["groups"][0]["kind"] == "theme" and found["angles"] is None and "campaign" in found["missing"]
    with_angles = program.post(
        "studio/originality", {"text": "Au potager", "theme": "beauty", "campaign_id": campaign.pk, "angles": True}
    ).json()
    term = with_angles["angles"]["words"][0]
    assert term["other_n"] == 0 and term["quotes"][0]["url"].startswith("https://e.org/")
    kept = program.post("studio/ideas/found", {"found": term["found"], "campaign_id": campaign.pk})
    assert kept.status_code == 201 and kept.json()["rule"] == "angle"
    found = program.get("studio/inspiration", campaign_id=campaign.pk, days=365).json()
    assert found["competitors"] == ["Maison Brume"] and found["unsaid"]["others"] == 24
    unclear = program.get("studio/inspiration")
    assert (unclear.status_code, unclear.json()["type"]) == (422, "urn:sillage:SetUnclear")
    elsewhere = program_of(dario, slug=Workspace.objects.get(pk=dario.workspace_id).slug)
    assert elsewhere.get("studio/inspiration", campaign_id=campaign.pk).status_code == 404


def test_the_commands_say_the_same(terminal, accounts, ada, noon, tmp_path):
    campaign = a_campaign(ada, noon, [accounts["lea"], accounts["mia"]], ["brume"])
    file = tmp_path / "draft.txt"
    file.write_text(SKIN[2], encoding="utf8")
    shown = terminal("studio", "originality", str(file), "--theme", "beauty")
    assert shown.code == 0 and "closer than" in shown.out and "trois gestes" in shown.out
    data = json.loads(terminal("studio", "originality", str(file), "--campaign", str(campaign.pk), "--json").out)
    assert "archive" in data["missing"] and data["groups"]
    shown = terminal("studio", "inspiration", "--campaign", str(campaign.pk), "--days", "365")
    assert shown.code == 0 and "too few posts" in shown.err and "maquillage" in shown.out
    assert terminal("studio", "inspiration").code == 1
