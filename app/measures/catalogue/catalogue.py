"""The measures of every performance year, read from `data/` when a year is first asked for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from app.measures.catalogue.benchmarks import Benchmark, YearBenchmarks
from app.measures.catalogue.data_files import DataFiles
from app.measures.catalogue.definition import CodeList, DrugTable, MeasureDefinition
from app.measures.catalogue.register import MeasureRegister, load_register, register_of
from app.measures.catalogue.registered import RegisteredMeasure
from app.measures.catalogue.rule_kinds import DrugClassesGiven
from app.measures.catalogue.toml_files import DATA
from app.measures.catalogue.year_rules import YearRules
from app.measures.scoring.measured import MeasuredFacts
from app.measures.scoring.year_scoring import ScoringRules

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measure:
    """An edition in force in one year, with the lists and tables its rules name.

    `facts` is what the register knows of the measure, whatever its edition. `benchmark` is that of
    what registries send.
    """

    performance_year: int
    facts: RegisteredMeasure
    definition: MeasureDefinition
    code_lists: Mapping[str, CodeList]
    drug_tables: Mapping[str, DrugTable]
    benchmark: Benchmark | None

    @property
    def measure_id(self) -> str:
        return self.definition.measure_id


@dataclass(frozen=True, kw_only=True, eq=False)
class YearCatalogue:
    """The measures of one performance year.

    `measures` are computed, in the order of the year's file; `without_results` are the others for
    anesthesia, those that MIPS never had among them.
    """

    rules: YearRules
    measures: tuple[Measure, ...]
    without_results: tuple[RegisteredMeasure, ...]
    benchmarks: YearBenchmarks

    @property
    def performance_year(self) -> int:
        return self.rules.performance_year

    def measure(self, measure_id: str) -> Measure | None:
        """Return the measure known by `measure_id`, or None when it has no results in the year."""
        return self._by_id.get(measure_id)

    @property
    def all_facts(self) -> tuple[RegisteredMeasure, ...]:
        return (*(measure.facts for measure in self.measures), *self.without_results)

    @cached_property
    def measured_facts(self) -> Mapping[str, MeasuredFacts]:
        """Every measure of the year as scores see it, by its id."""
        return {
            facts.measure_id: MeasuredFacts.of(facts, self.performance_year)
            for facts in self.all_facts
        }

    @cached_property
    def _by_id(self) -> Mapping[str, Measure]:
        return {measure.measure_id: measure for measure in self.measures}


class Catalogue:
    """Years are read one by one: most processes meet two or three of them."""

    def __init__(self, files: DataFiles, register: MeasureRegister) -> None:
        self._files = files
        self._read: dict[int, YearCatalogue] = {}
        self.register = register

    @property
    def performance_years(self) -> tuple[int, ...]:
        """The years whose measures are computed, in order."""
        return self._files.years

    @cached_property
    def years(self) -> tuple[YearCatalogue, ...]:
        """Every year.

        Raises: ValueError when a file does not fit its model, is not named as what it holds, or
        names an edition, list, table or measure that is not there.
        """
        return tuple(self._year(year) for year in self.performance_years)

    def for_year(self, performance_year: int) -> YearCatalogue | None:
        """Return the catalogue of a year, or None when no measures of it are known."""
        known = self._read.get(performance_year)
        if known is not None or performance_year not in self.performance_years:
            return known
        return self._year(performance_year)

    def scoring_rules(self, performance_year: int) -> ScoringRules | None:
        """Return how scores of a year come about, or None when they are not worked out here."""
        return self._files.scoring(performance_year)

    def computed_years(self, measure_id: str) -> tuple[int, ...]:
        """The years in which the measure has results."""
        return tuple(
            year
            for year in self.performance_years
            if measure_id in map(_measure_of, self._files.year_rules(year).editions)
        )

    def _year(self, year: int) -> YearCatalogue:
        if year not in self._read:  # two threads may both read it, to the same end
            self._read[year] = _read_year(year, self._files, self.register)
        return self._read[year]


def load_catalogue(folder: Path = DATA) -> Catalogue:
    """Return the catalogue in `folder`; its files are read when a year is asked for."""
    register = load_register() if folder == DATA else register_of(folder)
    return Catalogue(DataFiles(folder), register)


@cache
def shipped_catalogue() -> Catalogue:
    """That of this release, one for all who ask for it in this process."""
    return load_catalogue()


def _read_year(year: int, files: DataFiles, register: MeasureRegister) -> YearCatalogue:
    where = f"years/{year}.toml"
    rules, benchmarks = files.year_rules(year), files.benchmarks(year)
    measures = tuple(
        _measure(files.edition(name), year, files, benchmarks, register) for name in rules.editions
    )
    computed = {measure.measure_id for measure in measures}
    if len(computed) < len(measures):
        raise ValueError(f"{where}: two editions of one measure")
    others = tuple(facts for facts in register.listed_in(year) if facts.measure_id not in computed)
    _refuse_strangers(benchmarks, register)
    return YearCatalogue(
        rules=rules, measures=measures, without_results=others, benchmarks=benchmarks
    )


def _measure(
    definition: MeasureDefinition,
    year: int,
    files: DataFiles,
    benchmarks: YearBenchmarks,
    register: MeasureRegister,
) -> Measure:
    facts = register.known_as(definition.measure_id)
    if facts is None or not facts.is_active_in(year):
        raise ValueError(f"{definition.edition}: the register has no such measure in {year}")
    _refuse_other_strata(definition, facts.strata_in(year), year)
    drug_tables = _picked(definition.drug_table_ids, files.drug_table, definition)
    _refuse_unknown_classes(definition, drug_tables)
    return Measure(
        performance_year=year,
        facts=facts,
        definition=definition,
        code_lists=_picked(definition.code_list_ids, files.code_list, definition),
        drug_tables=drug_tables,
        benchmark=benchmarks.of(definition.measure_id),
    )


def _picked(
    names: Iterable[str], read: Callable[[str], _Found], definition: MeasureDefinition
) -> dict[str, _Found]:
    try:
        return {name: read(name) for name in names}
    except ValueError as error:
        raise ValueError(f"{definition.edition}: {error}") from error


def _refuse_other_strata(
    definition: MeasureDefinition, registered: tuple[str, ...], year: int
) -> None:
    overall = (definition.overall.stratum,) if definition.overall else ()
    own = {*(definition.strata if definition.rates else ()), *overall}
    if own != set(registered):
        raise ValueError(f"{definition.edition}: the register has other strata in {year}")


def _refuse_unknown_classes(
    definition: MeasureDefinition, drug_tables: Mapping[str, DrugTable]
) -> None:
    for rule in definition.rules:
        if isinstance(rule, DrugClassesGiven):
            known = {drug_class.name for drug_class in drug_tables[rule.table].classes}
            if unknown := set(rule.classes) - known:
                raise ValueError(f"{definition.edition}: {rule.table} has no {unknown}")


def _refuse_strangers(benchmarks: YearBenchmarks, register: MeasureRegister) -> None:
    year = benchmarks.performance_year
    for measure_id in benchmarks.measure_ids:
        facts = register.known_as(measure_id)
        if facts is None or not facts.is_active_in(year):
            raise ValueError(f"benchmarks/{year}.toml: {measure_id} is not active in {year}")


def _measure_of(edition: str) -> str:
    """Return the measure of an edition by its name: 424-2 is the second of 424."""
    return edition.rpartition("-")[0]
