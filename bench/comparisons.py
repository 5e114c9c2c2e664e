"""Our programs beside the yardsticks, in pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench import ours, yardsticks
from bench.database import EVERY_TABLE, LOADED_TABLES
from bench.files import CaseFile
from bench.measured import (
    INGEST_AND_COPY_TARGET,
    INGEST_GATE,
    INGEST_TARGET,
    LOAD_TARGET,
    VALIDATE_GATE,
    VALIDATE_TARGET,
    Comparison,
)
from bench.ours import Told
from bench.pairs import alternate, spread
from bench.processes import Run
from bench.setting import Setting

_XMLLINT: Final = "xmllint"
_PSQL: Final = "psql COPY"
_BOTH: Final = f"{_XMLLINT}, then {_PSQL}"


def compare_validate(setting: Setting) -> Comparison:
    setting.say("validate beside xmllint")
    file = setting.file
    runs = alternate(
        lambda: yardsticks.xmllint(file),
        lambda: ours.validate(str(file.path)),
        setting.sizes.pairs,
    )
    return Comparison(
        what="validate",
        against=_XMLLINT,
        records=file.records,
        ours=[run.seconds for _, run in runs],
        yardstick=[run.seconds for run, _ in runs],
        target=VALIDATE_TARGET,
        gate=VALIDATE_GATE,
    )


def compare_ingest_on_two_cores(setting: Setting) -> Iterator[Comparison]:
    setting.say("ingest beside xmllint and psql, the database on the second core")
    setting.database.pin(setting.cores.server)
    rounds = [_round(setting) for _ in range(setting.sizes.pairs)]
    what, ours = "ingest, on two cores", [each.told.run.seconds for each in rounds]
    yield Comparison(
        what=what,
        against=_XMLLINT,
        records=setting.file.records,
        ours=ours,
        yardstick=[each.xmllint.seconds for each in rounds],
        parts=_median_parts([each.told for each in rounds]),
        target=INGEST_TARGET,
        gate=INGEST_GATE,
    )
    yield Comparison(
        what=what,
        against=_BOTH,
        records=setting.file.records,
        ours=ours,
        yardstick=[each.xmllint.seconds + each.psql.seconds for each in rounds],
        target=INGEST_AND_COPY_TARGET,
    )


def compare_ingest_unpinned(setting: Setting) -> Comparison:
    setting.say("ingest beside xmllint, nothing pinned")
    setting.database.pin(setting.cores.every)
    runs = _ingest_pairs(setting, None)
    return Comparison(
        what="ingest, unpinned",
        against=_XMLLINT,
        records=setting.file.records,
        ours=[told.run.seconds for _, told in runs],
        yardstick=[run.seconds for run, _ in runs],
    )


def compare_load(setting: Setting) -> Comparison:
    """Call it after an ingest: its rows are those that psql loads."""
    setting.say("loading of rows beside psql COPY")
    database, client = setting.database, setting.cores.client
    script = database.dump_rows(LOADED_TABLES)
    database.pin(setting.cores.server)

    def psql() -> Run:
        database.empty()
        return yardsticks.psql_copy(database, script, client)

    def load() -> Told:
        database.empty()
        return ours.load(setting.file, cpus=client)

    runs = alternate(psql, load, setting.sizes.pairs)
    return Comparison(
        what="loading of rows",
        against=_PSQL,
        records=setting.file.records,
        ours=[told.parts["save"] + told.parts["commit"] for _, told in runs],
        yardstick=[run.seconds for run, _ in runs],
        parts=_median_parts([told for _, told in runs]),
        target=LOAD_TARGET,
    )


def ingest(setting: Setting, file: CaseFile, cpus: frozenset[int] | None) -> Told:
    """Take `file` in as a file that was never seen before."""
    setting.database.empty()
    return ours.ingest(str(file.path), file.records, cpus=cpus)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """`psql` loaded all the rows that our process had left."""

    xmllint: Run
    told: Told
    psql: Run


def _round(setting: Setting) -> _Round:
    client, database = setting.cores.client, setting.database
    xmllint = yardsticks.xmllint(setting.file, client)
    told = ingest(setting, setting.file, client)
    script = database.dump_rows(EVERY_TABLE)
    database.empty()
    return _Round(xmllint=xmllint, told=told, psql=yardsticks.psql_copy(database, script, client))


def _ingest_pairs(setting: Setting, cpus: frozenset[int] | None) -> list[tuple[Run, Told]]:
    return alternate(
        lambda: yardsticks.xmllint(setting.file, cpus),
        lambda: ingest(setting, setting.file, cpus),
        setting.sizes.pairs,
    )


def _median_parts(told: Sequence[Told]) -> dict[str, float]:
    return {part: spread([one.parts[part] for one in told]).median for part in told[0].parts}
