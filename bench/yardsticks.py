"""What we are measured against: programs that everybody has and that do less than we do."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from app.storage.embedded.places import wheel_binaries
from bench.database import BenchDatabase
from bench.files import CaseFile
from bench.fixed import SCHEMA
from bench.processes import Run, run

GET_XMLLINT: Final = "xmllint is missing: apt-get install libxml2-utils"


def has_xmllint() -> bool:
    return shutil.which("xmllint") is not None


def xmllint_version() -> str:
    """The version of its libxml2; it tells 2.9.14 as 20914."""
    told = subprocess.run(["xmllint", "--version"], capture_output=True, text=True, check=True)
    number = int(told.stderr.splitlines()[0].rpartition(" ")[2])
    return f"libxml2 {number // 10000}.{number // 100 % 100}.{number % 100}"


def xmllint(file: CaseFile, cpus: frozenset[int] | None = None) -> Run:
    check = ["xmllint", "--noout", "--stream", "--schema", str(SCHEMA)]
    return run([*check, str(file.path)], cpus=cpus)


def psql_copy(database: BenchDatabase, script: Path, cpus: frozenset[int] | None = None) -> Run:
    """Load the rows that `script` names, in one transaction."""
    psql = [str(wheel_binaries() / "psql"), "-X", "-q", "--set=ON_ERROR_STOP=1"]
    load = ["--single-transaction", f"--file={script}", database.conninfo("nacor")]
    return run([*psql, *load], cpus=cpus)
