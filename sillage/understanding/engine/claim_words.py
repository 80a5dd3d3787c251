"""What claims are checked by: numbers in words, words of quantity, words that deny, and words with which summaries tell.

Folded, without accents, in English, French, Spanish, German and Italian; written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBERS = {
    2: "two deux dos zwei due twice",
    3: "three trois tres drei tre",
    4: "four quatre cuatro vier quattro",
    5: "five cinq cinco funf cinque",
    6: "six seis sechs sei",
    7: "seven sept siete sieben sette",
    8: "eight huit ocho acht otto",
    9: "nine neuf nueve neun nove",
    10: "ten dix diez zehn dieci",
    11: "eleven onze once elf undici",
    12: "twelve douze doce zwolf dodici dozen douzaine docena dutzend dozzina",
    20: "twenty vingt veinte zwanzig venti",
    100: "hundred hundreds cent centaines cien cientos hundert hunderte cento centinaia",
    1000: "thousand thousands mille milliers mil miles tausend tausende mila migliaia",
}
NUMBER_WORDS: Mapping[str, int] = {word: number for number, words in _NUMBERS.items() for word in words.split()}
ALSO_WORDS = frozenset({"sei", "once", "miles", "tres", "sept"})  # ordinary words in another of the languages

_MOST = "most majority majorite plupart mayoria meisten mehrheit maggioranza"
_ALL = "all everyone everybody always tous toutes chacun toujours todos todas siempre alle immer tutti tutte sempre"
_NONE = "nobody none personne aucun aucune nadie ninguno ninguna niemand keiner nessuno nessuna"
MOST, ALL, NONE = (frozenset(words.split()) for words in (_MOST, _ALL, _NONE))

DENIES = re.compile(
    r"\b(?:not|no|never|without|cannot|ne|pas|jamais|sans|aucune?|nunca|sin|jamas|nicht|kein\w*|nie|niemals|ohne|non|mai"
    r"|senza|nessun\w*|nobody|none|nadie|niemand)\b|n't\b|\bn'"
)

# What a summary says of texts in general, whatever they talk about.
_TELLING = """
comment comments commenter commenters people audience follower followers reader readers viewer viewers user users question
questions ask asks asked asking wonder wonders say says said saying mention mentions mentioned mentioning talk talks talking
speak speaks write writes wrote report reports describe describes share shares shared express several among caption captions
creator creators topic topics subject subjects text texts
commentaires gens publication publications abonnes abonne createur createurs sujet sujets demande demandent demander parle
parlent disent ecrivent mentionnent mentionne evoque evoquent partagent partage plusieurs texte textes legende legendes
comentario comentarios persona personas pregunta preguntan hablan habla dicen mencionan menciona varios varias publicacion
publicaciones texto textos
kommentar kommentare menschen fragen fragt sagen sagt schreiben schreibt erwahnen erwahnt sprechen mehrere beitrag beitrage
nutzer
commento commenti chiedono chiede dicono parlano parla menzionano diversi diverse testo testi utenti
"""
TELLING = frozenset(_TELLING.split())
