"""Writing briefs are kept, changed by one person at a time, copied, put away; a machine writes none."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

import pytest

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.deliverables import add_deliverable
from sillage.governance.engine.actors import Actor, NotAllowed, automation
from sillage.governance.engine.law_reading import NoLawPack
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound, Refusal
from sillage.studio.actions.briefs import (
    BriefAlreadySo,
    BriefArchived,
    BriefNewer,
    IdeaOfMachine,
    archive_brief,
    change_brief,
    duplicate_brief,
    restore_brief,
    write_brief,
)
from sillage.studio.engine.brief import (
    FactMissing,
    IdeaMissing,
    Tone,
    WritingBriefMalformed,
    as_toml,
    writing_brief,
)
from sillage.studio.models import StoredBrief
from sillage.studio.queries.briefs import content_of, count_briefs, get_brief, label_of, list_briefs, proposed_by
from sillage.studio.tests.briefing import GIVEN, written


def test_a_brief_is_the_same_when_it_comes_back_from_what_was_kept_and_from_a_file() -> None:
    brief = writing_brief({**GIVEN, "tone": "warm", "hashtags": ["soin"], "idea": 'Dire « non », "vraiment"'})
    assert writing_brief(brief.kept()) == brief == writing_brief(tomllib.loads(as_toml(brief)))


def test_what_is_given_in_return_must_be_a_word_of_the_law_packs() -> None:
    with pytest.raises(WritingBriefMalformed, match="consideration"):
        writing_brief({**GIVEN, "consideration": "bribe"})


def test_a_brief_is_kept_with_who_wrote_it(ada: Actor, noon: datetime) -> None:
    stored = written(ada, noon, tone="warm")
    again = get_brief(ada.workspace_id, stored.pk)
    assert (again.title, again.kind, again.language, again.version) == (GIVEN["idea"], "ad", "fr", 1)
    assert again.created_by_id == ada.member_id and content_of(again).tone is Tone.WARM
    assert content_of(again).facts[1].source == "liste INCI"
    entry = Entry.objects.get(verb="studio.brief_written")
    assert (entry.subject_kind, entry.subject_id) == ("writing_brief", str(stored.pk))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"idea": ""}, IdeaMissing),
        ({"facts": []}, FactMissing),
        ({"law_packs": ["narnia"]}, NoLawPack),
        ({"campaign_id": 9_999}, NotFound),
        ({"voice_id": 9_999}, NotFound),
    ],
)
def test_what_cannot_be_written_from_is_not_kept(
    ada: Actor, noon: datetime, changed: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        written(ada, noon, **changed)
    assert not StoredBrief.objects.exists()


def test_a_reader_and_a_machine_write_none(ada: Actor, rita: Actor, noon: datetime) -> None:
    with pytest.raises(NotAllowed):
        written(rita, noon)
    with pytest.raises(IdeaOfMachine) as refused:
        written(automation("nightly", ada.workspace_id), noon)
    assert "nightly" in refused.value.message and refused.value.hint


def test_only_named_fields_change_and_none_takes_away(ada: Actor, noon: datetime) -> None:
    stored = written(ada, noon, tone="warm", never=["miracle"])
    changed = change_brief(brief_id=stored.pk, given={"tone": None, "code": "AUBE10"}, actor=ada, now=noon)
    brief = content_of(changed)
    assert (brief.tone, brief.code, brief.never, changed.version) == (None, "AUBE10", ("miracle",), 2)
    assert Entry.objects.get(verb="studio.brief_changed").facts["fields"] == ["code", "tone"]
    with pytest.raises(FactMissing):
        change_brief(brief_id=stored.pk, given={"facts": []}, actor=ada, now=noon)
    assert get_brief(ada.workspace_id, stored.pk).version == 2


def test_of_two_who_change_the_same_version_the_second_is_told(ada: Actor, bruno: Actor, noon: datetime) -> None:
    stored = written(ada, noon)
    change_brief(brief_id=stored.pk, given={"aim": "one"}, seen=1, actor=ada, now=noon)
    with pytest.raises(BriefNewer) as refused:
        change_brief(brief_id=stored.pk, given={"aim": "two"}, seen=1, actor=bruno, now=noon)
    assert "version 2" in refused.value.message
    assert content_of(get_brief(ada.workspace_id, stored.pk)).aim == "one"


def test_a_copy_has_the_same_words_and_a_title_of_its_own(ada: Actor, noon: datetime) -> None:
    stored = written(ada, noon)
    copy = duplicate_brief(brief_id=stored.pk, title="Autumn", actor=ada, now=noon)
    assert copy.pk != stored.pk and copy.title == "Autumn"
    assert {**copy.content, "title": ""} == {**stored.content, "title": ""}


def test_what_is_put_away_is_not_changed_until_it_is_back(ada: Actor, noon: datetime) -> None:
    stored = written(ada, noon)
    archive_brief(brief_id=stored.pk, actor=ada, now=noon)
    with pytest.raises(BriefArchived):
        change_brief(brief_id=stored.pk, given={"aim": "x"}, actor=ada, now=noon)
    with pytest.raises(BriefAlreadySo):
        archive_brief(brief_id=stored.pk, actor=ada, now=noon)
    assert count_briefs(ada.workspace_id) == {"open": 0, "archived": 1}
    restore_brief(brief_id=stored.pk, actor=ada, now=noon)
    with pytest.raises(BriefAlreadySo):
        restore_brief(brief_id=stored.pk, actor=ada, now=noon)


def test_another_workspace_finds_none_of_it(ada: Actor, dario: Actor, noon: datetime) -> None:
    stored = written(ada, noon)
    assert list_briefs(dario.workspace_id).items == []
    for act in (
        lambda: change_brief(brief_id=stored.pk, given={"aim": "x"}, actor=dario, now=noon),
        lambda: duplicate_brief(brief_id=stored.pk, title="x", actor=dario, now=noon),
        lambda: archive_brief(brief_id=stored.pk, actor=dario, now=noon),
        lambda: restore_brief(brief_id=stored.pk, actor=dario, now=noon),
    ):
        with pytest.raises(NotFound):
            act()
    campaign = open_campaign(given={"name": "C", "objective": "o", "brand": "b"}, actor=ada, now=noon)
    with pytest.raises(NotFound):
        write_brief(given={**GIVEN, "campaign_id": campaign.pk}, actor=dario, now=noon)


def test_briefs_are_listed_in_pages_by_words_kind_and_campaign(ada: Actor, noon: datetime) -> None:
    campaign = open_campaign(given={"name": "C", "objective": "o", "brand": "b"}, actor=ada, now=noon)
    ids = [written(ada, noon, title=f"Brief {n}").pk for n in range(3)]
    ids.append(written(ada, noon, title="Other", kind="caption", campaign_id=campaign.pk, idea="Jardiner lentement").pk)
    first = list_briefs(ada.workspace_id, limit=3)
    rest = list_briefs(ada.workspace_id, limit=3, cursor=first.next_cursor)
    assert [one.pk for one in first.items + rest.items] == ids[::-1] and rest.next_cursor is None
    assert [one.pk for one in list_briefs(ada.workspace_id, words="jardiner").items] == ids[-1:]
    assert [one.pk for one in list_briefs(ada.workspace_id, kind="caption").items] == ids[-1:]
    assert [one.pk for one in list_briefs(ada.workspace_id, campaign_id=campaign.pk).items] == ids[-1:]


def test_a_campaign_proposes_all_but_the_idea_and_the_facts(ada: Actor, noon: datetime) -> None:
    given = {
        "name": "Spring",
        "objective": "Make it known",
        "brand": "Aube",
        "countries": ["FR"],
        "hashtags": ["soin"],
        "codes": ["AUBE10"],
        "landing_url": "https://aube.example/a",
        "utm": {"source": "tiktok"},
        "competitors": ["Rival"],
    }
    campaign = open_campaign(given=given, actor=ada, now=noon)
    asked = {"name": "Film", "network": "tiktok", "format": "short_video", "never_say": ["miracle"]}
    add_deliverable(campaign_id=campaign.pk, given={**asked, "consideration": "paid"}, actor=ada, now=noon)
    proposed = proposed_by(campaign)
    assert proposed == {
        "brand": "Aube",
        "link": "https://aube.example/a?utm_source=tiktok",
        "code": "AUBE10",
        "hashtags": ["soin"],
        "law_packs": ["fr", "eu"],
        "label": "Publicité",
        "never": ["rival", "miracle"],
        "network": "tiktok",
        "format": "short_video",
        "consideration": "paid",
    }
    stored = write_brief(
        given={**proposed, "idea": "x", "facts": ["y."], "campaign_id": campaign.pk}, actor=ada, now=noon
    )
    assert stored.campaign_id == campaign.pk and content_of(stored).never == ("rival", "miracle")


def test_a_label_is_proposed_only_where_a_pack_has_one_in_the_language() -> None:
    assert label_of(["fr"], "fr") == "Publicité"
    assert label_of([], "fr") == label_of(["narnia"], "fr") == ""
