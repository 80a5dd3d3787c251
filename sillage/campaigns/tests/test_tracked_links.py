"""Tracked links: where they may lead, who is taken for a person, and what a visit leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from sillage.campaigns.actions.tracked_links import LandingMissing, end_link, follow_link, make_links
from sillage.campaigns.engine.tracking import (
    Referrer,
    TargetRefused,
    Visitor,
    country_of,
    referrer_of,
    safe_target,
    visitor_of,
)
from sillage.campaigns.models import ClickCount, TrackedLink
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound

SHOP = "https://shop.example.com/compost?ref=1"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    " Instagram 335.0.0.26.97 (iPhone15,2; iOS 17_5; fr_FR; fr; scale=3.00; 1179x2556; 608000000)"
)
TIKTOK = (
    "Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0"
    " Mobile Safari/537.36 trill_340603 JsSdk/1.0 NetType/WIFI AppName/musical_ly ByteLocale/fr"
)
CUBOT = (
    "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


# -- where ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example.com", "https://shop.example.com/"),
        ("https://SHOP.example.com/A?b=1#c", "https://shop.example.com/A?b=1#c"),
        ("https://été.fr/x", "https://xn--t-9fab.fr/x"),
        ("https://shop.example.com:443/", "https://shop.example.com/"),
    ],
)
def test_a_link_leads_to_a_shop(given, kept):
    assert safe_target(given) == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/",
        "javascript:alert(1)",
        "data:text/html,hello",
        "//shop.example.com/",
        "/relative",
        "",
        "https://",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://printer.local/",
        "https://db.internal/",
        "https://shop/",
        "https://shop..com/",
        "https://-shop.com/",
        "https://user@shop.com/",
        "https://shop.com@evil.com/",
        "https://shop.com:8443/",
        "https://shop.com:x/",
        "https://shop.com\\@evil.com/",
        "https://shop.com/a b",
        "https://shop.com/\r\nSet-Cookie:a",
        "https://shop.com/" + "a" * 2000,
    ],
)
def test_a_link_leads_nowhere_else(url):
    with pytest.raises(TargetRefused):
        safe_target(url)


# -- who -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agent", [PHONE, TIKTOK, CUBOT])
def test_browsers_and_apps_are_taken_for_people(agent):
    assert visitor_of("GET", {"user-agent": agent}) is Visitor.PERSON
    assert visitor_of("GET", {"user-agent": agent, "sec-fetch-dest": "document"}) is Visitor.PERSON


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "TelegramBot (like TwitterBot)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
        "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 (KHTML, like Gecko) Safari/601.2.4 facebookexternalhit/1.1 Facebot",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
        "Bluesky Cardyb/1.1; +mailto:support@bsky.app",
        "curl/8.5.0",
        "python-requests/2.31",
        "Java/17.0.1",
    ],
)
def test_crawlers_previews_and_programs_are_taken_for_machines(agent):
    assert visitor_of("GET", {"user-agent": agent}) is Visitor.MACHINE


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-purpose": "preview"},
        {"x-moz": "prefetch"},
        {"sec-fetch-dest": "image"},
        {"sec-fetch-dest": "iframe"},
    ],
)
def test_what_a_browser_fetches_by_itself_is_a_machine_s(headers):
    assert visitor_of("GET", {"user-agent": PHONE} | headers) is Visitor.MACHINE


def test_asking_for_the_head_alone_is_a_machine_s():
    assert visitor_of("HEAD", {"user-agent": PHONE}) is Visitor.MACHINE


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("", "none"),
        ("https://l.instagram.com/?u=x", "instagram"),
        ("https://www.tiktok.com/@mona/video/1", "tiktok"),
        ("https://t.co/abc", "x"),
        ("https://notinstagram.com/", "other"),
        ("https://instagram.com.evil.org/", "other"),
        ("https://www.google.co.uk/", "search"),
        ("android-app://com.google.android.gm/", "other"),
        ("https://[bad", "other"),
        ("nonsense", "other"),
    ],
)
def test_of_a_referrer_only_its_kind_is_read(header, kind):
    assert referrer_of(header) is Referrer(kind)


@pytest.mark.parametrize(("header", "country"), [("fr", "FR"), ("XX", ""), ("T1", ""), ("", ""), ("FRA", "")])
def test_a_country_has_two_letters(header, country):
    assert country_of(header) == country


# -- made ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def links(campaign, collaborations, ada, noon) -> list[TrackedLink]:
    return make_links(campaign_id=campaign.pk, target=SHOP, actor=ada, now=noon)


def test_each_collaboration_gets_one_link_with_utm_and_without_its_name(links, campaign, ada, noon):
    assert [link.collaboration.handle for link in links] == ["mona", "noe"]
    query = parse_qs(urlsplit(links[0].target).query)
    assert query == {
        "ref": ["1"],
        "utm_source": ["instagram"],
        "utm_medium": ["influencer"],
        "utm_campaign": ["spring-in-the-garden"],
        "utm_content": [links[0].code],
    }
    assert "mona" not in links[0].target
    assert make_links(campaign_id=campaign.pk, target=SHOP, actor=ada, now=noon) == []


def test_a_link_needs_a_page_of_a_shop(campaign, collaborations, ada, noon):
    with pytest.raises(LandingMissing):
        make_links(campaign_id=campaign.pk, actor=ada, now=noon)
    with pytest.raises(TargetRefused):
        make_links(campaign_id=campaign.pk, target="https://10.0.0.1/", actor=ada, now=noon)
    assert not TrackedLink.objects.exists()


def test_links_are_made_by_who_may_and_in_one_s_own_workspace(campaign, collaborations, links, rita, dario, noon):
    with pytest.raises(NotAllowed):
        make_links(campaign_id=campaign.pk, target=SHOP, actor=rita, now=noon)
    with pytest.raises(NotFound):
        make_links(campaign_id=campaign.pk, target=SHOP, actor=dario, now=noon)
    with pytest.raises(NotFound):
        end_link(link_id=links[0].pk, actor=dario, now=noon)


# -- followed ------------------------------------------------------------------------------------------------------------


def followed(client, code: str, agent: str = PHONE, method: str = "get", **headers: str):
    return getattr(client, method)(f"/r/{code}", headers={"user-agent": agent, **headers})


def test_who_follows_a_link_comes_to_its_target_and_one_more_is_counted(links, client):
    answer = followed(client, links[0].code, referer="https://l.instagram.com/?u=1")
    assert (answer.status_code, answer["Location"]) == (302, links[0].target)
    assert answer["Cache-Control"] == "no-store" and not answer.cookies
    row = ClickCount.objects.get()
    assert (row.link_id, row.visitor, row.referrer, row.country, row.clicks) == (
        links[0].pk,
        "person",
        "instagram",
        "",
        1,
    )
    assert (row.hour.minute, row.hour.second) == (0, 0)


def test_clicks_of_an_hour_are_one_row_and_machines_have_their_own(links, client):
    for _ in range(3):
        followed(client, links[0].code)
    followed(client, links[0].code, "WhatsApp/2.23")
    assert followed(client, links[0].code, method="head").status_code == 302
    assert dict(ClickCount.objects.values_list("visitor", "clicks")) == {"person": 3, "machine": 2}


def test_a_flood_cannot_fill_the_disk(links, noon):
    """However many come, and whatever they say, an hour of a link has so many rows and no more."""
    for n in range(400):
        follow_link(
            code=links[0].code,
            visitor=Visitor.MACHINE if n % 2 else Visitor.PERSON,
            country=["", "FR"][n % 3 == 0],
            referrer=list(Referrer)[n % len(Referrer)],
            now=noon,
        )
    assert ClickCount.objects.count() <= 2 * 2 * len(Referrer)
    assert sum(ClickCount.objects.values_list("clicks", flat=True)) == 400


def test_nothing_about_the_visitor_is_kept(links, client):
    client.get(
        f"/r/{links[0].code}",
        headers={"user-agent": PHONE, "referer": "https://www.tiktok.com/@mona?secret=1", "cookie": "a=b"},
        REMOTE_ADDR="203.0.113.9",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM campaigns_clickcount c")
        kept = cursor.fetchone()[0]
    assert not any(word in kept for word in ("203.0.113", "Mozilla", "secret", "@mona", "a=b"))
    columns = {f.name for f in ClickCount._meta.get_fields()}
    assert columns == {"id", "link", "hour", "visitor", "country", "referrer", "clicks"}


def test_a_visit_enters_nothing_in_the_ledger(links, client):
    before = Entry.objects.count()
    followed(client, links[0].code)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("path", ["/r/none-such", "/r/%00", "/r/" + "a" * 300, "/r/a'--"])
def test_a_link_that_is_none_leads_nowhere(path, client, db):
    assert client.get(path).status_code == 404
    assert not ClickCount.objects.exists()


def test_an_ended_link_leads_nowhere_and_counts_nothing(links, client, ada, noon):
    end_link(link_id=links[0].pk, actor=ada, now=noon)
    assert followed(client, links[0].code).status_code == 404 and not ClickCount.objects.exists()
    with pytest.raises(NotFound):
        end_link(link_id=links[0].pk, actor=ada, now=noon)


def test_no_part_of_the_request_decides_where_it_leads(links, client):
    answer = client.get(
        f"/r/{links[0].code}?url=https://evil.example&next=//evil.example", headers={"user-agent": PHONE}
    )
    assert answer["Location"] == links[0].target


def test_a_link_is_followed_and_not_written_to(links, client):
    assert client.post(f"/r/{links[0].code}").status_code == 405


def test_a_country_is_read_from_a_proxy_that_is_trusted_and_only_then(links, client, monkeypatch):
    followed(client, links[0].code, **{"cf-ipcountry": "FR"})
    monkeypatch.setattr(django_settings.SILLAGE, "country_header", "CF-IPCountry")
    followed(client, links[0].code, **{"cf-ipcountry": "FR"})
    assert sorted(ClickCount.objects.values_list("country", flat=True)) == ["", "FR"]


def test_an_hour_is_an_hour_of_utc_whatever_the_clock_says(links):
    paris = datetime(2026, 6, 15, 14, 59, tzinfo=UTC) + timedelta(seconds=59)
    follow_link(code=links[0].code, visitor=Visitor.PERSON, country="", referrer=Referrer.NONE, now=paris)
    assert ClickCount.objects.get().hour == datetime(2026, 6, 15, 14, tzinfo=UTC)
