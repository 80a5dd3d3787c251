"""Every page of a workspace: nobody is sent to sign-in, a stranger finds nothing, and each role gets what it may.

Pages are found in the table of contents, so a page that is added is checked without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Right, Role

SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


@dataclass(frozen=True)
class PageOfWorkspace:
    """`path` has "{slug}" for the workspace and samples for everything else."""

    path: str
    view: Callable[..., object]

    @property
    def right(self) -> Right | None:
        return getattr(self.view, "right", None)


def _walk(patterns, prefix: str = "", converters: dict[str, object] | None = None) -> Iterator[PageOfWorkspace]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        known = (converters or {}) | pattern.pattern.converters
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, known)
        elif isinstance(pattern, URLPattern) and route.startswith("w/<slug:slug>/"):
            path = "/" + route.replace("<slug:slug>", "{slug}", 1)
            for kind in SAMPLES:
                for name in known:
                    path = path.replace(f"<{kind}:{name}>", SAMPLES[kind]).replace(f"<{name}>", SAMPLES["str"])
            yield PageOfWorkspace(path, pattern.callback)


PAGES = list(_walk(get_resolver().url_patterns))
IDS = [page.path for page in PAGES]


def ask(client, page: PageOfWorkspace, slug: str = "harbour"):
    """GET, or POST where a page only takes that."""
    path = page.path.format(slug=slug)
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer


def test_the_walk_finds_the_pages():
    assert {"/w/{slug}/", "/w/{slug}/creators/", "/w/{slug}/ledger/", "/w/{slug}/members/1/remove/"} <= set(IDS)
    assert all("<" not in path for path in IDS)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_page_comes_in_through_the_one_door(page):
    assert isinstance(page.right, Right), f"{page.path} is not behind governance.access.page"


def test_nobody_is_sent_to_sign_in(client, ada):
    for page in PAGES:
        answer = ask(client, page)
        assert answer.status_code == 302 and answer.url.startswith("/accounts/login/"), page.path


def test_a_member_of_another_workspace_finds_nothing(signed_in, ada, dario):
    client = signed_in(dario)
    for page in PAGES:
        assert ask(client, page).status_code == 404, page.path


def test_a_workspace_that_does_not_exist_answers_like_one_that_is_not_ones_own(signed_in, ada, dario):
    client = signed_in(dario)

    there, nowhere = (client.get(f"/w/{slug}/").content.decode() for slug in ("harbour", "nowhere"))
    no_token = re.compile(r'(X-CSRFToken": "|csrfmiddlewaretoken" value=")\w+')

    assert no_token.sub("", there).replace("harbour", "…") == no_token.sub("", nowhere).replace("nowhere", "…")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_it_may_and_is_refused_the_rest(signed_in, ada, bruno, rita, role):
    from sillage.governance.models import Member

    Member.objects.filter(pk=rita.member_id).update(role=role.value)
    client = signed_in(rita)
    for page in PAGES:
        if page.right in RIGHTS_OF_ROLE[role]:
            if "remove" not in page.path:
                assert ask(client, page).status_code != 403 or page.path.endswith("tokens/issue/"), page.path
        else:
            assert ask(client, page).status_code == 403, page.path
