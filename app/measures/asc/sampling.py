"""How many cases of a population must be looked at. Source: the sampling table of the manual."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.measures.asc.definition import SampleStep, SamplingTable


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlan:
    """The least sizes. `quarters` and `months` are from the first of the year on."""

    population: int
    yearly: int
    quarters: tuple[int, ...]
    months: tuple[int, ...]


def sample_plan(population_by_month: Sequence[int], table: SamplingTable) -> SamplePlan:
    population = sum(population_by_month)
    step = _step(population, table)
    by_quarter = [sum(population_by_month[first : first + 3]) for first in (0, 3, 6, 9)]
    return SamplePlan(
        population=population,
        yearly=yearly_minimum(population, table),
        quarters=tuple(_share(cases, step.quarterly, population, table) for cases in by_quarter),
        months=tuple(
            _share(cases, step.monthly, population, table) for cases in population_by_month
        ),
    )


def yearly_minimum(population: int, table: SamplingTable) -> int:
    if population < table.fewer_than:
        return population
    return _step(population, table).yearly


def frequency_fault(population: int, frequency: int, table: SamplingTable) -> str | None:
    """What is wrong with saying that a population was sampled so; None: nothing."""
    if frequency not in table.frequencies:
        return f"the frequency is one of {', '.join(map(str, sorted(table.frequencies)))}"
    if frequency == table.meaning.not_required and population > 0:
        return (
            f"frequency {frequency} needs a population of zero; without sampling it is"
            f" {table.meaning.not_sampled}"
        )
    return None


def sample_fault(population: int, sample: int, frequency: int, table: SamplingTable) -> str | None:
    """What is wrong with a sample of this size; None: nothing."""
    if sample > population:
        return "the sample is larger than the population"
    if frequency == table.meaning.not_sampled and sample != population:
        return f"with frequency {frequency}, not sampled, the sample is the population"
    least = yearly_minimum(population, table)
    return f"the sample has less than {least} cases" if sample < least else None


def _step(population: int, table: SamplingTable) -> SampleStep:
    return next(
        step
        for step in table.steps
        if step.population_at_most is None or population <= step.population_at_most
    )


def _share(cases: int, least: int, population: int, table: SamplingTable) -> int:
    return cases if population < table.fewer_than else min(cases, least)
