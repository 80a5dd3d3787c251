"""A commercial post is held against the law of its account's country; what only hints asks for a person."""

from __future__ import annotations

from datetime import date

import pytest

from sillage.governance.engine.law import Consideration
from sillage.governance.engine.law_reading import law_book
from sillage.governance.engine.law_words import CHANGES
from sillage.understanding.engine.brands import BrandMentions, KnownBrand
from sillage.understanding.engine.commercial import NETWORK_LABEL, commercial_signs, is_told
from sillage.understanding.engine.commercial_words import TELLS
from sillage.understanding.engine.disclosure import Disclosure, consideration_of
from sillage.understanding.engine.port import NOTHING, PostText

HALDEN = BrandMentions([KnownBrand("halden", "Halden", ("halden",))])


def _read(text: str, country: str | None = "FR", **more):
    post = PostText(1, 1, 1, "", text, country=country, **{"network": "instagram", **more})
    return Disclosure(HALDEN).findings([post])[0]


def _severities(finding) -> dict[str, str]:
    return {f["rule"]: f["severity"] for f in finding.value["findings"]}


@pytest.mark.parametrize(
    "text", ["", "Une belle journée au marché", "Video not sponsored, all bought with my money", "😀"]
)
def test_an_ordinary_post_has_nothing_to_disclose(text):
    assert _read(text) == NOTHING


def test_a_labelled_post_passes_in_france_and_in_the_union():
    found = _read("Publicité | ma routine avec @halden", language="fr")
    assert found.value["severity"] == "pass"
    assert set(found.value["packs"]) == {"fr", "eu"}
    assert _severities(found)["FR-DISC-01"] == _severities(found)["EU-UCPD-01"] == "pass"


def test_a_post_that_says_ad_in_french_is_blocked_and_quoted():
    found = _read("Merci à @halden #ad #love", language="fr")
    first = found.value["findings"][0]
    assert (found.value["severity"], first["rule"], first["severity"]) == ("block", "FR-DISC-01", "block")
    assert "#ad" in first["seen"] and first["version"] == law_book().packs["fr"].version


def test_a_hint_alone_asks_for_review_and_never_blocks():
    found = _read("Merci à @halden pour le colis !")
    assert found.value["consideration"] == "unknown" and found.value["severity"] == "review"


def test_the_same_words_are_judged_by_their_country():
    text = "Ad | my routine with @halden"
    worst = {c: _read(text, c, language="en").value["severity"] for c in ("GB", "US", "FR", "DE")}
    assert worst == {"GB": "pass", "US": "pass", "FR": "block", "DE": "block"}


def test_without_a_country_the_unions_rules_speak_and_it_is_said():
    found = _read("Publicité | ma routine avec @halden", None, language="fr")
    assert found.value["country"] is None and set(found.value["packs"]) == {"eu"}


def test_a_country_without_a_pack_is_commercial_and_not_judged():
    found = _read("Publicidade | #ad", "BR")
    assert (found.value["packs"], found.value["findings"], found.value["severity"]) == ({}, [], None)


def test_rules_that_had_not_begun_are_not_applied():
    found = _read("Ma crème #sponso", published_on=date(2023, 1, 1))
    assert not any(f["rule"].startswith("FR-DISC") for f in found.value["findings"])


def test_the_networks_own_label_alone_asks_for_review_in_france():
    found = _read("Ma crème préférée", paid_label=True)
    assert _severities(found)["FR-DISC-01"] == "review"


def test_a_known_brand_is_the_advertiser():
    named = _severities(_read("Publicité : ma routine Halden"))
    unnamed = _severities(_read("Publicité : ma routine"))
    assert (named["FR-DISC-03"], unnamed["FR-DISC-03"]) == ("pass", "review")


def test_every_finding_can_be_told():
    for text in ("#ad", "Publicité", "merci à @halden", "produit offert par @halden", "lien affilié"):
        for finding in _read(text).value["findings"]:
            assert "%(" not in CHANGES[finding["change"]] % finding["about"]


def test_the_version_changes_with_the_brands():
    assert Disclosure().version != Disclosure(HALDEN).version
    assert len(Disclosure(HALDEN).version) <= 40


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("#ad", "paid"),
        ("Lien affilié : je touche une commission", "affiliate"),
        ("These were sent to me by Halden for free", "gift"),
        ("Voyage de presse à Lisbonne", "trip"),
        ("code promo ADA10", "unknown"),
    ],
)
def test_what_was_given_is_taken_from_the_words(text, given):
    assert consideration_of(commercial_signs(PostText(1, 1, 1, "", text))) is Consideration(given)


def test_the_networks_label_says_paid():
    signs = commercial_signs(PostText(1, 1, 1, "", "rien", paid_label=True))
    assert signs[0].words == NETWORK_LABEL and consideration_of(signs) is Consideration.PAID


# Invented sentences, marked by what they tell.
TELLING = [
    ("some of these are affiliate links", True),
    ("i earn a small commission when you buy through them", True),
    ("this video is sponsored by halden", True),
    ("halden sent me this jacket to try", True),
    ("support the channel by shopping through this link", True),
    ("liens affilies dans la description", True),
    ("video sponsorisee", True),
    ("produit offert par halden", True),
    ("algunos enlaces son afiliados", True),
    ("bezahlte werbepartnerschaft mit halden", True),
    ("pubblicita: la mia routine", True),
    ("this video is not sponsored", False),
    ("video non sponsorisee", False),
    ("we are not compensated by any brand, agency or affiliate", False),
    ("learn affiliate marketing in a week", False),
    ("use code ada10 for 10% off", False),
    ("buy it here: https://shop.example/1", False),
    ("the commission publishes its report on monday", False),
]


@pytest.mark.parametrize(("text", "tells"), TELLING)
def test_a_sentence_tells_of_a_relation_or_does_not(text, tells):
    assert is_told(text) is tells


def test_the_stems_of_a_kind_never_hide_what_its_patterns_match():
    words = " ".join(text for text, _ in TELLING)
    for telling in TELLS.values():
        for stem in telling.stems.split("|"):
            assert stem == stem.casefold()
    assert all(
        any(stem in words for stem in TELLS[k].stems.split("|")) for k in ("label", "affiliate", "gift", "support")
    )


@pytest.mark.parametrize(
    "text", ["advert" + "\n!" * 10_000, "not " * 5_000 + "sponsored", "link " * 4_000, "#" * 20_000]
)
def test_a_hostile_caption_costs_no_more_than_a_long_one(text):
    _read(text)
