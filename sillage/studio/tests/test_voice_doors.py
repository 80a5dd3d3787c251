"""Voices on pages, over the API and on the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sillage.front.cli import sillage
from sillage.front.tests.program import program_of
from sillage.governance.engine.actors import Actor
from sillage.studio.models import Text, Voice, VoiceVersion
from sillage.studio.queries.panel_voice import panel_voice
from sillage.studio.queries.voices import get_voice
from sillage.studio.tests.voice_cast import CALM, LIKE_CALM, LOUD, in_use, many_decided, opened

pytestmark = pytest.mark.usefixtures("english")


def at(name: str, *args: int) -> str:
    return reverse(f"studio:{name}", args=["harbour", *args])


@pytest.fixture
def used(ada, noon) -> Voice:
    return in_use(ada, noon)


# -- pages -----------------------------------------------------------------------------------------------------------


def test_a_person_opens_trains_and_uses_a_voice(ada, signed_in):
    browser = signed_in(ada)
    assert "No voice yet" in browser.get(at("voices")).content.decode()
    browser.post(at("new_voice"), {"name": "Aube", "language": "fr"})
    voice = Voice.objects.get()
    refused = browser.post(at("train_voice", voice.pk))
    assert refused.status_code == 409 and "0 texts; at least 3 are needed" in refused.content.decode()
    browser.post(at("add_voice_texts", voice.pk), {"texts": "\n\n".join(CALM[:3])})
    file = SimpleUploadedFile("more.csv", ("text\n" + "\n".join(f'"{text}"' for text in CALM[3:])).encode())
    browser.post(at("add_voice_texts", voice.pk), {"file": file})
    assert voice.training_texts.count() == 6
    answer = browser.post(at("train_voice", voice.pk))
    assert answer["Location"].endswith("?number=1")
    page = browser.get(answer["Location"]).content.decode()
    assert "Says “vous”: in 6 of 6 texts." in page and "a rough voice" in page and "Put to use" in page
    browser.post(at("promote_voice", voice.pk), {"number": 1, "seen": 1})
    assert get_voice(ada.workspace_id, voice.pk).promoted == 1
    assert "version 1" in browser.get(at("voices")).content.decode()


def test_a_text_is_tried_and_says_what_is_off(used, rita, signed_in):
    browser = signed_in(rita)
    whole = browser.post(at("voice_fit", used.pk), {"text": LOUD[0]}).content.decode()
    assert "<html" in whole and "Exclamation marks:" in whole and "come with Sillage" in whole
    part = browser.post(at("voice_fit", used.pk), {"text": LIKE_CALM}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Like its own texts" in part and "No measured trait is off." in part
    assert "Put to use" not in whole and "Train" not in whole


def test_wishes_are_typed_as_ranges_and_a_half_of_one_is_refused(used, ada, signed_in):
    browser = signed_in(ada)
    assert "Length of sentences" in browser.get(at("voice_traits", used.pk)).content.decode()
    refused = browser.post(at("wish_voice_traits", used.pk), {"emoji.from": "1"})
    assert refused.status_code == 422 and "needs two numbers" in refused.content.decode()
    browser.post(at("wish_voice_traits", used.pk), {"emoji.from": "1", "emoji.to": "2,5", "seen": used.version})
    assert get_voice(ada.workspace_id, used.pk).wishes["emoji"]["to"] == 2.5
    stale = browser.post(at("wish_voice_traits", used.pk), {"emoji.from": "1", "emoji.to": "3", "seen": used.version})
    assert stale.status_code == 409 and "was changed meanwhile" in stale.content.decode()
    browser.post(at("wish_voice_traits", used.pk), {})
    assert get_voice(ada.workspace_id, used.pk).wishes == {}


def test_texts_are_marked_as_examples_and_taken_out(used, ada, signed_in):
    browser = signed_in(ada)
    text = used.training_texts.first()
    for example in (True, False):
        browser.post(at("mark_example", used.pk, text.pk))
        assert used.training_texts.filter(is_example=True).exists() is example
    browser.post(at("remove_voice_text", used.pk, text.pk))
    assert used.training_texts.count() == 5
    no_text, no_letters = SimpleUploadedFile("a.pdf", b"x"), SimpleUploadedFile("a.txt", b"\xff\xfe\xfd")
    for given in ({"texts": ""}, {"file": no_text}, {"file": no_letters}):
        assert browser.post(at("add_voice_texts", used.pk), given).status_code == 422
    assert browser.post(at("add_voice_posts", used.pk), {"account": "instagram:nobody"}).status_code == 404
    assert browser.post(at("add_voice_chosen", used.pk)).status_code == 422


def test_what_was_learnt_is_shown_with_before_and_after_and_the_score_with_n(used, ada, noon, signed_in):
    browser = signed_in(ada)
    many_decided(used, noon, 4)
    assert "Not enough choices yet." in browser.get(at("voice", used.pk)).content.decode()
    assert browser.post(at("learn_voice", used.pk)).status_code == 409
    many_decided(used, noon)
    browser.post(at("learn_voice", used.pk))
    page = browser.get(at("voice", used.pk)).content.decode()
    assert "pairs held back" in page and "proposed" in page and "8 choices" in page
    assert get_voice(ada.workspace_id, used.pk).promoted == 1


def test_a_voice_is_put_away_and_brought_back(used, ada, signed_in):
    browser = signed_in(ada)
    browser.post(at("archive_voice", used.pk))
    assert "1 voice that was put away" in browser.get(at("voices")).content.decode()
    assert "Aube" in browser.get(f"{at('voices')}?state=archived").content.decode()
    browser.post(at("restore_voice", used.pk))
    assert get_voice(ada.workspace_id, used.pk).archived_at is None
    browser.post(at("change_voice", used.pk), {"name": "Aurore", "banned": "promo\n\ngratuit"})
    assert get_voice(ada.workspace_id, used.pk).banned == ["promo", "gratuit"]


def test_another_workspace_sees_no_voice(used, dario, signed_in):
    browser = signed_in(dario)
    for name in ("voice", "voice_texts", "voice_traits"):
        assert browser.get(reverse(f"studio:{name}", args=["elsewhere", used.pk])).status_code == 404
        assert browser.get(at(name, used.pk)).status_code == 404


def test_beside_a_text_stands_how_it_fits_its_voice(used, ada, noon, signed_in):
    text = Text.objects.create(
        workspace_id=ada.workspace_id, title="T", kind="message", language="fr", created_at=noon, changed_at=noon
    )
    assert panel_voice(text, LIKE_CALM, ada, noon) == {"voice": None, "voices": 1}
    address = reverse("studio:text_panel", args=["harbour", text.pk, "voice"])
    browser = signed_in(ada)
    assert "This text has no voice" in browser.post(address, {"body": LIKE_CALM}).content.decode()
    Text.objects.update(voice=used)
    assert "Like its own texts" in browser.post(address, {"body": LIKE_CALM}).content.decode()
    assert "Emoji: " in browser.post(address, {"body": LOUD[0]}).content.decode()


# -- API -------------------------------------------------------------------------------------------------------------


def test_a_program_opens_trains_and_asks(ada):
    program = program_of(ada)
    made = program.post("studio/voices", {"name": "Aube", "language": "fr", "banned": ["gratuit"]}).json()
    one = f"studio/voices/{made['id']}"
    assert program.post(f"{one}/texts", {"texts": list(CALM)}).json() == {"added": 6, "known": 0}
    assert program.post(f"{one}/fit", {"text": LIKE_CALM}).status_code == 404
    version = program.post(f"{one}/train").json()
    assert (version["number"], version["n_texts"], version["promoted_at"]) == (1, 6, None)
    tried = program.post(f"{one}/fit", {"text": LOUD[0], "number": 1}).json()
    assert tried["verdict"] == "Unlike this voice" and tried["off"][0]["said"]
    said = program.get(one).json()
    assert "No emoji." in said["plain"] and said["score"] is None and len(said["traits"]) == 23
    assert program.post(f"{one}/learn").status_code == 409
    listed = program.get(f"{one}/texts", limit=4).json()
    rest = program.get(f"{one}/texts", limit=4, cursor=listed["next_cursor"]).json()
    ids = [row["id"] for row in listed["items"] + rest["items"]]
    assert len(set(ids)) == 6 and rest["next_cursor"] is None
    assert program.call("PUT", f"{one}/examples", {"text_ids": ids[:2]}).json() == {"n": 2}
    assert program.call("DELETE", f"{one}/texts/{ids[0]}").json() == {"n": 1}
    wished = program.call("PUT", f"{one}/wishes", {"wishes": {"emoji": [1, 3]}})
    assert wished.status_code == 200 and program.get(one).json()["traits"][13]["wish"] == [1, 3]
    assert program.call("PUT", one, {"name": "Aurore", "seen": 1}).status_code == 409
    assert program.call("PUT", one, {"name": "Aurore"}).json()["name"] == "Aurore"
    assert program.post(f"{one}/archive").json()["archived_at"]
    assert program.get("studio/voices").json()["items"] == []
    assert program.post(f"{one}/restore").json()["archived_at"] is None


# -- command line ----------------------------------------------------------------------------------------------------


def run(*words: str, given: str | None = None):
    return CliRunner().invoke(
        sillage, [*words, "--workspace", "harbour", "--as", "ada@example.org"], input=given, catch_exceptions=False
    )


def test_the_command_line_goes_the_whole_way(ada, noon, tmp_path):
    number = run("studio", "voice", "new", "Aube", "--language", "fr").stdout.strip()
    file = tmp_path / "texts.txt"
    file.write_text("\n---\n".join(CALM), encoding="utf8")
    assert "6 texts are new" in run("studio", "voice", "add", number, str(file)).output
    trained = run("studio", "voice", "train", number)
    assert "Says “vous”: in 6 of 6 texts." in trained.output and "a rough voice" in trained.output
    assert "is version 1" in run("studio", "voice", "promote", number, "1").output
    fit = json.loads(run("studio", "voice", "fit", number, "-", "--json", given=LOUD[0]).stdout)
    assert fit["value"] < 0.5 and fit["reasons"]
    assert "Like its own texts" in run("studio", "voice", "fit", number, "-", given=LIKE_CALM).output
    assert json.loads(run("studio", "voice", "show", number, "--json").stdout)["promoted"] == 1
    assert "6 texts, version in use: 1" in run("studio", "voice", "show", number).output
    assert json.loads(run("studio", "voice", "list", "--json").stdout)[0]["texts"] == 6
    many_decided(Voice.objects.get(), noon)
    learnt = run("learn", "voice", number)
    assert "pairs held back" in learnt.output and VoiceVersion.objects.count() == 2
    assert run("studio", "voice", "add", number).exit_code == 2


def test_learn_still_takes_enrichers_with_their_options():
    told = CliRunner().invoke(sillage, ["learn", "tone", "--help"])
    assert told.exit_code == 0 and "--from" in told.output and "ENRICHER" in told.output
    assert "voice" in CliRunner().invoke(sillage, ["learn", "--help"]).output


@pytest.fixture(autouse=True)
def _without_embedder(settings) -> None:
    """What a voice speaks of has a test of its own."""
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"embedder": "off"})


def test_with_an_embedder_the_subject_is_shown_beside_the_fit(ada: Actor, noon, settings):
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"embedder": "minilm"})
    voice = in_use(ada, noon, texts=CALM[:4])
    answer = program_of(ada).post(f"studio/voices/{voice.pk}/fit", {"text": LIKE_CALM}).json()
    assert set(answer["parts"]) == {"characters", "words", "traits", "meaning"}
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"embedder": "off"})
    without = program_of(ada).post(f"studio/voices/{voice.pk}/fit", {"text": LIKE_CALM}).json()
    assert "meaning" not in without["parts"] and without["value"] == answer["value"]
    assert opened(ada, noon, "Autre").promoted is None
