"""A commercial post is known by its label or its words; a weak word is only a hint."""

from __future__ import annotations

import pytest

from sillage.understanding.engine.commercial import LABEL, PLAIN, WEAK, Commercial
from sillage.understanding.engine.port import NOTHING, PostText


def _found(text: str, **more):
    return Commercial().findings([PostText(1, 1, 1, "", text, **more)])[0]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Collaboration commerciale – ma crème du moment", PLAIN),
        ("Un dîner de rêve #ad", PLAIN),
        ("PUBLICITÉ | nouvelle collection", PLAIN),
        ("Paid partnership with Halden", PLAIN),
        ("Publicidad. Mi rutina de noche", PLAIN),
        ("merci à @mareebasse pour le colis", WEAK),
        ("-10 % avec le code ADA10", WEAK),
        ("new in #gifted", WEAK),
    ],
)
def test_its_words_are_found(text, confidence):
    assert _found(text).confidence == confidence


@pytest.mark.parametrize("text", ["Je vous adore", "La pubblicazione", "adieu l'été", "merci à vous", ""])
def test_an_ordinary_post_is_not_commercial(text):
    assert _found(text) == NOTHING


def test_the_networks_own_label_is_surest():
    assert _found("rien", paid_label=True).confidence == LABEL


def test_hashtags_beside_the_text_count():
    assert _found("soirée", hashtags=("sponsored",)).confidence == PLAIN
