"""Transcripts are read from what the field writes, cut into turns, and refused with the line that is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.studio.engine.interview_export import NoTimes, as_markdown, as_srt, as_text
from sillage.studio.engine.interview_summary import Quote
from sillage.studio.engine.transcripts import (
    MOST_BYTES,
    Transcript,
    TranscriptMalformed,
    Turn,
    clock_of,
    read_transcript,
    seconds_of,
)

SRT = """1
00:00:01,000 --> 00:00:02,500
Ada: Comment cela a <i>commencé</i> ?

2
00:00:03,000 --> 00:00:05,250
Mona: Par un pot de basilic.

3
00:00:05,500 --> 00:00:08,000
Et puis le balcon.
"""
VTT = """WEBVTT - interview

NOTE nobody reads this

1
00:01.000 --> 00:02.500 align:start
<v Ada>How did it <b>begin</b>?

00:03.000 --> 00:05.250
<v Mona>With a pot &amp; some basil.
"""
PLAIN = """ADA: Comment cela a commencé ?

[00:00:05] MONA: Par un pot de basilic.
Une chose : il est mort.

ADA [00:00:15]: Et après ?
"""


def read(text: str | dict | list, name: str = "talk.txt") -> Transcript:
    return read_transcript(name, (text if isinstance(text, str) else json.dumps(text)).encode())


def told(transcript: Transcript) -> list[tuple[str, str, float | None]]:
    return [(turn.speaker, turn.text, turn.starts) for turn in transcript.turns]


def test_plain_text_has_names_times_and_lines_that_go_on():
    assert told(read(PLAIN)) == [
        ("ADA", "Comment cela a commencé ?", None),
        ("MONA", "Par un pot de basilic. Une chose : il est mort.", 5.0),
        ("ADA", "Et après ?", 15.0),
    ]


def test_a_word_before_a_colon_is_no_speaker_when_it_comes_once():
    text = "Ada : Bonjour.\nMona : Oui.\nBref : on sème.\nAda : Bien.\nMona : Voilà."
    assert read(text).speakers == ("Ada", "Mona")
    assert "Bref : on sème." in read(text).turns[1].text


def test_names_may_stand_on_a_line_of_their_own_with_a_time():
    assert told(read("Ada Lovelace  0:05\nBonjour.\n\nMona 1:10\nOui.")) == [
        ("Ada Lovelace", "Bonjour.", 5.0),
        ("Mona", "Oui.", 70.0),
    ]


def test_paragraphs_without_names_are_turns_of_nobody():
    assert told(read("Un paragraphe.\nencore.\n\nLe 12:30 est parti.")) == [
        ("", "Un paragraphe. encore.", None),
        ("", "Le 12:30 est parti.", None),
    ]


def test_subtitles_become_turns_of_those_who_speak():
    found = read(SRT)
    assert found.format == "srt"
    assert told(found) == [
        ("Ada", "Comment cela a commencé ?", 1.0),
        ("Mona", "Par un pot de basilic. Et puis le balcon.", 3.0),
    ]
    assert found.turns[1].ends == 8.0


def test_webvtt_names_speakers_by_voice_tags():
    found = read(VTT)
    assert found.format == "vtt" and told(found)[1] == ("Mona", "With a pot & some basil.", 3.0)


def test_the_json_of_whisper_openai_and_whisper_cpp_is_read():
    whisper = {
        "text": "…",
        "segments": [{"start": 0, "end": 1.5, "text": " Bonjour."}, {"start": 1.6, "end": 3, "text": " Oui."}],
    }
    cpp = {"transcription": [{"offsets": {"from": 1500, "to": 2500}, "text": " Bonjour."}]}
    assert told(read(whisper)) == [("", "Bonjour. Oui.", 0.0)]
    assert told(read(cpp)) == [("", "Bonjour.", 1.5)]
    assert told(read({"text": "Tout court."})) == [("", "Tout court.", None)]
    named = [{"start": 0, "end": 1, "text": "A", "speaker": "S1"}, {"start": 1, "end": 2, "text": "B", "speaker": "S2"}]
    assert read(named).speakers == ("S1", "S2")


def test_where_nobody_is_named_a_pause_or_a_question_ends_a_turn():
    def segment(start: float, end: float, text: str) -> dict[str, object]:
        return {"start": start, "end": end, "text": text}

    found = read(
        [
            segment(0, 2, "Et alors ?"),
            segment(2.2, 4, "On sème,"),
            segment(4.1, 6, "puis on attend."),
            segment(9, 10, "Voilà."),
        ]
    )
    assert [turn.text for turn in found.turns] == ["Et alors ?", "On sème, puis on attend.", "Voilà."]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1\n00:00:01 -> 3\nx\n\n2\n00:00:01,000 --> 00:00:02,000\nok", "talk.txt:1"),
        ("1\n00:00:05,000 --> 00:00:02,000\nok", "talk.txt:2"),
        ("1\n00:00:05,000 --> 00:00:06,000\nok\n\n2\n00:00:01,000 --> 00:00:02,000\nno", "talk.txt:6"),
        ("WEBVTT\n\n00:aa --> 00:02.000\nx", "talk.txt:3"),
        ('{"segments": [\n{"text": }]}', "talk.txt:2"),
        ('{"a": 1}', "talk.txt:1"),
        ('{"segments": [{"start": 0}]}', "talk.txt: segment 1"),
        ('{"segments": [{"start": 1, "end": 2, "text": "x"}, {"start": "a", "text": "x"}]}', "talk.txt: segment 2"),
        ("[00:10] A: x\n[00:05] A: y", "talk.txt:2"),
        ("   \n", "talk.txt:1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, place):
    with pytest.raises(TranscriptMalformed) as refused:
        read(text)
    assert refused.value.place == place and refused.value.hint


def test_other_encodings_and_huge_files_are_refused():
    with pytest.raises(TranscriptMalformed) as refused:
        read_transcript("latin.txt", "Ada: bonjour\nMona: été".encode("latin-1"))
    assert refused.value.place == "latin.txt:2"
    with pytest.raises(TranscriptMalformed, match="MB"):
        read_transcript("huge.txt", b"a" * (MOST_BYTES + 1))


@given(st.text(max_size=400))
def test_no_text_makes_the_reader_fall(text):
    try:
        turns = read(text).turns
    except TranscriptMalformed:
        return
    assert turns and all(turn.text for turn in turns)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(
                st.sampled_from(["segments", "text", "start", "end", "speaker", "offsets"]), x, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_makes_the_reader_fall(value):
    try:
        read({"segments": value})
    except TranscriptMalformed as refused:
        assert refused.place.startswith("talk.txt")


def test_times_are_written_as_people_read_them():
    assert clock_of(3723.4) == "1:02:03" and clock_of(62) == "1:02"
    assert seconds_of("01:02:03,500") == 3723.5 and seconds_of("02:03") == 123.0


# -- files -----------------------------------------------------------------------------------------------------------

TURNS = (Turn("Ada", "Et alors ?", 1.0, 2.5), Turn("Mona", "On *sème* <b>.", 3.0, None))


def test_text_that_was_exported_is_read_again_as_it_was():
    again = read(as_text(TURNS)).turns
    assert [(t.speaker, t.text, t.starts) for t in again] == [
        (t.speaker, t.text.replace("<b>", "").replace(" .", " ."), t.starts) for t in TURNS
    ]


def test_subtitles_carry_speakers_and_times_and_need_them():
    srt = as_srt(TURNS)
    assert "00:00:01,000 --> 00:00:02,500\nAda: Et alors ?" in srt and "00:00:03,000 --> 00:00:08,000" in srt
    with pytest.raises(NoTimes):
        as_srt((Turn("Ada", "Sans heure"),))


def test_markdown_names_who_made_it_and_lets_no_mark_act():
    made = as_markdown("Titre [x]", TURNS, (Quote(1, "Mona", "On sème", 3.0),), "edited, by Ada", "picked by rule")
    assert "# Titre \\[x\\]" in made and "> On sème" in made and "— Mona, 0:03" in made
    assert "On \\*sème\\* \\<b\\>." in made and "*edited, by Ada*" in made
