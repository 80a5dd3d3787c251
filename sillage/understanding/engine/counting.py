"""Counts by an explicit rule: how many texts of a set ask about the price, where to buy, and so on.

A rule is a list of expressions per subject, in five languages, matched in folded text without accents. Subjects marked as
asked for count only texts that ask: with a question mark, or beginning with a question word. The rule, its version and
every id counted are kept, so that anybody can count again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sillage.lib.text import folded

VERSION = "counting/1"
LONGEST = 2_000  # characters of a text that are read


@dataclass(frozen=True, slots=True)
class Rule:
    """`expressions` are regular expressions over folded text; `asks` where the text must ask, too.

    `words` call its subject by name in the five languages, so that a sentence that cites the count can be checked.
    """

    key: str
    words: str
    expressions: str
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Counted:
    """`refs` are the texts that the rule counts, among `of` texts."""

    rule: str
    refs: tuple[str, ...]
    of: int


RULES: tuple[Rule, ...] = (
    Rule(
        "price",
        "price prix precio preis prezzo",
        r"prix|tarifs?|combien|cout(?:e|er|ent|ait)?|prices?|pricing|how much|costs?|precios?|cuanto|cuesta|vale|preise?"
        r"|kostet|kosten|wie ?viel|prezz[oi]|quanto|costano?",
    ),
    Rule(
        "where to buy",
        "buy acheter trouver comprar kaufen comprare",
        r"ou (?:le|la|les|on|l'|peut|puis|est|trouver|acheter|se|as|avez|tu|vous)\b.*(?:trouv\w+|achet\w+|procur\w+)"
        r"|ou (?:acheter|trouver|commander)|where (?:can|do|could|did|to|is|are)\b.*(?:buy|get|find|order|from|sold)"
        r"|donde (?:puedo|se|la|lo|los|las|comprar|compr\w+|encontr\w+|consig\w+)"
        r"|wo (?:kann|gibt|bekomm\w+|kauf\w+|hast|habt|finde)|woher|dove (?:posso|si|l'|lo|la|hai|comprare|trov\w+)",
    ),
    Rule(
        "availability",
        "available availability disponible disponibilité disponible verfügbar disponibile stock",
        r"dispo(?:nible)?s?|en stock|rupture|quand sort|restock\w*|in stock|sold out|available|release date|agotad[oa]s?"
        r"|disponibles?|lieferbar|verfugbar|ausverkauft|esaurit[oa]|disponibil[ei]",
    ),
    Rule(
        "delivery",
        "delivery shipping livraison envío lieferung versand spedizione",
        r"livraisons?|livre[rz]|frais de port|expedi\w+|shipping|ship to|deliver\w*|envios?|enviais|envian|versand\w*"
        r"|liefer\w+|spedizion[ei]|spedite|consegn\w+",
    ),
    Rule(
        "discount code",
        "discount code promo réduction descuento rabatt sconto",
        r"code(?: promo)?|promo\w*|reductions?|discounts?|coupons?|descuentos?|rabatt\w*|gutschein\w*|scont\w+",
    ),
    Rule(
        "size or shade",
        "size shade taille teinte talla tono größe farbton taglia colore",
        r"tailles?|pointure|teintes?|coloris|sizes?|sizing|shades?|tallas?|tonos?|grossen?|farbton|farben?|tagli[ae]"
        r"|tonalita|colori",
    ),
    Rule(
        "what is in it",
        "ingredients ingrédients composition ingredientes inhaltsstoffe ingredienti",
        r"ingredients?|composition|compo|contient|vegan|sans gluten|gluten|parfum\w*|contains?|cruelty|ingredientes|contiene"
        r"|inhaltsstoffe|enthalt|inci|ingredienti|composizione",
    ),
    Rule(
        "how to use it",
        "use utiliser usar benutzen verwenden usare",
        r"comment (?:tu|on|vous|l'|le|la|faut|utilis\w+|appliqu\w+|fai\w+)|mode d'emploi|how (?:do|to|did|often|long)"
        r"|como (?:se|lo|la|haces|usas?|aplic\w+)|wie (?:benutz\w+|verwend\w+|oft|lange|mach\w+|geht)"
        r"|come (?:si|lo|la|fai|usi|hai|applic\w+)",
    ),
)

_ASKS = re.compile(
    r"[?\u061f\uff1f\u00bf]|^\W*(?:combien|comment|ou|quand|quel\w*|pourquoi|est-ce|c'est quoi|how|where|when|what|which|why"
    r"|who|is|are|do|does|can|could|cuanto\w*|donde|cuando|como|que|cual\w*|wie|wo|wann|was|welche\w*|warum|gibt|quanto|dove"
    r"|quando|come|che|quale)\b"
)


def count_by_rules(texts: Sequence[tuple[str, str]], rules: Iterable[Rule] = RULES) -> list[Counted]:
    """Count (ref, text) pairs under each rule, the most frequent first; a rule that counts none is left out."""
    compiled = [(rule, re.compile(rf"(?<!\w)(?:{rule.expressions})(?!\w)")) for rule in rules]
    found: dict[str, list[str]] = {rule.key: [] for rule, _ in compiled}
    for ref, text in texts:
        said = folded(text[:LONGEST])
        asks = _ASKS.search(said) is not None
        for rule, expression in compiled:
            if (asks or not rule.asks) and expression.search(said):
                found[rule.key].append(ref)
    counted = [Counted(key, tuple(sorted(refs)), len(texts)) for key, refs in found.items() if refs]
    return sorted(counted, key=lambda c: (-len(c.refs), c.rule))
