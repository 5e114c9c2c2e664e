"""Every measure that case files may name, whether or not the registry can compute it."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path

from app.measures.catalogue.registered import RegisteredCode, RegisteredMeasure
from app.measures.catalogue.toml_files import DATA


class MeasureRegister:
    """`read` is called when the first measure is asked for: many files report none."""

    def __init__(self, read: Callable[[], Iterable[RegisteredMeasure]]) -> None:
        self._read = read
        self._codes: dict[tuple[str, int], Mapping[str, RegisteredCode]] = {}

    @cached_property
    def measures(self) -> tuple[RegisteredMeasure, ...]:
        return tuple(self._read())

    @cached_property
    def years(self) -> range:
        """The performance years whose measures are known."""
        known = [measure.years for measure in self.measures if measure.years]
        return range(min(years.start for years in known), max(years.stop for years in known))

    def known_as(self, measure_id: str) -> RegisteredMeasure | None:
        """Return the measure of a CMS id, written as CMS does."""
        return self._by_id.get(measure_id)

    def listed_in(self, year: int) -> tuple[RegisteredMeasure, ...]:
        """Return the measures for anesthesia of a year, those that MIPS never had among them."""
        return tuple(measure for measure in self.measures if measure.is_listed_in(year))

    def named(self, alias: str) -> RegisteredMeasure | None:
        """Return the measure that a case file means by `alias`, in whatever letters."""
        return self._by_alias.get(alias.upper())

    def codes_of(self, measure: RegisteredMeasure, year: int) -> Mapping[str, RegisteredCode]:
        """Return the quality codes of a measure in a year of `years`, by their tokens."""
        asked = measure.measure_id, year
        codes = self._codes.get(asked)
        if codes is None:
            codes = {code.token: code for code in measure.codes if code.is_used_in(year)}
            self._codes[asked] = codes
        return codes

    def reported_by(self, code: str) -> tuple[RegisteredMeasure, ...]:
        """Return the measures that `code` reports, whatever the modifier and the year."""
        return self._by_code.get(code.upper(), ())

    @cached_property
    def _by_id(self) -> Mapping[str, RegisteredMeasure]:
        return {measure.measure_id: measure for measure in self.measures}

    @cached_property
    def _by_alias(self) -> Mapping[str, RegisteredMeasure]:
        return {alias.upper(): measure for measure in self.measures for alias in measure.aliases}

    @cached_property
    def _by_code(self) -> Mapping[str, tuple[RegisteredMeasure, ...]]:
        reported: dict[str, dict[str, RegisteredMeasure]] = {}
        for measure in self.measures:
            for code in measure.codes:
                reported.setdefault(code.code, {})[measure.measure_id] = measure
        return {code: tuple(measures.values()) for code, measures in reported.items()}


@cache
def load_register() -> MeasureRegister:
    """Return the register that is shipped; it is read when it is first asked for a measure."""
    return register_of(DATA)


def register_of(folder: Path) -> MeasureRegister:
    """Return the register in a folder of measure data."""

    def read() -> Iterable[RegisteredMeasure]:
        # Loaded this late: a file without quality codes is checked in less time than this takes.
        from app.measures.catalogue.register_data import read_register

        return read_register(folder)

    return MeasureRegister(read)
