"""What a person changed of a reading survives the next reading."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from sillage.discovery.engine.editing import Understood, carried, is_same
from sillage.discovery.engine.figures import adding_up
from sillage.discovery.engine.highlights import pieces
from sillage.understanding.engine.brief_themes import read_brief

WORDS = st.lists(st.sampled_from(["FR", "BE", "CH", "ES"]), unique=True).map(tuple)


def _reading(text: str) -> dict[str, object]:
    reading = read_brief(text)
    return {
        "text": reading.text,
        **{
            name: [{"value": s.value, "start": s.start, "end": s.end} for s in getattr(reading, name)]
            for name in ("wanted", "unwanted", "terms", "unwanted_terms", "countries", "networks", "languages")
        },
    }


def test_what_was_added_stays_and_what_was_removed_stays_away():
    before = Understood(countries=("FR", "BE"), themes={"beauty": 0.8})
    shown = Understood(countries=("FR", "CH"), themes={"beauty": 0.8, "sport": 0.5})
    now = Understood(countries=("FR", "BE", "ES"), themes={"travel": 0.6})

    carried_over = carried(shown, before, now)

    assert set(carried_over.countries) == {"FR", "ES", "CH"}
    assert carried_over.themes == {"travel": 0.6, "sport": 0.5}


def test_a_weight_that_was_moved_is_kept_and_one_that_was_not_follows_the_text():
    before = Understood(themes={"beauty": 0.8, "sport": 0.5})
    shown = Understood(themes={"beauty": 0.3, "sport": 0.5})
    now = Understood(themes={"beauty": 0.9, "sport": 0.7})

    assert carried(shown, before, now).themes == {"beauty": 0.3, "sport": 0.7}


def test_a_bound_that_a_person_cleared_is_not_read_again():
    before = Understood(min_followers=5_000, max_followers=200_000)
    shown = Understood(min_followers=None, max_followers=200_000)

    again = carried(shown, before, Understood(min_followers=5_000, max_followers=50_000))

    assert (again.min_followers, again.max_followers) == (None, 50_000)


@given(shown=WORDS, read=WORDS)
def test_reading_the_same_text_changes_nothing(shown, read):
    under = Understood(countries=read)

    assert set(carried(Understood(countries=shown), under, under).countries) == set(shown)


@given(before=WORDS, now=WORDS)
def test_without_a_change_the_text_decides(before, now):
    assert set(
        carried(Understood(countries=before), Understood(countries=before), Understood(countries=now)).countries
    ) == set(now)


def test_weights_are_the_same_within_what_a_slider_can_tell():
    assert is_same({"beauty": 0.8}, {"beauty": 0.804})
    assert not is_same({"beauty": 0.8}, {"beauty": 0.82})
    assert not is_same({"beauty": 0.8}, {})


@given(st.text(max_size=200))
def test_the_pieces_of_a_text_join_to_the_text(text):
    reading = _reading(text)

    assert "".join(piece.text for piece in pieces(reading)) == reading["text"]


def test_each_piece_has_the_kind_of_what_was_read_there():
    found = {p.text: p.kind for p in pieces(_reading("Jardinage en Belgique, pas de surf")) if p.kind}

    assert found["Jardinage"] == "theme"
    assert found["Belgique"] == "country"
    assert found["surf"] == "not"


@given(st.lists(st.floats(min_value=-100, max_value=100), min_size=1, max_size=10))
def test_written_figures_add_up_to_the_written_score(values):
    points = {str(i): value for i, value in enumerate(values)}

    written = adding_up(points)

    assert abs(math.fsum(written.values()) - math.fsum(values)) <= 0.05 + 1e-6
    assert all(abs(written[name] - points[name]) <= 0.1 + 1e-9 for name in points)


def test_exact_zeros_stay_zero():
    assert adding_up({"a": 0.06, "b": 0.0, "c": 0.06}) == {"a": 0.1, "b": 0.0, "c": 0.0}
