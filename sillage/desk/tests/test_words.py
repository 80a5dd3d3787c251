"""Sillage's own names have words: every verb, metric, measure, format, role, right and warning that the rooms use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import sillage
from sillage.catalogue.engine import metrics as _account_metrics  # noqa: F401  registers
from sillage.catalogue.engine.records import FORMATS as KNOWN_FORMATS
from sillage.catalogue.engine.records import Measure
from sillage.desk import words
from sillage.desk.templatetags.words import outside, written
from sillage.discovery.engine import metrics as _affinity  # noqa: F401  registers
from sillage.discovery.models import Decision
from sillage.governance.engine.actors import Right, Role
from sillage.governance.engine.law import FORMATS as LAW_FORMATS
from sillage.lib.receipts import metrics
from sillage.understanding.engine import metrics as _signals  # noqa: F401  registers
from sillage.understanding.engine import warnings

PACKAGE = Path(sillage.__file__).parent


def verbs_in_code() -> set[str]:
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.parts:
            lines = [line for line in path.read_text(encoding="utf8").splitlines() if "verb=" in line]
            for verb in re.findall(r'"([a-z]+\.[a-z_{}]+)"', "\n".join(lines)):
                kinds = [kind for kind, _ in Decision._meta.get_field("kind").choices] if "{kind}" in verb else [""]
                found |= {verb.replace("{kind}", kind) for kind in kinds}
    return found


def test_every_verb_of_the_ledger_has_its_sentence():
    used = verbs_in_code()

    assert {"governance.workspace_opened", "discovery.account_pinned"} <= used
    assert used - set(words.VERBS) == set()


def test_no_sentence_is_kept_for_a_verb_that_nobody_uses():
    assert set(words.VERBS) - verbs_in_code() == set()


def test_languages_are_named_by_our_filter_and_not_by_djangos_which_speaks_english():
    """Both are called `language_name`: the one that is loaded last is used."""
    templates = [p for p in PACKAGE.glob("*/templates/**/*.html") if "|language_name" in p.read_text(encoding="utf8")]
    loaded = {
        p: re.findall(r"\w+", " ".join(re.findall(r"{% load ([^%]+) %}", p.read_text(encoding="utf8"))))
        for p in templates
    }

    assert len(templates) > 10
    assert [
        p.name for p, names in loaded.items() if "words" not in names[names.index("i18n") if "i18n" in names else 0 :]
    ] == []


def test_every_metric_has_a_name():
    ours = {m.id for m in metrics() if m.id.startswith(("account.", "collaboration.", "shortlist."))}

    assert ours == set(words.METRICS)


def test_measures_formats_roles_and_rights_all_have_words():
    assert set(words.MEASURES) == {m.value for m in Measure}
    assert set(words.FORMATS) == {*KNOWN_FORMATS, *LAW_FORMATS}
    assert set(words.ROLES) == {r.value for r in Role}
    assert set(words.RIGHTS) == {r.value for r in Right}


def test_every_warning_says_what_it_is():
    used = {value for name, value in vars(warnings).items() if name.isupper() and isinstance(value, str)}

    assert used == set(words.WARNINGS)


@pytest.mark.parametrize(
    ("language", "country", "tongue"), [("fr", "Royaume-Uni", "Espagnol"), ("en", "United Kingdom", "Spanish")]
)
def test_countries_and_languages_are_named_in_the_readers_language(language, country, tongue):
    with translation.override(language):
        assert words.country_name("GB") == country
        assert words.language_name("es") == tongue


def test_a_code_without_a_name_is_shown_as_it_is():
    assert words.country_name("ZZ") == "ZZ"
    assert words.language_name("qqq") == "qqq"
    assert words.theme_name("gone.theme") == "gone.theme"


def test_values_are_written_in_their_unit():
    with translation.override("en"):
        assert written("account.followers", 1, 48_210) == "48,210"
        assert written("account.followers", 1, 48_210, short=True) == "48.2k"
        assert written("account.engagement_by_views", 1, 5.118) == "5.1%"
        assert written("account.sponsored_share", 1, 0.254) == "25%"
        assert written("account.follower_growth_90d", 1, -0.71) == "\N{MINUS SIGN}0.7%"
        assert written("account.posts_per_week", 1, 2.14) == "2.1"
        assert written("account.followers", 1, None) == "-"


def test_only_web_addresses_from_outside_become_links():
    assert outside("https://example.org/p/1") == "https://example.org/p/1"
    for address in ("javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//example.org", "", "http//x"):
        assert outside(address) == ""
