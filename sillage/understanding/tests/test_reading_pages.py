"""The imports page says whether what came in was read; an import asks for it, and so may a person or a program."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sillage.adapters import turns
from sillage.front.tests.program import program_of
from sillage.governance.engine.actors import Right
from sillage.lib.sentences import Sentence
from sillage.understanding import tasks
from sillage.understanding.actions.readings import ask_reading, begin_reading, fail_reading, keep_progress
from sillage.understanding.engine.readings import Progress, ReadingState
from sillage.understanding.models import CatalogueReading
from sillage.understanding.queries.readings import WORKERS
from sillage.understanding.tests.test_readings import came_in

PAGE, PART, ASK = "/w/harbour/imports/", "/w/harbour/reading/", "/w/harbour/reading/ask/"
CREATORS = "network,handle,name,followers\ntiktok,@bea,Bea,900\n"
RENEWS = 'hx-get="/w/harbour/reading/"'


@pytest.fixture(autouse=True)
def folder(client, tmp_path, settings):
    client.cookies["django_language"] = "en"
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})


def part(client) -> str:
    """The page's part by itself."""
    return client.get(PART, headers={"HX-Request": "true"}).content.decode()


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def imported(client, text=CREATORS):
    file = SimpleUploadedFile("creators.csv", text.encode())
    return client.post(PAGE, {"file": file, "mapping": "sillage-creators", "then": "import"}, follow=True)


def test_an_import_asks_for_a_reading_and_the_page_says_that_no_worker_is_there(signed_in, ada):
    client = signed_in(ada)
    page = imported(client).content.decode()
    assert CatalogueReading.objects.get().asked_by_id == ada.member_id
    assert "No worker is there to read it" in page and "sillage worker" in page and RENEWS in page

    CatalogueReading.objects.update(state=ReadingState.DONE, posts=0, ended_at=timezone.now())
    imported(client)  # the same file brings nothing new
    assert CatalogueReading.objects.count() == 1


def test_a_file_that_brings_nothing_asks_for_nothing(signed_in, ada):
    imported(signed_in(ada), "network,handle,name,followers\nmyspace,bea,Bea,900\n")
    assert not CatalogueReading.objects.exists()


def test_from_the_import_to_what_can_be_found(signed_in, ada):
    client = signed_in(ada)
    imported(client)
    with turns.taking_part(WORKERS):
        assert "It waits for its turn" in words(part(client))
        reading = CatalogueReading.objects.get()
        with turns.turn(WORKERS, reading.pk):
            begin_reading(reading.pk, timezone.now())
            assert "A worker has begun." in part(client)
            keep_progress(reading.pk, Progress("posts", 340, 1_240))
            said = part(client)
            assert "Reading posts" in said and "340 of 1,240" in words(said) and "Step 1 of 7" in said
            assert RENEWS in said and 'max="1240" value="340"' in said
        assert "It broke off; a worker takes it up where it stopped." in part(client)
        assert tasks.read_next(clock=timezone.now, processes=1)
    said = client.get(PAGE).content.decode()
    assert "What came in can be found now." in said and RENEWS not in said
    assert 'href="/w/harbour/creators/"' in said and 'href="/w/harbour/briefs/new/"' in said


def test_what_is_unread_can_be_read_by_a_button_of_those_who_may(signed_in, ada, rita, noon):
    came_in(ada, noon)
    said = words(part(signed_in(rita)))
    assert "was not read yet" in said and "Owners and managers of the workspace can have it read." in said
    assert "Read what came in" not in said
    assert signed_in(rita).post(ASK).status_code == 403

    client = signed_in(ada)
    assert "Read what came in" in words(part(client))
    assert client.get(ASK).status_code == 405
    assert client.post(ASK).url == PAGE
    assert CatalogueReading.objects.get().state == ReadingState.ASKED
    assert "Read what came in" not in words(part(client))


def test_a_reading_that_failed_says_why_in_the_reader_s_language(signed_in, ada, noon):
    came_in(ada, noon)
    reading = ask_reading(actor=ada, now=noon)
    reason = Sentence("No account “%(name)s”.", name="x")
    fail_reading(reading_id=reading.pk, reason=reason, actor=ada, now=noon + timedelta(minutes=1))
    client = signed_in(ada)
    said = words(part(client))
    assert "No account “x”." in said and "Ask again once that is mended" in said and "Read what came in" in said


def test_a_workspace_where_nothing_came_in_shows_nothing(signed_in, ada):
    client = signed_in(ada)
    assert part(client).strip() == "" and 'id="reading"' not in client.get(PAGE).content.decode()


def test_without_scripts_the_part_leads_to_its_page(signed_in, ada, dario):
    assert signed_in(ada).get(PART).url == PAGE
    assert signed_in(dario).get(PART).status_code == 404


def test_home_leads_to_where_it_can_be_read(signed_in, ada, noon):
    came_in(ada, noon)
    page = signed_in(ada).get("/w/harbour/").content.decode()
    assert f'href="{PAGE}"' in page and "Have it read" in page and "sillage enrich" not in page


def test_a_program_asks_and_looks_how_it_goes(ada, dario, noon):
    came_in(ada, noon)
    program = program_of(ada, Right.READ, Right.CATALOGUE)
    asked = program.post("readings").json()
    assert (asked["state"], asked["posts"], asked["step"]) == ("unattended", None, "")
    assert program.post("readings").json()["id"] == asked["id"]
    assert tasks.read_next(clock=timezone.now, processes=1)
    done = program.get(f"readings/{asked['id']}").json()
    assert (done["state"], done["posts"], done["reason"]) == ("done", 2, "")
    assert program_of(ada, Right.READ).post("readings").status_code == 403
    assert program_of(dario, slug="elsewhere").get(f"readings/{asked['id']}").status_code == 404
