"""The measures of every performance year, read from `data/`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from app.measures.definition import (
    Benchmark,
    CodeList,
    DrugTable,
    MeasureDefinition,
    YearRules,
)

DATA = Path(__file__).parent / "data"

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measure:
    """An edition in force in one year, with the lists and tables its rules name."""

    performance_year: int
    definition: MeasureDefinition
    code_lists: Mapping[str, CodeList]
    drug_tables: Mapping[str, DrugTable]
    benchmark: Benchmark | None

    @property
    def measure_id(self) -> str:
        return self.definition.measure_id


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearCatalogue:
    """The measures active in one performance year, in the order of the year's file."""

    rules: YearRules
    measures: tuple[Measure, ...]

    @property
    def performance_year(self) -> int:
        return self.rules.performance_year

    def measure(self, measure_id: str) -> Measure | None:
        """Return the measure known by `measure_id`, or None when it is not active in the year."""
        return next((m for m in self.measures if m.measure_id == measure_id), None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    years: tuple[YearCatalogue, ...]

    def for_year(self, performance_year: int) -> YearCatalogue | None:
        """Return the catalogue of a year, or None when no measures of it are known."""
        return next((y for y in self.years if y.performance_year == performance_year), None)

    def active_years(self, measure_id: str) -> tuple[int, ...]:
        return tuple(y.performance_year for y in self.years if y.measure(measure_id))


def load_catalogue(folder: Path = DATA) -> Catalogue:
    """Read every year under `folder`.

    Raises: ValueError when a file does not fit its model, is not named as what it holds, or names
    an edition, list, table or measure that is not there.
    """
    editions = _read_folder(folder / "editions", MeasureDefinition, "edition")
    code_lists = _read_folder(folder / "code_lists", CodeList, "list_id")
    drug_tables = _read_folder(folder / "drug_classes", DrugTable, "table_id")
    years = _read_folder(folder / "years", YearRules, "performance_year")
    return Catalogue(
        years=tuple(
            YearCatalogue(
                rules=rules, measures=_measures_of(rules, editions, code_lists, drug_tables)
            )
            for _, rules in sorted(years.items())
        )
    )


def _measures_of(
    rules: YearRules,
    editions: Mapping[str, MeasureDefinition],
    code_lists: Mapping[str, CodeList],
    drug_tables: Mapping[str, DrugTable],
) -> tuple[Measure, ...]:
    where = f"years/{rules.performance_year}.toml"
    definitions = _pick(editions, rules.editions, where).values()
    _refuse_shared_names(definitions, where)
    benchmarks = {benchmark.measure_id: benchmark for benchmark in rules.benchmarks}
    if strangers := benchmarks.keys() - {definition.measure_id for definition in definitions}:
        raise ValueError(f"{where}: benchmark of a measure not active: {sorted(strangers)}")
    return tuple(
        Measure(
            performance_year=rules.performance_year,
            definition=definition,
            code_lists=_pick(code_lists, definition.code_list_ids, definition.edition),
            drug_tables=_pick(drug_tables, definition.drug_table_ids, definition.edition),
            benchmark=benchmarks.get(definition.measure_id),
        )
        for definition in definitions
    )


def _refuse_shared_names(definitions: Iterable[MeasureDefinition], where: str) -> None:
    names = [alias for definition in definitions for alias in definition.aliases]
    if len(names) != len(set(names)):
        raise ValueError(f"{where}: two active editions answer to one name")


def _pick(found: Mapping[str, _Model], names: tuple[str, ...], where: str) -> dict[str, _Model]:
    if missing := [name for name in names if name not in found]:
        raise ValueError(f"{where}: names {', '.join(missing)}, which is not there")
    return {name: found[name] for name in names}


def _read_folder(folder: Path, model: type[_Model], id_field: str) -> dict[str, _Model]:
    found = {}
    for path in sorted(folder.glob("*.toml")):
        found[path.stem] = _read(path, model)
        if str(getattr(found[path.stem], id_field)) != path.stem:
            raise ValueError(f"{path.name}: {id_field} differs from the name of the file")
    return found


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
