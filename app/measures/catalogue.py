"""The measures of every performance year, read from `data/`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from app.measures.definition import (
    Benchmark,
    CodeList,
    DrugClassesGiven,
    DrugTable,
    MeasureDefinition,
    YearRules,
)

DATA = Path(__file__).parent / "data"

_Model = TypeVar("_Model", bound=BaseModel)
_Toml = dict[str, Any]

_CRITERIA = frozenset({"eligibility", "exclusions", "derived_met", "derived_not_met"})


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
    editions = _checked(_extended(_read(folder / "editions")), MeasureDefinition, "edition")
    code_lists = _checked(_read(folder / "code_lists"), CodeList, "list_id")
    drug_tables = _checked(_read(folder / "drug_classes"), DrugTable, "table_id")
    years = _checked(_read(folder / "years"), YearRules, "performance_year")
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
    _refuse_unknown_classes(definitions, drug_tables)
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


def _refuse_unknown_classes(
    definitions: Iterable[MeasureDefinition], drug_tables: Mapping[str, DrugTable]
) -> None:
    for definition in definitions:
        for rule in definition.rules:
            if isinstance(rule, DrugClassesGiven) and rule.table in drug_tables:
                known = {drug_class.name for drug_class in drug_tables[rule.table].classes}
                if unknown := set(rule.classes) - known:
                    raise ValueError(f"{definition.edition}: {rule.table} has no {unknown}")


def _pick(found: Mapping[str, _Model], names: tuple[str, ...], where: str) -> dict[str, _Model]:
    if missing := [name for name in names if name not in found]:
        raise ValueError(f"{where}: names {', '.join(missing)}, which is not there")
    return {name: found[name] for name in names}


def _read(folder: Path) -> dict[str, _Toml]:
    found = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            found[path.stem] = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error
    return found


def _extended(editions: Mapping[str, _Toml]) -> dict[str, _Toml]:
    return {name: _whole(name, editions) for name in editions}


def _whole(name: str, editions: Mapping[str, _Toml], above: tuple[str, ...] = ()) -> _Toml:
    """Return an edition with what it leaves to the one that it extends.

    A key of its own stands in the place of the other's. Of the lists of criteria only those with
    the same reason are replaced, each in its place.
    """
    own = dict(editions[name])
    base_name = own.pop("extends", None)
    if base_name is None:
        return own
    if base_name not in editions or base_name in (name, *above):
        raise ValueError(f"{name}.toml: extends {base_name}, which is not there or extends it")
    base = _whole(base_name, editions, (name, *above))
    for part in _CRITERIA & own.keys():
        own[part] = _with_replaced(base.get(part, []), own[part], name)
    return base | own


def _with_replaced(base: list[_Toml], own: list[_Toml], name: str) -> list[_Toml]:
    instead = {criterion.get("reason"): criterion for criterion in own}
    if strangers := instead.keys() - {criterion.get("reason") for criterion in base}:
        raise ValueError(f"{name}.toml: replaces what it does not extend: {strangers}")
    return [instead.get(criterion.get("reason"), criterion) for criterion in base]


def _checked(found: Mapping[str, _Toml], model: type[_Model], id_field: str) -> dict[str, _Model]:
    return {name: _checked_one(name, data, model, id_field) for name, data in found.items()}


def _checked_one(name: str, data: _Toml, model: type[_Model], id_field: str) -> _Model:
    try:
        checked = model.model_validate(data)
    except ValueError as error:
        raise ValueError(f"{name}.toml: {error}") from error
    if str(getattr(checked, id_field)) != name:
        raise ValueError(f"{name}.toml: {id_field} differs from the name of the file")
    return checked
