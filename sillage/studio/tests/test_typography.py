"""French typography is proposed rule by rule and leaves addresses alone."""

from __future__ import annotations

import pytest

from sillage.studio.engine.typography import HARD, THIN, contracted, fixes_of, typeset_french


@pytest.mark.parametrize(
    ("text", "set_right"),
    [
        ("C'est vrai !", f"C’est vrai{THIN}!"),
        ("Vraiment?", f"Vraiment{THIN}?"),
        ("Le détail : le voici", f"Le détail{HARD}: le voici"),
        ('Il dit "oui" et part', f"Il dit «{HARD}oui{HARD}» et part"),
        ("« mot »", f"«{HARD}mot{HARD}»"),
        ("Et puis...", "Et puis…"),
        ("20% de moins", f"20{HARD}% de moins"),
        ("https://exemple.fr/a?b=c:d à 10:30", "https://exemple.fr/a?b=c:d à 10:30"),
        (f"Déjà juste{THIN}!", f"Déjà juste{THIN}!"),
        ("Quoi ?!", f"Quoi{THIN}?!"),
    ],
)
def test_texts_are_set_as_french_ones_are(text: str, set_right: str) -> None:
    assert typeset_french(text) == set_right
    assert not list(fixes_of(set_right))


def test_a_fix_says_where_and_by_which_rule() -> None:
    (fix,) = fixes_of("L'idée")
    assert (fix.start, fix.end, fix.instead, fix.rule) == (1, 2, "’", "apostrophe")


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("L’équipe de Aube", "Aube", "L’équipe d’Aube"),
        ("De Aube à vous", "Aube", "D’Aube à vous"),
        ("À propos de le sérum Aube : oui", "le sérum Aube", "À propos du sérum Aube : oui"),
        ("Merci à les lecteurs", "les lecteurs", "Merci aux lecteurs"),
        ("Chez Aube, de Hermès", "Hermès", "Chez Aube, de Hermès"),
        ("L’équipe de Terre Vive", "Terre Vive", "L’équipe de Terre Vive"),
    ],
)
def test_small_words_before_a_name_are_contracted(text, name, said):
    assert contracted(text, [name]) == said
