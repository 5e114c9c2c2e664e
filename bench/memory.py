"""Peak memory at two sizes: what grows with the file shows here."""

from collections.abc import Iterator

from bench import ours
from bench.fixed import STDIN
from bench.measured import INGEST_MIB, VALIDATE_MIB, Peak
from bench.processes import piped
from bench.setting import Setting


def measure_peaks(setting: Setting) -> Iterator[Peak]:
    """The file comes out of the generator through a pipe, so that it never fills the disk."""
    setting.database.pin(setting.cores.every)
    for records in (setting.sizes.few, setting.sizes.many):
        setting.say(f"peak memory of validate for {records:,} records")
        with piped(ours.generator(records)) as file:
            run = ours.validate(STDIN, stdin=file)
        yield Peak(what="validate", records=records, mib=run.peak_mib, limit=VALIDATE_MIB)
    for records in (setting.sizes.few, setting.sizes.many):
        setting.say(f"peak memory of ingest for {records:,} records")
        setting.database.empty()
        with piped(ours.generator(records)) as file:
            told = ours.ingest(STDIN, records, stdin=file)
        yield Peak(what="ingest", records=records, mib=told.run.peak_mib, limit=INGEST_MIB)
