"""A command loads what it needs: the rest would take longer than its work, each time anew."""

import subprocess
import sys
from pathlib import Path

from tests.case_files import a_case_file, a_record
from tests.processes import without_settings

SERVER = {"fastapi", "uvicorn", "jinja2", "prometheus_client"}
DATABASE = {"sqlalchemy", "psycopg", "alembic", "procrastinate"}
SIGN_IN = {"argon2", "authlib", "cryptography", "httpx", "joserfc"}
OF_FEW = {"boto3", "lxml", "rich", "typst"}


def loaded_by(script: str, *arguments: str) -> set[str]:
    """The packages that a new process has loaded once `script` has run in it, without settings."""
    told = "\nimport sys; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script + told, *arguments],
        capture_output=True,
        check=True,
        env=without_settings(),
    )
    return set(done.stderr.decode().split())


def test_without_a_database_nothing_of_a_server_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "good.xml"
    file.write_bytes(a_case_file(a_record()))
    script = (
        "import sys\n"
        "from app.cli.main import app\n"
        "app(['generate', '--cases', '1'], standalone_mode=False)\n"
        "app(['catalogue', 'diff', '2023', '2024'], standalone_mode=False)\n"
        "app(['validate', sys.argv[1]], standalone_mode=False)\n"
    )
    loaded = loaded_by(script, str(file))
    assert "app.checking.report" in loaded
    assert loaded & (SERVER | DATABASE | SIGN_IN | OF_FEW) == {"lxml"}


def test_commands_of_operators_load_the_database_and_no_service() -> None:
    modules = ("audit", "people", "registering", "reporting", "roster")
    loaded = loaded_by("".join(f"import app.cli.{module}\n" for module in modules))
    assert loaded & (SERVER | DATABASE | SIGN_IN | OF_FEW) == {
        "sqlalchemy",
        "psycopg",
        "cryptography",  # sealed records
    }


def test_a_server_loads_nothing_that_it_may_never_need() -> None:
    """Alembic migrates, Typst sets documents, the others sign in by a provider or keep files."""
    loaded = loaded_by("import app.main\n")
    assert not loaded & {"alembic", "authlib", "boto3", "httpx", "joserfc", "typst"}
