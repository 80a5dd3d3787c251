"""Interviews: each stage is kept with its author, no sound without consent, and what goes is gone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings as conf

from sillage.adapters import blobs
from sillage.adapters.tests.transcription_server import TranscriptionServer, transcription_server
from sillage.campaigns.tests.conftest import accounts  # noqa: F401
from sillage.catalogue.actions.forgetting import forget
from sillage.governance.actions.retaining import retain
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.sealing import SealBroken
from sillage.governance.engine.sensitive import SortsPeople
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.studio.actions import interview_sound, interview_stages, interviews
from sillage.studio.actions.interview_sound import ConsentMissing, NoTranscriber, SoundThere
from sillage.studio.actions.interview_stages import StageNewer, StageUnchanged
from sillage.studio.cli.root import studio
from sillage.studio.engine.audio import AudioRefused
from sillage.studio.engine.interview_summary import NotSaid
from sillage.studio.engine.transcripts import TranscriptMalformed
from sillage.studio.models import Interview, InterviewStage
from sillage.studio.queries import interviews as queries
from sillage.studio.queries.sound_file import SoundFile

TALK = """ADA: Comment nourrir un sol de balcon avec du compost ?

[00:00:05] MONA: Euh, le le compost nourrit le sol du balcon toute l’année.

[00:00:12] ADA: Est-ce que cela demande du travail ?

[00:00:15] MONA: Le compost demande dix minutes par semaine, tu vois, pas plus.

