"""Composing from a brief: what is stored, what it says of itself, and the doors that lead there."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sillage.campaigns.tests.conftest import accounts, campaign, collaboration, collaborations  # noqa: F401
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.studio.actions import briefs
from sillage.studio.actions.composing import TooManyTexts, compose_texts
from sillage.studio.cli.root import studio
from sillage.studio.engine.composer import SlotUnfillable
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.models import Text
from sillage.studio.queries.composing import citable_posts, occasion_of_collaboration
from sillage.studio.queries.texts import newest_version
from sillage.studio.tests.composing import GIVEN, SAID


@pytest.fixture
def stored(ada, noon):
    return briefs.write_brief(given=GIVEN, actor=ada, now=noon)


@pytest.fixture
def english(client, settings):
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"


def composed(stored, actor, now, wanted=1, **more):
    return compose_texts(brief_id=stored.pk, wanted=wanted, actor=actor, now=now, **{"occasion": SAID, **more})


def parts_of(text):
    return MadeBy.of(newest_version(text).made_by).parts


def test_each_composed_text_is_begun_and_says_that_it_is_assembled_from_templates(stored, ada, noon):
    texts = composed(stored, ada, noon, 3)
    assert len({text.body for text in texts}) == 3
    for text in texts:
        mark = MadeBy.of(newest_version(text).made_by)
        assert mark.origin is Origin.TEMPLATE and mark.name == "fr_invitation" and len(mark.parts) >= 9
        assert text.brief_id == stored.pk and text.kind == "invitation" and text.state == "writing"
    entry = Entry.objects.filter(workspace_id=ada.workspace_id).order_by("-number").first()
    assert entry.verb == "studio.texts_composed" and entry.facts["texts"] == [text.pk for text in texts]


def test_what_the_workspace_used_lately_is_not_used_again(stored, ada, noon):
    before = {part for text in composed(stored, ada, noon, 3) for part in parts_of(text)}
    after = parts_of(composed(stored, ada, noon)[0])
    again = {part.partition("/")[0] for part in after if part in before}
    assert not again & {"why", "who", "idea", "next", "optout", "offer"}


def test_whoever_composes_signs_unless_another_one_is_named(stored, ada, noon):
    unsigned = {name: value for name, value in SAID.items() if name != "sender"}
    signature = composed(stored, ada, noon, occasion=unsigned)[0].body.rpartition("\n\n")[2]
    assert "Ada" in signature and "Martin" not in signature
    assert "Ada Martin" in composed(stored, ada, noon)[0].body.rpartition("\n\n")[2]


def test_a_collaboration_gives_whom_it_is_to_and_words_of_a_post_of_theirs(stored, collaboration, ada, noon):  # noqa: F811
    post = citable_posts(ada.workspace_id, collaboration.pk)[0]
    said = occasion_of_collaboration(ada.workspace_id, collaboration.pk, "fr")
    text = composed(stored, ada, noon, occasion={}, collaboration_id=collaboration.pk)[0]
    assert said["recipient"] == collaboration.name and said["post"].rstrip("…") in " ".join(post.text.split())
    assert said["post"] in text.body and collaboration.name in text.body


def test_a_post_of_somebody_else_is_not_cited(stored, collaboration, collaborations, ada, noon):  # noqa: F811
    theirs = citable_posts(ada.workspace_id, collaborations["noe"].pk)[0]
    with pytest.raises(NotFound, match="to cite"):
        composed(stored, ada, noon, occasion={}, collaboration_id=collaboration.pk, post_id=theirs.id)


def test_a_brief_that_lacks_something_begins_no_text(stored, ada, noon):
    with pytest.raises(SlotUnfillable, match="“why”"):
        composed(stored, ada, noon, occasion={"recipient": "Mona"})
    assert not Text.objects.exists()


def test_strangers_and_readers_compose_nothing(stored, rita, dario, noon):
    with pytest.raises(NotAllowed):
        composed(stored, rita, noon)
    with pytest.raises(NotFound):
        composed(stored, dario, noon)


def test_many_are_refused_and_so_is_a_brief_that_was_put_away(stored, ada, noon):
    with pytest.raises(TooManyTexts):
        composed(stored, ada, noon, 11)
    briefs.archive_brief(brief_id=stored.pk, actor=ada, now=noon)
    with pytest.raises(briefs.BriefArchived):
        composed(stored, ada, noon)


# -- doors -----------------------------------------------------------------------------------------------------------


def address(stored, ada):
    return f"/w/harbour/studio/briefs/{stored.pk}/compose/"


def test_the_page_asks_what_the_kind_needs_and_shows_what_was_composed(stored, signed_in, english, ada):
    browser = signed_in(ada)
    asked = browser.get(address(stored, ada)).content.decode()
    assert "Words of a post of theirs" in asked and 'name="post"' in asked and "not by an AI" in asked
    made = browser.post(address(stored, ada), {**SAID, "n": "2"}, follow=True)
    assert "2 texts were composed" in made.content.decode()
    assert made.content.decode().count("assembled from templates") >= 3


def test_one_text_leads_to_its_own_page(stored, signed_in, ada):
    answer = signed_in(ada).post(address(stored, ada), {**SAID, "n": "1"})
    assert answer.status_code == 302 and answer["Location"] == f"/w/harbour/studio/texts/{Text.objects.get().pk}/"


def test_a_refusal_stands_on_the_page_with_what_was_typed(stored, signed_in, english, ada):
    answer = signed_in(ada).post(address(stored, ada), {"recipient": "Mona Vert", "n": "1"})
    assert answer.status_code == 422
    assert "words of a post of theirs to cite" in answer.content.decode() and "Mona Vert" in answer.content.decode()


def test_the_page_is_found_by_members_who_write_only(stored, signed_in, rita, dario, ada):
    assert signed_in(rita).get(address(stored, ada)).status_code == 403
    assert signed_in(dario).get(address(stored, ada)).status_code == 404


def test_an_automatic_reply_asks_whether_the_reader_was_told(ada, noon, signed_in, english):
    given = {**GIVEN, "kind": "reply", "automatic": True}
    stored = briefs.write_brief(given=given, actor=ada, now=noon)
    browser = signed_in(ada)
    assert 'name="is_known"' in browser.get(address(stored, ada)).content.decode()
    browser.post(address(stored, ada), {"recipient": "Mona", "n": "1"})
    body = Text.objects.get().body
    assert "machine" in body.split("\n")[0] or "automat" in body.split("\n")[0]


def test_the_api_composes_and_names_the_parts(stored, signed_in, ada):
    url = f"/api/v1/harbour/studio/briefs/{stored.pk}/compose"
    answer = signed_in(ada).post(url, json.dumps({"n": 2, "occasion": SAID}), content_type="application/json")
    assert answer.status_code == 201, answer.content
    told = answer.json()["items"]
    assert len(told) == 2 and told[0]["made_by"]["origin"] == "template" and "Mona" in told[0]["body"]
    wrong = signed_in(ada).post(url, json.dumps({"n": 11}), content_type="application/json")
    assert wrong.status_code == 422


FILE = """
kind = "thanks"
language = "en"
idea = "A good soil is fed before it is planted"
facts = ["The compost is made within 50 km of where it is sold."]
brand = "Terre Vive"
"""


def test_the_command_composes_from_a_file_and_stores_nothing(tmp_path, db):
    path = tmp_path / "thanks.toml"
    path.write_text(FILE, encoding="utf8")
    said = CliRunner().invoke(
        studio, ["compose", str(path), "--n", "3", "--work", "your reel", "--to", "Mona", "--sender", "Ada", "--json"]
    )
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["made_by"] == "assembled from templates" and len(told["texts"]) == 3
    assert all("your reel" in one["text"] for one in told["texts"]) and not Text.objects.exists()


def test_the_command_composes_from_a_kept_brief(stored, ada):
    arguments = ["compose", "--brief", str(stored.pk), "--to", "Mona", "--post", "Trop tôt pour les tomates", "--json"]
    said = CliRunner().invoke(studio, arguments)
    assert said.exit_code == 0, said.output
    assert Text.objects.get().pk == json.loads(said.stdout)["texts"][0]["id"]


def test_the_command_wants_a_file_or_a_brief():
    assert CliRunner().invoke(studio, ["compose"]).exit_code == 2
