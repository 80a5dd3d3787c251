"""Reading what was found about accounts as a whole, and what was said against it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.minors import MINOR
from sillage.understanding.models import AccountSignal, Contest
from sillage.understanding.queries import derivable

AUTHENTICITY, ORIGINALITY, EXPECTED = "authenticity", "originality", "expected"


def judgeable_accounts(workspace_id: int) -> list[int]:
    """Accounts from which something may be derived, in a fixed order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.id FROM catalogue_account a WHERE a.workspace_id = %s AND {derivable()} ORDER BY a.id",  # noqa: S608
            [workspace_id],
        )
        return [row[0] for row in cursor.fetchall()]


def find_account_signal(account_id: int, enricher: str) -> AccountSignal | None:
    return AccountSignal.objects.filter(account_id=account_id, enricher=enricher).first()


def list_minor_signals(workspace_id: int) -> tuple[list[AccountSignal], list[AccountSignal]]:
    """Accounts whose biography says an age below 18, and those of which a person said that it is an adult's; newest first."""
    rows = AccountSignal.objects.filter(account__workspace_id=workspace_id, enricher=MINOR).select_related("account")
    found = list(rows.order_by("-made_at", "-pk"))
    return [row for row in found if row.value["holds"]], [row for row in found if not row.value["holds"]]


def get_minor_signal(workspace_id: int, account_id: int) -> AccountSignal:
    """The mark that a biography says to be a minor's."""
    found = AccountSignal.objects.filter(
        account__workspace_id=workspace_id, account_id=account_id, enricher=MINOR
    ).first()
    if found is None:
        raise NotFound(
            Sentence("Nothing says that account %(account_id)s is a minor's.", account_id=account_id),
            Sentence("There is nothing to clear."),
        )
    return found


def digests_of(account_ids: Sequence[int], enricher: str) -> dict[int, tuple[str, int]]:
    """{account id: (version, content hash)} of what was found before."""
    rows = AccountSignal.objects.filter(account_id__in=account_ids, enricher=enricher)
    return {a: (version, digest) for a, version, digest in rows.values_list("account_id", "version", "content_hash")}


def list_contests(account_id: int, enricher: str | None = None) -> list[Contest]:
    """What was said against signals of an account, newest first."""
    contests = Contest.objects.select_related("answered_by__person").filter(account_id=account_id)
    if enricher is not None:
        contests = contests.filter(enricher=enricher)
    return list(contests.order_by("-made_at", "-pk"))


def get_contest(workspace_id: int, contest_id: int) -> Contest:
    found = Contest.objects.select_related("account").filter(account__workspace_id=workspace_id, pk=contest_id).first()
    if found is None:
        raise NotFound(
            Sentence("No statement %(contest_id)s in this workspace.", contest_id=contest_id),
            Sentence("See the account's authenticity page."),
        )
    return found
