"""What stops a command, told in one line without a password, a key or a patient value."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from app.cli.outcome import NO_ERROR, UNREADABLE


class Commands(TyperGroup):
    """Ends a command that cannot go on with a line on stderr; what it does not know is a bug."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer keeps the type of it to itself
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except typer.Exit:  # how a command tells its exit code
            raise
        except BrokenPipeError:
            _let_go_of_stdout()
            raise typer.Exit(NO_ERROR) from None
        except Exception as error:
            reason = reason_of(error)
            if reason is None:
                raise
            typer.echo(f"nacor: {_one_line(reason)}", err=True)
            raise typer.Exit(UNREADABLE) from None
        return result


def reason_of(error: Exception) -> str | None:
    """Return why a command cannot do its work, None for what is no failure of that kind.

    A library that is not loaded raised nothing, so none is imported for being asked about.
    """
    if isinstance(error, OSError):
        return _reason_of_system(error)
    tellers = {
        "app.domain.errors": _reason_of_refusal,
        "pydantic": _reason_of_settings,
        "app.rules.definition": _reason_of_rules_file,
        "app.storage.embedded.account": _reason_of_embedded,
        "sqlalchemy.exc": _reason_of_database,
        "alembic.util": _reason_of_migration,
        "httpx": _reason_of_service,
    }
    reasons = (tell(error) for module, tell in tellers.items() if module in sys.modules)
    return next(filter(None, reasons), None)


def _reason_of_system(error: OSError) -> str:
    what = error.strerror or type(error).__name__
    return f"{error.filename}: {what}" if error.filename else what


def _reason_of_refusal(error: Exception) -> str | None:
    from app.domain.errors import RegistryError

    return f"{error.title}. {error}" if isinstance(error, RegistryError) else None


def _reason_of_settings(error: Exception) -> str | None:
    """Pydantic's own text would repeat the value, which may be an address with a password."""
    from pydantic import ValidationError

    from app.settings import PREFIX, Settings

    if not isinstance(error, ValidationError) or error.title != Settings.__name__:
        return None
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    told = (f"{PREFIX}{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in faults)
    return "; ".join(told)


def _reason_of_rules_file(error: Exception) -> str | None:
    from app.rules.definition import RulesFileWrong

    return str(error) if isinstance(error, RulesFileWrong) else None


def _reason_of_embedded(error: Exception) -> str | None:
    from app.storage.embedded.account import EmbeddedServerError

    return str(error) if isinstance(error, EmbeddedServerError) else None


def _reason_of_database(error: Exception) -> str | None:
    """SQLAlchemy's own text would repeat the statement with its values."""
    from sqlalchemy import exc

    match error:
        case exc.OperationalError():
            return f"the database cannot be reached: {_without_password(str(error.orig))}"
        case exc.DBAPIError():
            kind = type(error.orig).__name__
            return f"the database refuses a statement ({kind}); is `nacor migrate` due?"
        case exc.ArgumentError():
            return "NACOR_DATABASE_URL is not the address of a PostgreSQL database"
        case _:
            return None


def _without_password(text: str) -> str:
    from sqlalchemy import exc, make_url

    url = os.environ.get("NACOR_DATABASE_URL")
    if not url:
        return text  # the embedded one has no password
    try:
        password = make_url(url).password
    except (exc.ArgumentError, ValueError):
        return "NACOR_DATABASE_URL is not understood"
    return text.replace(str(password), "***") if password else text


def _reason_of_migration(error: Exception) -> str | None:
    from alembic.util import CommandError

    return f"the database cannot be migrated: {error}" if isinstance(error, CommandError) else None


def _reason_of_service(error: Exception) -> str | None:
    import httpx

    match error:
        case httpx.HTTPStatusError():
            return f"the service answers {error.request.url.path} with {error.response.status_code}"
        case httpx.HTTPError() | httpx.InvalidURL():
            return f"the service cannot be reached: {type(error).__name__}"
        case _:
            return None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _let_go_of_stdout() -> None:
    """Whoever read has gone; Python would complain when it flushes what is left at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
