"""The language of a post: the model bundled with its package, on what a post says rather than on its links."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from sillage.understanding.engine import language
from sillage.understanding.engine.language import LanguageShare, detect, language_profile, prose

TWEETS = Path(__file__).parents[4] / "shared" / "data" / "xlmt-sentiment"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "Ma routine du soir pour une peau apaisée ✨ #skincare #ootd @marque https://exemple.fr/en/blog"),
        ("en", "My honest review after thirty days 😍 #avis"),
        ("es", "Hoy os enseño mi rutina de mañana"),
        ("de", "Heute zeige ich euch meine liebsten Rezepte"),
        ("it", "Oggi vi mostro la mia ricetta preferita"),
        ("ar", "مرحبا بكم في قناتي الجديدة"),
        ("ja", "これは猫です"),
        ("ru", "Дорогие друзья, сегодня новый рецепт"),
    ],
)
def test_a_post_is_read_in_its_language(code: str, text: str) -> None:
    (guess,) = detect([text])
    assert guess is not None
    assert guess.code == code
    assert guess.confidence > 0.6


@pytest.mark.parametrize("text", ["", "❤️❤️❤️", "12 000 !!!", "ok", "https://example.org/the/long/road", "@chiara"])
def test_nothing_to_read_has_no_language(text: str) -> None:
    assert detect([text]) == [None]


def test_a_language_that_is_not_offered_is_not_called_another() -> None:
    russian = "Дорогие друзья, сегодня новый рецепт"
    assert detect([russian], offered=("fr", "en")) == [None]
    assert detect(["Ma routine du soir pour une peau apaisée"], offered=("en", "de")) == [None]


def test_links_mentions_and_emoji_are_not_prose_and_hashtags_only_when_little_else_is_there() -> None:
    assert prose("Bonjour @ada 👋 www.exemple.fr a@b.fr #paris") == "bonjour paris"
    long = "Une très longue phrase qui suffit pour connaître sa langue"
    assert prose(f"{long} #travel #love") == long.lower()


def test_detecting_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    language._model.cache_clear()
    (guess,) = detect(["Bonjour à toutes et à tous"])
    assert guess is not None


def test_an_account_s_languages_are_weighted_and_unknown_ones_left_out() -> None:
    profile = language_profile([("fr", 3.0), ("en", 1.0), (None, 5.0), ("fr", 1.0)])
    assert profile == (LanguageShare("fr", 0.8, 2), LanguageShare("en", 0.2, 1))
    assert language_profile([(None, 1.0)]) == ()


@pytest.mark.skipif(not TWEETS.is_dir(), reason="the tweets of xlmt-sentiment are not here")
def test_tweets_in_five_languages_are_told_apart(record_property: pytest.FixtureRequest) -> None:
    right = answered = asked = 0
    for code, folder in (("en", "english"), ("fr", "french"), ("de", "german"), ("it", "italian"), ("es", "spanish")):
        name = "val_text.txt" if folder == "french" else "test_text.txt"
        texts = (TWEETS / folder / name).read_text("utf-8").splitlines()[:300]
        guesses = [guess.code for guess in detect(texts) if guess is not None]
        right += sum(guess == code for guess in guesses)
        answered += len(guesses)
        asked += len(texts)
    record_property("language_accuracy", round(right / answered, 3))  # type: ignore[operator]
    assert answered / asked > 0.94
    assert right / answered > 0.97
