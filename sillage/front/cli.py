"""The one program, `sillage`: each room's commands, loaded with their tables when they are called.

Exit codes: 0 done, 1 refused, 2 misused, 3 the outside world failed.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
from types import FrameType
from typing import NoReturn

import click
import django

from sillage.lib.collector import collector_paused

COMMANDS: dict[str, tuple[str, str]] = {
    "payment": ("sillage.campaigns.cli.budget:payment", "Payments, asked for and confirmed; Sillage moves no money."),
    "contract": ("sillage.campaigns.cli.contracts:contract", "What creators get, and the contracts about it."),
    "budget": ("sillage.campaigns.cli.budget:budget", "What campaigns plan, owe and have spent."),
    "approval": ("sillage.governance.cli.approvals:approval", "What people approve before it leaves the house."),
    "authenticity": ("sillage.understanding.cli.accounts:authenticity", "Whether an account's numbers fit together."),
    "brands": ("sillage.catalogue.cli:brands", "Brands whose mentions are looked for."),
    "brief": ("sillage.discovery.cli:brief", "Write briefs and get explained shortlists."),
    "calendar": ("sillage.campaigns.cli.calendar:calendar", "Everything dated in campaigns."),
    "campaign": ("sillage.campaigns.cli.campaigns:campaign", "Open, list, copy and put away campaigns."),
    "collaboration": (
        "sillage.campaigns.cli.campaigns:collaboration",
        "Creators in a campaign: bring in, move, write about.",
    ),
    "collaborations": (
        "sillage.understanding.cli.collaborations:collaborations",
        "Brands that creators speak of, unpaid or paid.",
    ),
    "codes": ("sillage.campaigns.cli.selling:codes", "Promo codes of a campaign's creators."),
    "comments": ("sillage.understanding.cli.comments:comments", "What readers ask, praise and complain about."),
    "connect": ("sillage.catalogue.cli:connect", "Fetch creators from a network."),
    "conversions": ("sillage.campaigns.cli.selling:conversions", "Orders that a shop reports."),
    "coverage": ("sillage.catalogue.cli:coverage", "What the catalogue covers and what it does not."),
    "creators": ("sillage.discovery.cli:creators", "List, show, compare and forget creators."),
    "database": ("sillage.front.commands.database:database", "Start, stop and migrate the database."),
    "deliverable": ("sillage.campaigns.cli.deliverables:deliverable", "What creators make."),
    "draft": ("sillage.campaigns.cli.deliverables:draft", "Drafts: entered, shown, approved."),
    "demo": ("sillage.front.commands.demo:demo", "Load the invented sample world, run a brief, serve the site."),
    "disclosure": (
        "sillage.understanding.cli.collaborations:disclosure",
        "Whether commercial posts say so as the law asks.",
    ),
    "enrich": ("sillage.understanding.cli.reading:enrich", "Read posts and bring profiles up to date."),
    "evaluate": ("sillage.front.commands.evaluate:evaluate", "Measure Sillage on data with known answers."),
    "expected": ("sillage.understanding.cli.accounts:expected", "What next posts may come to."),
    "evidence": ("sillage.campaigns.cli.evidence:evidence", "Proof of a collaboration in one file."),
    "exclusions": ("sillage.discovery.cli:exclusions", "Accounts that no shortlist shows."),
    "import": ("sillage.catalogue.cli:import_", "Bring in a CSV, JSONL or Parquet file."),
    "invitation": (
        "sillage.campaigns.cli.invitations:invitation",
        "First contacts: letters to write, approve and send.",
    ),
    "law": ("sillage.governance.cli.law:law", "What countries ask of commercial posts; check a caption."),
    "learn": ("sillage.front.commands.learn:learn", "Train a candidate from what people corrected or chose."),
    "ledger": ("sillage.governance.cli.workspace:ledger", "Who did what, and the proof that nobody changed it."),
    "links": ("sillage.campaigns.cli.selling:links", "Tracked links of a campaign's creators."),
    "live": ("sillage.campaigns.cli.deliverables:live_posts", "Posts that went out: found, watched."),
    "members": ("sillage.governance.cli.workspace:members", "People of a workspace and their roles."),
    "originality": ("sillage.understanding.cli.accounts:originality", "Posts that say what was said before."),
    "models": ("sillage.understanding.cli.learning:models", "The heads that were learnt, and who promoted them."),
    "policy": ("sillage.governance.cli.policies:policy", "What machines may do by themselves."),
    "privacy": ("sillage.desk.cli:privacy", "Notices, requests about data, retention, the record of processing."),
    "receipt": ("sillage.governance.cli.workspace:receipt", "Show and verify what proves a number."),
    "reference": (
        "sillage.front.commands.reference:reference",
        "Write the reference pages that are made from the code.",
    ),
    "searches": ("sillage.discovery.cli:searches", "Saved searches."),
    "seeding": ("sillage.campaigns.cli.seeding:seeding", "Products that are sent to creators, and their parcels."),
    "serve": ("sillage.front.commands.serve:serve", "Serve the site."),
    "studio": ("sillage.studio.cli.root:studio", "Write with a brief: many variants, and a person chooses."),
    "taxonomy": ("sillage.understanding.cli.taxonomy:taxonomy", "The industry's taxonomies and their cross-walks."),
    "themes": ("sillage.understanding.cli.reading:themes", "The themes that Sillage knows."),
    "topics": ("sillage.understanding.cli.topics:topics", "What a set of posts or comments talks about."),
    "tokens": ("sillage.governance.cli.workspace:tokens", "Keys for programs."),
    "webhooks": ("sillage.governance.cli.webhooks:webhooks", "Programs outside that are told of ledger entries."),
    "worker": ("sillage.front.commands.worker:worker", "Read in the background what pages and programs ask for."),
    "workspace": ("sillage.governance.cli.workspace:workspace", "Open and list workspaces."),
}


class Rooms(click.Group):
    """Commands by name, each imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with collector_paused():
            django.setup()
            command: click.Command = pkgutil.resolve_name(COMMANDS[cmd_name][0])
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sillage")
def sillage() -> None:
    """Open, self-hosted influencer marketing in which people decide."""


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM ends like Ctrl-C does, so that the last one out stops the embedded database."""
    raise SystemExit(128 + number)


def main() -> NoReturn:
    """Run a command; a refusal is one sentence and a hint on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sillage.front.settings")
    signal.signal(signal.SIGTERM, _end)
    start = importlib.import_module("sillage.front.start")
    sys.exit(start.run(sillage))
