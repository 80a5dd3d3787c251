"""The demonstration: an invented sample world, a brief, a shortlist in the terminal, and the site."""

from __future__ import annotations

import secrets
from pathlib import Path
from time import monotonic

import click
from django.conf import settings
from django.db.transaction import atomic
from django.utils import timezone

from sillage.adapters.terminal import say
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.sample import SAMPLE_SLUG, load_sample_world
from sillage.discovery import actions as discovery
from sillage.discovery import queries as briefs
from sillage.discovery.shown import show_shortlist
from sillage.front.commands import serve
from sillage.front.commands.database import prepare
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.actors import Actor, ActorKind, Right, Role, automation
from sillage.governance.models import Workspace
from sillage.understanding import actions as understanding
from sillage.understanding.progress import reporting

EMAIL = "ada@sillage.invalid"
BRIEF = (
    "Beauté clean et cosmétique lente : des créateurs qui testent honnêtement, en France et en Belgique,"
    " de 5k à 200k abonnés, pas de fast fashion."
)


@click.command()
@click.option("--no-serve", is_flag=True, help="End after the shortlist.")
@click.option("--seed", default=7, show_default=True, help="Which invented world.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@serve.no_worker_option
def demo(no_serve: bool, seed: int, port: int, no_worker: bool) -> None:
    """Load the invented sample world once, run a brief, print its shortlist, and serve the site."""
    began = monotonic()
    say("Database: starting and bringing its tables up to date…")
    prepare()
    workspace = Workspace.objects.filter(slug=SAMPLE_SLUG).first() or _founded(seed)
    _enrich(workspace)
    _shortlist(workspace)
    counts = catalogue.count_everything(workspace.pk)
    say(f"{counts['creators']} invented creators, {counts['posts']} posts; ready after {monotonic() - began:.0f} s.")
    if no_serve:
        return
    say(f"Sign in as {EMAIL} with the password {_password_file().read_text(encoding='utf8').strip()}")
    serve.run("127.0.0.1", port, no_worker=no_worker)


def _password_file() -> Path:
    """The demo's password is made once per data folder: nobody shares a default one."""
    return Path(settings.SILLAGE.data) / "demo_password"


@atomic
def _founded(seed: int) -> Workspace:
    """The sample workspace, all of it or nothing, so that a demo killed halfway begins again."""
    say("Sample world: writing about 400 invented creators…")
    now = timezone.now()
    installer = Actor(ActorKind.AUTOMATION, "demo", 0, frozenset(Right))
    workspace = governance.open_workspace(
        slug=SAMPLE_SLUG, name="Sillage démo (monde inventé)", is_sample=True, actor=installer, now=now
    )
    password = secrets.token_urlsafe(9)
    founder = Actor(ActorKind.AUTOMATION, "demo", workspace.pk, frozenset(Right))
    governance.add_member(email=EMAIL, name="Ada", role=Role.OWNER, password=password, actor=founder, now=now)
    load_sample_world(seed=seed, actor=automation("sample world", workspace.pk), now=now)
    path = _password_file()
    path.touch(mode=0o600)
    path.write_text(password, encoding="utf8")
    return workspace


def _enrich(workspace: Workspace) -> None:
    actor = automation("enrich", workspace.pk)
    with reporting() as on_progress:
        understanding.bring_up_to_date(
            actor=actor, now=timezone.now(), workers=settings.SILLAGE.workers, on_progress=on_progress
        )


def _shortlist(workspace: Workspace) -> None:
    _, ada = queries.get_operator(SAMPLE_SLUG, EMAIL)
    known = briefs.list_briefs(workspace.pk)
    now = timezone.now()
    brief = known[-1] if known else discovery.open_brief(given={"text": BRIEF}, actor=ada, now=now)
    found = briefs.find_shortlist(brief)
    if found is None:
        found = discovery.shortlist(brief_id=brief.pk, limit=20, actor=ada, now=now)
    show_shortlist(found, limit=5)
