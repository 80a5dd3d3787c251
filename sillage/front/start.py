"""Starting Django for the command line, and turning what Sillage raises into sentences and exit codes."""

from __future__ import annotations

import click
import django
from django.db import OperationalError
from pydantic import ValidationError

from sillage.lib.errors import OutsideError, Refusal

REFUSED, MISUSED, OUTSIDE_FAILED = 1, 2, 3


def _tell(message: str, hint: str, place: str = "") -> None:
    click.secho(f"{place + ': ' if place else ''}{message}", err=True, fg="red")
    if hint:
        click.echo(f"→ {hint}", err=True)


def _settings_sentence(error: ValidationError) -> str:
    wrong = [f"SILLAGE_{'.'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
    return "These settings are wrong: " + "; ".join(wrong)


def run(command: click.Command) -> int:
    """Run the command line and return the exit code."""
    try:
        django.setup()
        command(standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as misuse:
        misuse.show()
        return MISUSED
    except click.Abort:
        _tell("Stopped.", "Run the same command again to go on where it stopped.")
        return 130
    except Refusal as refusal:
        _tell(refusal.message, refusal.hint, getattr(refusal, "place", ""))
        return REFUSED
    except ValidationError as error:
        _tell(_settings_sentence(error), "See docs/reference/settings.md.")
        return MISUSED
    except OutsideError as failure:
        _tell(failure.message, failure.hint)
        return OUTSIDE_FAILED
    except OperationalError as failure:
        _tell(f"The database does not answer: {str(failure).strip()}", "Check `sillage database status`.")
        return OUTSIDE_FAILED
    return 0