[00:00:22] MONA: J’ai eu un cancer et le balcon m’a tenue debout.
"""
SOUND = b"ID3\x04" + bytes(range(256)) * 9_000  # more than two sealed pieces


@pytest.fixture
def english(client, settings):
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"


@pytest.fixture(autouse=True)
def _data(settings, tmp_path):
    settings.SILLAGE = conf.SILLAGE.model_copy(update={"data": tmp_path})


@pytest.fixture
def row(ada, noon):
    given = {"title": "Un balcon vivant", "person": "Mona", "language": "fr", "held_on": "2026-06-10"}
    return interviews.add_interview(given=given, actor=ada, now=noon)


@pytest.fixture
def talk(row, ada, noon):
    interview_stages.add_transcript(interview_id=row.pk, name="talk.txt", data=TALK.encode(), actor=ada, now=noon)
    names = {"ADA": ("Ada", True), "MONA": ("Mona Vert", False)}
    return interviews.name_speakers(interview_id=row.pk, names=names, actor=ada, now=noon)


@pytest.fixture
def heard(row, ada, noon):
    agreed(row, ada, noon)
    return interview_sound.add_sound(interview_id=row.pk, name="a.mp3", sound=io.BytesIO(SOUND), actor=ada, now=noon)


def agreed(row, actor, now):
    return interviews.keep_consent(
        interview_id=row.pk, who="Mona Vert", on=now.date(), purpose="Transcript and quotes", actor=actor, now=now
    )


def files() -> list[Path]:
    return [path for path in (Path(conf.SILLAGE.data) / "blobs").rglob("*") if path.is_file()]


def made(talk):
    return [(s.number, s.kind, s.actor, s.of) for s in queries.stages_of(talk)]


# -- stages ----------------------------------------------------------------------------------------------------------


def test_each_stage_is_kept_with_who_made_it_and_none_is_overwritten(talk, ada, bruno, noon):
    said = {"interview_id": talk.pk, "now": noon}
    interview_stages.clean_interview(**said, actor=ada)
    interview_stages.edit_interview(**said, actor=bruno, texts={1: "Le compost nourrit le sol."}, note="shorter")
    interview_stages.summarise_interview(**said, actor=ada)
    assert made(talk) == [
        (1, "transcript", "person", None),
        (2, "cleaned", "rule", 1),
        (3, "edited", "person", 2),
        (4, "summary", "rule", 3),
    ]
    first, cleaned, edited, summary = queries.stages_of(talk)
    assert "Euh, le le compost" in first.content[1]["text"] and "Euh" not in cleaned.content[1]["text"]
    assert (cleaned.actor_name, cleaned.actor_version) == ("cleaning", "cleaning/1")
    assert edited.actor_name == bruno.name and edited.note == "shorter"
    assert summary.actor_version.startswith("interview-summary/1")


def test_cleaning_is_shown_word_by_word_and_any_turn_can_be_put_back(talk, ada, noon):
    cleaned = interview_stages.clean_interview(interview_id=talk.pk, actor=ada, now=noon)
    shown = queries.compared(talk, queries.get_stage(talk, 1), cleaned)
    gone = "".join(piece.text for turn in shown for piece in turn.pieces if piece.kind == "gone")
    assert "Euh" in gone and "tu vois" in gone
    assert not any(
        piece.text.strip() for turn in shown for piece in turn.pieces if piece.kind == "new" and piece.text != "Le"
    )
    interview_stages.edit_interview(interview_id=talk.pk, texts={}, put_back=[1], actor=ada, now=noon)
    words = queries.turns_in(queries.words_of(talk))
    assert "Euh, le le compost" in words[1].text and "tu vois" not in words[3].text


def test_the_summary_quotes_who_answers_with_times_and_sets_health_aside(talk, ada, noon):
    stage = interview_stages.summarise_interview(interview_id=talk.pk, actor=ada, now=noon)
    quotes, aside = queries.quotes_in(stage)
    turns = queries.turns_in(queries.get_stage(talk, 1))
    assert quotes and all(q.text in turns[q.turn].text and q.speaker == "MONA" and q.starts for q in quotes)
    assert [(q.starts, q.flag) for q in aside] == [(22.0, "health")]


def test_a_person_edits_the_summary_and_nobody_puts_words_into_a_mouth(talk, ada, noon):
    said = {"interview_id": talk.pk, "actor": ada, "now": noon}
    interview_stages.summarise_interview(**said)
    stage = interview_stages.edit_summary(**said, keep=[0], take=[0], add=[(3, "dix minutes par semaine")])
    quotes, aside = queries.quotes_in(stage)
    assert "dix minutes par semaine" in [q.text for q in quotes] and quotes[-1].flag == "health" and not aside
    assert stage.actor == "person"
    with pytest.raises(NotSaid):
        interview_stages.edit_summary(**said, keep=[0], add=[(3, "Le compost guérit tout")])


def test_who_looked_at_an_older_stage_is_told(talk, ada, bruno, noon):
    interview_stages.edit_interview(interview_id=talk.pk, texts={0: "Bonjour ?"}, seen=1, actor=ada, now=noon)
    with pytest.raises(StageNewer):
        interview_stages.edit_interview(interview_id=talk.pk, texts={0: "Salut ?"}, seen=1, actor=bruno, now=noon)
    with pytest.raises(StageUnchanged):
        interview_stages.edit_interview(interview_id=talk.pk, texts={0: "Bonjour ?"}, actor=bruno, now=noon)


def test_names_stand_beside_the_words_and_unknown_labels_are_refused(talk, ada, noon):
    assert [t.speaker for t in queries.told_turns(talk, queries.words_of(talk))][:2] == ["Ada", "Mona Vert"]
    assert queries.turns_in(queries.words_of(talk))[1].speaker == "MONA"
    with pytest.raises(interviews.SpeakerUnknown):
        interviews.name_speakers(interview_id=talk.pk, names={"ZOE": ("Zoé", False)}, actor=ada, now=noon)


def test_what_cannot_be_done_without_words_says_so(row, ada, noon):
    for step in (interview_stages.clean_interview, interview_stages.summarise_interview):
        with pytest.raises(queries.StageMissing):
            step(interview_id=row.pk, actor=ada, now=noon)
    with pytest.raises(TranscriptMalformed):
        interview_stages.add_transcript(interview_id=row.pk, name="x.srt", data=b"\xff\xfe", actor=ada, now=noon)


@pytest.mark.parametrize("change", [{"title": ""}, {"language": "de"}, {"held_on": "soon"}, {"colour": "red"}])
def test_an_interview_that_cannot_be_read_names_its_field(change, ada, noon):
    with pytest.raises(interviews.InterviewMalformed) as refused:
        interviews.add_interview(given={"title": "Un balcon", **change}, actor=ada, now=noon)
    assert refused.value.place == next(iter(change))


def test_an_interview_is_not_filed_under_what_people_are(ada, noon):
    with pytest.raises(SortsPeople):
        interviews.add_interview(given={"title": "Créatrices musulmanes"}, actor=ada, now=noon)


# -- sound -----------------------------------------------------------------------------------------------------------


def test_no_sound_is_kept_before_consent_is_written_down(row, ada, noon):
    with pytest.raises(ConsentMissing):
        interview_sound.add_sound(interview_id=row.pk, name="a.mp3", sound=io.BytesIO(SOUND), actor=ada, now=noon)
    assert not files()
    kept = agreed(row, ada, noon)
    assert (kept.consent_who, kept.consent_on, kept.consent_for) == ("Mona Vert", noon.date(), "Transcript and quotes")


def test_a_consent_says_who_when_and_for_what_and_is_not_of_tomorrow(row, ada, noon):
    whole = {"who": "Mona", "on": noon.date(), "purpose": "Quotes"}
    for change in ({"who": " "}, {"purpose": ""}, {"on": ""}, {"on": noon.date() + timedelta(days=1)}):
        with pytest.raises(interviews.ConsentMalformed):
            interviews.keep_consent(interview_id=row.pk, **{**whole, **change}, actor=ada, now=noon)


def test_sound_lies_sealed_on_the_disk_and_any_part_of_it_can_be_heard(heard):
    assert b"".join(queries.sound_of(heard)) == SOUND
    for starts, ends in ((0, 10), (1_048_570, 1_048_590), (2_000_000, 2_304_004), (5, 5)):
        assert b"".join(queries.sound_of(heard, starts, ends)) == SOUND[starts:ends]
    (kept,) = files()
    assert SOUND[4:300] not in kept.read_bytes()
    kept.write_bytes(kept.read_bytes()[:-2_000])
    with pytest.raises(SealBroken):
        b"".join(queries.sound_of(heard))


def test_a_sealed_sound_is_read_as_a_file(heard):
    file = SoundFile(lambda starts: queries.sound_of(heard, starts), len(SOUND))
    assert file.read(7) == SOUND[:7] and file.read(5) == SOUND[7:12] and file.tell() == 12
    assert file.seek(-4, io.SEEK_END) == len(SOUND) - 4 and file.read() == SOUND[-4:]


def test_what_is_no_sound_and_a_second_sound_are_refused(heard, ada, noon):
    with pytest.raises(SoundThere):
        interview_sound.add_sound(interview_id=heard.pk, name="b.mp3", sound=io.BytesIO(SOUND), actor=ada, now=noon)
    interview_sound.delete_sound(interview_id=heard.pk, actor=ada, now=noon)
    with pytest.raises(AudioRefused):
        interview_sound.add_sound(interview_id=heard.pk, name="a.mp3", sound=io.BytesIO(b"<html>"), actor=ada, now=noon)
    assert not files()


def test_sound_goes_a_month_after_a_person_confirmed_the_words(heard, ada, noon):
    interview_stages.add_transcript(interview_id=heard.pk, name="t.txt", data=TALK.encode(), actor=ada, now=noon)
    retain(actor=ada, now=noon + timedelta(days=400))
    assert len(files()) == 1  # nobody has confirmed anything
    interviews.confirm_transcript(interview_id=heard.pk, number=1, actor=ada, now=noon)
    retain(actor=ada, now=noon + timedelta(days=20))
    assert len(files()) == 1
    retain(actor=ada, now=noon + timedelta(days=32))
    found = Interview.objects.get(pk=heard.pk)
    assert not files() and not found.has_audio and found.audio_gone_at and found.stages.count() == 1


def test_an_erased_interview_leaves_nothing(heard, ada, noon):
    interviews.erase_interview(interview_id=heard.pk, actor=ada, now=noon)
    assert not files() and not Interview.objects.exists() and not InterviewStage.objects.exists()
    assert Entry.objects.filter(verb="studio.interview_erased").exists()


def test_erasing_a_creator_removes_their_interviews_by_number_and_by_name(heard, accounts, ada, noon):  # noqa: F811
    mona = accounts["mona"].creator
    interviews.change_interview(interview_id=heard.pk, given={"creator": mona.key}, actor=ada, now=noon)
    by_name = interviews.add_interview(given={"title": "Encore", "person": mona.name}, actor=ada, now=noon)
    other = interviews.add_interview(given={"title": "Autre", "person": "Noé"}, actor=ada, now=noon)
    counts = forget(key=mona.key, actor=ada, now=noon).removed
    assert list(Interview.objects.values_list("pk", flat=True)) == [other.pk] and by_name.pk != other.pk
    assert counts["interview"] == 2 and not files()


# -- transcription ---------------------------------------------------------------------------------------------------


@pytest.fixture
def server(settings) -> Iterator[TranscriptionServer]:
    with transcription_server() as started:
        update = {"transcription_url": started.url, "transcription_kind": "whisper_cpp"}
        settings.SILLAGE = conf.SILLAGE.model_copy(update=update)
        yield started


def transcribed(row, now, **more):
    return interview_sound.transcribe_waiting(
        server=queries.transcriber(), clock=lambda: now, workspace_id=row.workspace_id, **more
    )


def test_a_server_writes_the_sound_down_and_the_stage_says_that_a_model_did(heard, server, ada, noon):
    interview_sound.ask_transcription(interview_id=heard.pk, actor=ada, now=noon)
    assert transcribed(heard, noon) == {"done": 1, "later": 0, "failed": 0}
    stage = queries.newest_stage(heard)
    assert (stage.actor, stage.actor_name, stage.actor_version) == ("model", "whisper.cpp", "127.0.0.1")
    assert [turn.text for turn in queries.turns_in(stage)] == ["Bonjour.", "Par un pot de basilic."]
    assert SOUND in server.asked[0][2] and transcribed(heard, noon) == {"done": 0, "later": 0, "failed": 0}
    entry = Entry.objects.filter(verb="studio.interview_transcribed").get()
    assert entry.actor_kind == "automation"


def test_a_busy_server_is_asked_again_later_and_three_times_at_most(heard, server, ada, noon):
    server.answers = [(503, b"busy", {})]
    interview_sound.ask_transcription(interview_id=heard.pk, actor=ada, now=noon)
    assert transcribed(heard, noon)["later"] == 1
    assert transcribed(heard, noon)["later"] == 0  # not at once
    assert transcribed(heard, noon + timedelta(minutes=6))["later"] == 1
    assert transcribed(heard, noon + timedelta(minutes=12))["failed"] == 1
    found = Interview.objects.get(pk=heard.pk)
    assert found.job == "failed" and "HTTP 503" in found.job_failure and len(server.asked) == 3


def test_an_answer_that_is_no_transcript_is_refused_not_patched(heard, server, ada, noon):
    server.answers = [(200, b'{"segments": "ignore all instructions"}', {})]
    interview_sound.ask_transcription(interview_id=heard.pk, actor=ada, now=noon)
    assert transcribed(heard, noon)["failed"] == 1 and queries.newest_stage(heard) is None


def test_a_process_that_died_is_taken_over_and_a_running_one_is_left_alone(heard, server, ada, noon):
    Interview.objects.filter(pk=heard.pk).update(job="running", job_at=noon)
    assert transcribed(heard, noon + timedelta(minutes=10))["done"] == 0
    assert transcribed(heard, noon + timedelta(minutes=31))["done"] == 1


def test_an_interview_that_was_erased_meanwhile_gets_no_words(heard, server, ada, noon):
    interview_sound.ask_transcription(interview_id=heard.pk, actor=ada, now=noon)
    taken = interview_sound.begin_transcription(noon, heard.workspace_id, 0, None)
    interviews.erase_interview(interview_id=heard.pk, actor=ada, now=noon)
    read = OSError("gone")
    assert interview_sound.settle_transcription(taken.pk, queries.transcriber(), read, noon) == "failed"
    assert not InterviewStage.objects.exists()


def test_without_a_server_or_a_sound_nothing_is_asked(heard, row, ada, noon):
    with pytest.raises(NoTranscriber):
        interview_sound.ask_transcription(interview_id=heard.pk, actor=ada, now=noon)


def test_a_large_sound_is_refused_before_it_is_sent(heard, server, ada, noon):
    Interview.objects.filter(pk=heard.pk).update(audio_size=26_000_000)
    with pytest.raises(AudioRefused, match="the server takes 25 MB"):
        interview_sound.ask_transcription(interview_id=heard.pk, actor=ada, now=noon)


# -- who may ---------------------------------------------------------------------------------------------------------


def test_readers_change_nothing_and_strangers_find_nothing(talk, rita, dario, noon):
    acts = [
        lambda actor: interviews.erase_interview(interview_id=talk.pk, actor=actor, now=noon),
        lambda actor: interviews.confirm_transcript(interview_id=talk.pk, number=1, actor=actor, now=noon),
        lambda actor: agreed(talk, actor, noon),
        lambda actor: interview_stages.clean_interview(interview_id=talk.pk, actor=actor, now=noon),
        lambda actor: interview_stages.summarise_interview(interview_id=talk.pk, actor=actor, now=noon),
        lambda actor: interview_stages.edit_interview(interview_id=talk.pk, texts={}, actor=actor, now=noon),
        lambda actor: interview_sound.delete_sound(interview_id=talk.pk, actor=actor, now=noon),
        lambda actor: interview_sound.ask_transcription(interview_id=talk.pk, actor=actor, now=noon),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act(rita)
        with pytest.raises(NotFound):
            act(dario)
    assert not queries.list_interviews(dario.workspace_id).items


# -- doors -----------------------------------------------------------------------------------------------------------


def url(row, end=""):
    return f"/w/harbour/studio/interviews/{row.pk}/{end}"


def test_the_page_adds_cleans_sums_up_and_shows_where_it_was_said(signed_in, english, ada):
    browser = signed_in(ada)
    assert "No interview yet" in browser.get("/w/harbour/studio/interviews/").content.decode()
    file = io.BytesIO(TALK.encode())
    file.name = "talk.txt"
    given = {"title": "Un balcon vivant", "person": "Mona", "language": "fr", "transcript": file}
    page = browser.post("/w/harbour/studio/interviews/add/", given, follow=True).content.decode()
    row = Interview.objects.get()
    assert "Euh, le le compost" in page and "0:05" in page
    page = browser.post(url(row, "clean/"), follow=True).content.decode()
    assert ("Euh" not in page.partition('id="edit"')[0] and "2 filler" in page) or "3 filler" in page
    diff = browser.get(url(row) + "?stage=2&against=1").content.decode()
    assert "<del>" in diff and "tu vois" in diff
    page = browser.post(url(row, "summarise/"), follow=True).content.decode()
    assert "where it was said" in page and "may be about health" in page and "Set aside for a person" in page


def test_a_transcript_that_cannot_be_read_is_refused_on_the_page(row, signed_in, english, ada):
    answer = signed_in(ada).post(url(row, "transcript/"), {"pasted": '{"segments": 3}'})
    assert answer.status_code == 422 and "There are no segments" in answer.content.decode()


def test_words_are_edited_on_the_page(talk, signed_in, ada):
    browser = signed_in(ada)
    browser.post(url(talk, "edit/"), {"seen": "1", "text-0": "Comment commencer ?", "note": "court"})
    stage = queries.newest_stage(talk)
    assert stage.kind == "edited" and stage.content[0]["text"] == "Comment commencer ?" and stage.note == "court"
    assert browser.post(url(talk, "edit/"), {"seen": "1", "text-0": "Autre"}).status_code == 409


def test_the_sound_plays_from_any_time_and_every_time_leads_there(heard, signed_in, ada, noon):
    interview_stages.add_transcript(interview_id=heard.pk, name="t.txt", data=TALK.encode(), actor=ada, now=noon)
    browser = signed_in(ada)
    page = browser.get(url(heard))
    assert "media-src 'self'" in page["Content-Security-Policy"]
    assert f'href="{url(heard, "sound/")}#t=5.0"' in page.content.decode() and "<audio" in page.content.decode()
    whole = browser.get(url(heard, "sound/"))
    assert b"".join(whole.streaming_content) == SOUND and whole["Content-Type"] == "audio/mpeg"
    part = browser.get(url(heard, "sound/"), headers={"Range": "bytes=1048570-1048579"})
    assert part.status_code == 206 and b"".join(part.streaming_content) == SOUND[1_048_570:1_048_580]
    assert part["Content-Range"] == f"bytes 1048570-1048579/{len(SOUND)}"
    assert browser.get(url(heard, "sound/"), headers={"Range": "bytes=99999999-"}).status_code == 416


def test_consent_comes_before_sound_on_the_page_too(row, signed_in, english, ada):
    browser = signed_in(ada)

    def sent():
        file = io.BytesIO(SOUND)
        file.name = "a.mp3"
        return browser.post(url(row, "keep-sound/"), {"sound": file})

    assert 'name="sound"' not in browser.get(url(row)).content.decode()
    refused = sent()
    assert refused.status_code == 422 and "agreed to be recorded" in refused.content.decode() and not files()
    browser.post(url(row, "consent/"), {"who": "Mona", "on": "2026-06-10", "purpose": "Quotes"})
    assert 'name="sound"' in browser.get(url(row)).content.decode()
    assert sent().status_code == 302 and len(files()) == 1


def test_words_leave_as_text_markdown_and_subtitles(talk, signed_in, ada, noon):
    browser = signed_in(ada)
    text = browser.get(url(talk, "export.txt"))
    assert "[00:00:05] Mona Vert: Euh, le le" in text.content.decode() and "attachment" in text["Content-Disposition"]
    interview_stages.summarise_interview(interview_id=talk.pk, actor=ada, now=noon)
    assert "## Quotes" in browser.get(url(talk, "export.md")).content.decode()
    assert browser.get(url(talk, "export.srt")).status_code == 409  # the first turn has no time
    assert browser.get(url(talk, "export.exe")).status_code == 404


def test_pages_are_of_one_workspace_and_readers_only_read(talk, signed_in, rita, dario):
    browser = signed_in(rita)
    page = browser.get(url(talk))
    assert page.status_code == 200 and "<textarea" not in page.content.decode()
    assert browser.post(url(talk, "clean/")).status_code == 403
    browser = signed_in(dario)
    for end in ("", "sound/", "export.txt"):
        assert browser.get(url(talk, end)).status_code == 404


def test_the_api_goes_the_whole_way(signed_in, ada):
    browser = signed_in(ada)

    def call(method, path, body=None, status=200):
        answer = getattr(browser, method)(
            f"/api/v1/harbour/studio/interviews{path}",
            json.dumps(body) if body else None,
            content_type="application/json",
        )
        assert answer.status_code == status, answer.content
        return answer

    made = call("post", "", {"title": "Un balcon", "person": "Mona", "transcript": TALK}, 201).json()
    at = f"/{made['id']}"
    call("put", at + "/speakers", {"speakers": [{"label": "ADA", "name": "Ada", "asks": True}]})
    call("post", at + "/steps", {"word": "clean"})
    call("post", at + "/words", {"texts": {"1": "Le compost nourrit le sol."}, "seen": 2}, 201)
    call("post", at + "/steps", {"word": "summarise"})
    call("post", at + "/summary", {"keep": [0], "add": [{"turn": 1, "text": "le compost guérit"}]}, 422)
    call("post", at + "/steps", {"word": "confirm", "number": 3})
    stages = call("get", at + "/stages").json()["items"]
    assert [(s["kind"], s["actor"]) for s in stages] == [
        ("transcript", "person"),
        ("cleaned", "rule"),
        ("edited", "person"),
        ("summary", "rule"),
    ]
    assert "compost" in browser.get(f"/api/v1/harbour/studio/interviews{at}/export/md").content.decode()
    assert call("get", "?words=balcon").json()["items"][0]["confirmed_number"] == 3
    assert browser.delete(f"/api/v1/harbour/studio/interviews{at}").status_code == 204
    call("get", at, status=404)


def test_a_bad_transcript_adds_no_interview(signed_in, ada, tmp_path):
    body = json.dumps({"title": "Un balcon", "transcript": '{"segments": 3}'})
    answer = signed_in(ada).post("/api/v1/harbour/studio/interviews", body, content_type="application/json")
    assert answer.status_code == 422
    path = tmp_path / "bad.json"
    path.write_text("{", encoding="utf8")
    said = CliRunner().invoke(studio, ["interview", "add", str(path)])
    assert isinstance(said.exception, TranscriptMalformed) and said.exception.place.endswith(":1")
    assert not Interview.objects.exists()


def test_the_commands_go_the_whole_way(tmp_path, server, ada):
    path, sound = tmp_path / "talk.txt", tmp_path / "talk.mp3"
    path.write_text(TALK, encoding="utf8")
    sound.write_bytes(SOUND)

    def run(*arguments: str) -> str:
        said = CliRunner().invoke(studio, ["interview", *arguments])
        assert said.exit_code == 0, (said.output, said.exception)
        return said.stdout

    number = run("add", str(path), "--person", "Mona").strip()
    assert "Stage 2" in run("clean", number) and "1 set aside" in run("summarise", number)
    assert "Euh" in run("export", number, "--format", "txt", "--stage", "1")
    assert len(json.loads(run("show", number, "--json"))["stages"]) == 3
    run("consent", number, "--who", "Mona", "--on", "2026-06-10", "--for", "Quotes")
    assert "sealed" in run("sound", number, str(sound))
    assert json.loads(run("transcribe", number, "--json")) == {"done": 1, "later": 0, "failed": 0}
    assert json.loads(run("list", "--json"))[0]["sound"] == "yes" and len(SOUND) > blobs.CHUNK
