"""Our programs beside the yardsticks, in pairs."""

from collections.abc import Sequence
from typing import Final

from bench import ours, yardsticks
from bench.files import CaseFile
from bench.measured import (
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


def compare_ingest_on_two_cores(setting: Setting) -> Comparison:
    setting.say("ingest beside xmllint, the database on the second core")
    setting.database.pin(setting.cores.server)
    runs = _ingest_pairs(setting, setting.cores.client)
    return Comparison(
        what="ingest, on two cores",
        against=_XMLLINT,
        records=setting.file.records,
        ours=[told.run.seconds for _, told in runs],
        yardstick=[run.seconds for run, _ in runs],
        parts=_median_parts([told for _, told in runs]),
        target=INGEST_TARGET,
        gate=INGEST_GATE,
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
    script = database.dump_rows()
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


def _ingest_pairs(setting: Setting, cpus: frozenset[int] | None) -> list[tuple[Run, Told]]:
    return alternate(
        lambda: yardsticks.xmllint(setting.file, cpus),
        lambda: ingest(setting, setting.file, cpus),
        setting.sizes.pairs,
    )


def _median_parts(told: Sequence[Told]) -> dict[str, float]:
    return {part: spread([one.parts[part] for one in told]).median for part in told[0].parts}
