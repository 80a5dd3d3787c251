"""The words by which posts give away a commercial relation, per kind, as regular expressions over folded text.

`label`: the creator calls it advertising. `support`: “shopping through this link supports the channel”. Five languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABEL, PLAIN, SAID, WEAK = 0.99, 0.95, 0.85, 0.6  # the network's own label; called by its name; told; hinted at

_SHOP = r"(?:shop(?:s|ping)?|purchas(?:e|es|ing)|buy(?:s|ing)?|order(?:s|ing)?)"
_US = (
    r"(?:me|us|out|(?:the|this|my|our) (?:\w+ ){0,2}?(?:channel|show|site|team|cause|podcast|project|videos?|content))"
)
_HELP = r"(?:helps?|supports?|supporting|helping)"


@dataclass(frozen=True, slots=True)
class Telling:
    """Patterns of one kind. Any text that one matches has one of the `stems` (split by |); others are not searched."""

    confidence: float
    stems: str
    patterns: tuple[str, ...]


TELLS: Mapping[str, Telling] = {
    "label": Telling(
        PLAIN,
        "public|ollabora|olaboraci|parten|partner|sponsor|paid|advert|patrocin|anzeige|werb|pubbl|brought to you",
        (
            *("publicite", "collaboration (?:commerciale|remuneree)", "partenariat (?:remunere|commercial)"),
            *("contenu sponsorise", "(?:article|post) sponsorise", "video sponsorisee", "sponsorisee? par"),
            *("en partenariat avec", "paid (?:partnership|promotion|advertisement)", "in partnership with"),
            *("sponsored (?:by|post|video|content)", "(?:video|episode|post) (?:is |was )?brought to you by"),
            r"(?m:^)[^\w\n]*advertisement",
            "(?:is|are|was|were|been|being|kindly) sponsored",
            "sponsors? of (?:this|the|today's) (?:video|episode|show)",
            "(?:our|my|this video's|today's) sponsors?",
            *("publicidad", "colaboracion (?:pagada|comercial)", "patrocinad[oa] por", "en colaboracion con"),
            *("anzeige", "bezahlte (?:werbe)?partnerschaft", "(?:un)?bezahlte werbung", "gesponsert von"),
            *("pubblicita", "sponsorizzato da"),
        ),
    ),
    "affiliate": Telling(
        SAID,
        "affili|afilia|refer|associate|commis|comis|percentage|kickback"
        "|cut|advertising fees|compensated|rewardstyle|skimlinks|programme partenaires|provision|provvigion",
        (
            "affiliated?s?[ -](?:links?|codes?|disclaimer|disclosure|partners?|commissions?|products?|store|shop|page)",
            *("(?<!its )(?<!their )affiliates?(?! (?:marketing|program))", "monetary affiliation"),
            r"links? (?:\w+ ){0,3}(?:is|are|be) affiliated",
            "(?:i|we)(?: am| are|'m|'re) (?:\\w+ )?affiliated",
            *(
                "referr?al (?:links?|codes?)",
                "amazon associates?",
                "associates? (?:program|links?)",
                "advertising fees",
            ),
            "(?:earns?|gets?|receives?|given|paid) (?:\\w+ ){0,3}?(?:commissions?|percentage|kickback|cut)",
            "(?:i|we)(?: (?:may|will|might|do|can)|'ll)? make (?:\\w+ ){0,3}?(?:commissions?|percentage|money)",
            *("commissions? (?:from|on|for|when|if)", "small commissions?", "compensated links?"),
            *(
                "rewardstyle",
                "skimlinks",
                "liens? (?:d'affiliation|affilies?)",
                "programme (?:d'affiliation|partenaires)",
            ),
            *("(?:enlaces?|links?) (?:de )?afiliad[oa]s?", "afiliad[oa]s?", "link affiliat[oi]"),
            *("vermittlungsprovision", "provisions-?links?", "comision por", "provvigion[ei]"),
        ),
    ),
    "paid": Telling(
        SAID,
        "paid|pays|compensated|remunere|bezahlt|pagad",
        (
            "(?:i|we)(?:'m|'re)? (?:(?:was|were|am|are|been|get|got|being) )+(?:paid|compensated) (?:to|by|for|if|when)",
            *("pa(?:id|ys) (?:me|us)", "(?:was|were) compensated", "remuneree? par", "bezahlt (?:von|worden)"),
            "pagad[oa] por",
        ),
    ),
    "gift": Telling(
        SAID,
        "gift|sent|provided|supplied|given|donated|loaned|gave|free"
        "|review|offert|regalad|cedid|verfugung|omaggiat|pr sample|pr package|pr box",
        (
            *("(?:was|were|been|kindly|very) gifted", "gifted (?:to|by|from)", "sent (?:to )?(?:me|us) by"),
            "(?:sent|provided|supplied|given|donated|loaned) (?:(?:to )?(?:me|us) )?for (?:free|review)",
            "(?:sent|provided|supplied|given|donated|loaned) (?:(?:to )?(?:me|us) )?free (?:of|from|by)",
            "(?:was|were|kindly) (?:sent|provided|supplied|given|loaned) to (?:me|us) by",
            "(?:was|were|kindly) sent by",
            "(?:sent|gave|supplied|provided) (?:me|us) (?:with )?(?:this|these|the|a|it|some|their)",
            *("free (?:products?|samples?) (?:from|by)", "pr (?:samples?|package|box)", "review (?:unit|sample|copy)"),
            *("produits? offerts?", "offert par", "m'(?:a|ont) (?:ete )?offert(?:e|s|es)?", "regalad[oa] por"),
            *("cedid[oa] por", "zur verfugung gestellt", "omaggiat[oa] da", "gentilmente offerto"),
        ),
    ),
    "trip": Telling(
        SAID,
        "invit|hosted by @|press trip|presse",
        (
            *("invitee?s? par @", "(?:was|were) invited by", "hosted by @", "press trip", "voyage (?:de )?presse"),
            *("invitad[oa]s? por @", "invitat[oa] da @"),
        ),
    ),
    "own_brand": Telling(
        SAID,
        "brand|merch|clothing line|product line|marque|marca",
        (
            r"(?:my|our) (?:own )?(?:brand|merch(?:andise)?|clothing line|product line)",
            *("ma (?:propre )?marque", "mi propia marca"),
        ),
    ),
    "support": Telling(
        SAID,
        "support|help",
        (
            rf"(?:support|help)(?:s|ing)? {_US} (?:\w+ ){{0,4}}?{_SHOP}",
            rf"(?:support|help)(?:s|ing)? (?:\w+ ){{1,6}}?(?:by|when|when you|while|via|through) (?:\w+ ){{0,4}}?{_SHOP}",
            r"(?:support|help)(?:s|ing)? (?:\w+ ){1,4}?(?:via|through|with) (?:\w+ ){0,3}?amazon",
            rf"{_SHOP}[^.!?\n]{{0,90}}? {_HELP} (?:to )?(?:support )?{_US}",
            rf"link[^.!?\n]{{0,60}}? {_HELP} (?:to )?(?:support )?{_US}",
        ),
    ),
    "code": Telling(
        WEAK,
        "code|codigo|codice",
        (
            *("code promo", "avec (?:le|mon) code", "(?:discount|promo|coupon) code", "codigo de descuento"),
            "use (?:my |the |promo |coupon |discount )*code",
            *("con (?:el|mi) codigo", "rabattcode", "mit (?:dem|meinem) code", "codice sconto"),
        ),
    ),
    "thanks": Telling(
        WEAK,
        " @|bio",
        (
            r"(?:merci a|thanks to|thank you to|gracias a|danke an|grazie a) @\w+",
            *(r"lien (?:\w+ )?en bio", "link in (?:my )?bio"),
        ),
    ),
}

# Hashtags, and the kind and confidence of each.
TAGS: Mapping[str, tuple[str, float]] = {
    tag: (kind, confidence)
    for kind, confidence, tags in (
        ("label", PLAIN, "ad publi publicite sponsored sponsorise sponso paidpartnership partenariatremunere"),
        ("label", PLAIN, "partenariat collaborationcommerciale publicidad werbung anzeige adv pub pubblicita"),
        ("affiliate", SAID, "affiliate affiliatelink lienaffilie afiliado affilie"),
        ("gift", WEAK, "gifted offert regalo prsample"),
        ("thanks", WEAK, "collab collaboration ambassadrice ambassadeur ambassador"),
    )
    for tag in tags.split()
}

# A label too short to be looked for in the middle of a text: the first word, set off from what follows (“Ad | …”).
OPENING = r"\A\W*(ad|advert|adv|pub|publi|werbung|sponsored|sponsorise)\s*(?:[|:.!,/()\[\]-]|[\u2013\u2014]|$)"

# Before a sign: it is denied (“not sponsored”, “non sponsorisé”, “we are not compensated by any brand or affiliate”).
DENIED = (
    r"(?:\bnot|n't|\bnever|\bnon?|\bpas|\bnicht|\bkeine?|\bsin|\bsenza)[ -](?:(?:\w|')+ ){0,2}$"
    r"|\bnot (?:compensated|sponsored|paid|affiliated|endorsed)[^.!?;]*$"
)
DENIABLE = frozenset({"label", "affiliate", "paid", "gift"})

# Kinds by which somebody is told of the relation; a code or thanks may hide one and tell nothing.
TELLING = frozenset({"label", "affiliate", "paid", "gift", "trip", "support"})
