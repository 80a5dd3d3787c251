"""Invented texts about three subjects, for the tests of topics."""

from __future__ import annotations

from datetime import date, timedelta

from sillage.understanding.engine.topics import SetText

SKIN = (
    "Ma routine de soin : ce sérum à la vitamine C a changé ma peau, texture légère",
    "Le sérum hydratant du matin, ma peau sensible le supporte bien",
    "Crème ou sérum ? Ma peau préfère les deux, la texture compte",
    "Test du nouveau sérum : trois semaines sur ma peau et le teint plus clair",
)
RUN = (
    "Sortie trail dimanche : quinze kilomètres en forêt, chaussures trempées",
    "Préparer un trail en montagne, mes chaussures et mon plan d'entraînement",
    "Entraînement fractionné avant le trail, kilomètres au compteur",
    "Chaussures de trail usées après mille kilomètres d'entraînement en forêt",
)
COOK = (
    "Recette de tarte aux légumes du potager, cuisson douce au four",
    "Une recette végétarienne simple : légumes rôtis au four, huile d'olive",
    "La cuisson des légumes au four change tout dans cette recette",
    "Tarte salée, légumes de saison et recette rapide pour le soir",
)
ENDINGS = ("hier", "ce matin", "en vrai", "comme promis", "avec Léa", "chez nous", "sans filtre", "à deux")
FIRST_DAY = date(2026, 1, 5)


def said(lines: tuple[str, ...], n: int, start: int = 0) -> list[str]:
    """n different texts of the lines."""
    return [
        f"{lines[i % len(lines)]}, {ENDINGS[(i // len(lines)) % len(ENDINGS)]} {i // 32 or ''}".strip()
        for i in range(start, start + n)
    ]


def set_of(texts: list[str], *, account: int = 1, is_second: bool = False, offset: int = 0) -> list[SetText]:
    return [
        SetText(f"post:{account}:{offset + i}", text, FIRST_DAY + timedelta(days=3 * i), account, is_second)
        for i, text in enumerate(texts)
    ]


def three_subjects(each: int = 20) -> list[SetText]:
    return [
        text
        for account, lines in enumerate((SKIN, RUN, COOK), 1)
        for text in set_of(said(lines, each), account=account)
    ]
