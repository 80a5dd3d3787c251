"""Texts that speak to a machine instead of people: “ignore previous instructions” hidden in a caption.

Such a text is shown to people as it is, but never given to a language model and never picked for a summary. The list cannot
be complete: what protects is that texts are only data, that answers are checked against them, and that no answer can act.
"""

from __future__ import annotations

import re

from sillage.lib.text import folded

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\U000e0000-\U000e007f]")
_TO_A_MACHINE = re.compile(
    r"(?:ignor\w*|disregard|forget|override|oubli\w*|olvida\w*|vergiss|vergesst|missacht\w*|dimentica\w*)"
    r"(?:\W+\w+){0,5}?\W+(?:instruc\w*|istruzion\w*|anweisung\w*|prompts?|consignes?|rules|regles|reglas|regole|directives?)"
    r"|(?:system|developer)\s*(?:prompt|message)|prompt\s+(?:systeme|injection|del sistema)"
    r"|<\W{0,3}(?:system|assistant|instructions?|im_start|im_end)\W{0,3}>|\[/?inst\]|^\W*(?:system|assistant)\s*:"
    r"|you are (?:now )?(?:an? )?(?:ai|assistant|chatgpt|language model|dan)\b"
    r"|(?:as|being) an? (?:ai|language model)|(?:reply|respond|answer|output|repeat) (?:only )?(?:with|exactly|the following)"
    r"|(?:tu es|vous etes) (?:maintenant )?(?:une? )?(?:ia|assistant|modele)|eres (?:ahora )?una? (?:ia|asistente)"
    r"|du bist (?:jetzt )?(?:eine? )?(?:ki|assistent)|sei (?:ora )?una? (?:ia|assistente)"
    r"|(?:ecris|reponds|escribe|responde|schreibe|antworte|scrivi|rispondi)"
    r" (?:seulement|uniquement|solo|solamente|nur|soltanto)",
    re.MULTILINE,
)


def speaks_to_a_machine(text: str) -> bool:
    """Whether a text reads like an instruction to a model; also where characters that nobody sees are strewn in."""
    return _TO_A_MACHINE.search(folded(_UNSEEN.sub("", text[:20_000]))) is not None
