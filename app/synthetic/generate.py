"""The front door: a plan in, a case file out, record by record, in memory that does not grow.

The same plan gives the same bytes, on any day and in any process. The cases depend only on
practice, year and seed: the first hundred of a thousand are those of a plan for a hundred, a
version changes how they are written, a fault rate which of them are spoilt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.identifiers import parse_practice_id
from app.synthetic.cases import Case, draw_cases
from app.synthetic.chance import Chance
from app.synthetic.faults import FAULTS, PlantedFault
from app.synthetic.form import VERSIONS, Detail, Form
from app.synthetic.practice import build_practice
from app.synthetic.writer import CASE_FILE_END, case_file_start, record_text

FIRST_YEAR, LAST_YEAR = 2017, 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationPlan:
    """What to generate. `year` is that of the dates of service; None takes the version's.

    `through` is the last date of service, a week or more into the year; None: the year's end.

    Raises: ValueError, naming what cannot be generated.
    """

    cases: int
    version: str = "2023V1.0"
    practice_id: str = "12345"
    year: int | None = None
    seed: int = 0
    fault_rate: float = 0.0
    detail: Detail = "full"
    through: date | None = None

    def __post_init__(self) -> None:
        parse_practice_id(self.practice_id)
        if self.cases < 1:
            raise ValueError("a case file has at least one case")
        if self.version not in VERSIONS:
            raise ValueError(f"the version must be one of {', '.join(VERSIONS)}")
        if not FIRST_YEAR <= self.service_year <= LAST_YEAR:
            raise ValueError(f"the year must be from {FIRST_YEAR} to {LAST_YEAR}")
        if not date(self.service_year, 1, 7) <= self.last_day <= date(self.service_year, 12, 31):
            raise ValueError("the last day must be in the year, and its seventh day or later")
        if not 0 <= self.fault_rate <= 1:
            raise ValueError("the fault rate is a share, from 0 to 1")
        if self.seed < 0:
            raise ValueError("the seed is a whole number of 0 or more")
        if self.detail not in ("full", "small"):
            raise ValueError("the detail is full or small")

    @property
    def form(self) -> Form:
        return Form(version=self.version, detail=self.detail)

    @property
    def service_year(self) -> int:
        return self.form.year if self.year is None else self.year

    @property
    def last_day(self) -> date:
        return self.through or date(self.service_year, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedRecord:
    """`xml` is one AnesthesiaRecord in UTF-8, malformed when its `fault` makes it so."""

    number: int
    xml: bytes
    fault: PlantedFault | None


def generate_case_file(plan: GenerationPlan) -> Iterator[bytes]:
    """Yield the case file in pieces: header, one record after the other, end."""
    yield generate_start(plan)
    for record in generate_records(plan):
        yield record.xml
    yield CASE_FILE_END.encode()


def generate_start(plan: GenerationPlan) -> bytes:
    """Return what stands before the first record, the header included."""
    return case_file_start(plan.form, plan.practice_id, plan.service_year).encode()


def generate_records(plan: GenerationPlan) -> Iterator[GeneratedRecord]:
    form = plan.form
    stream = f"{plan.practice_id}/{plan.service_year}/{plan.seed}"
    layout, spoiling = Chance(f"layout/{stream}"), Chance(f"faults/{stream}")
    for case in _cases(plan):
        text = record_text(case, form, layout)
        text, fault = _perhaps_spoilt(text, case, spoiling, plan.fault_rate)
        yield GeneratedRecord(number=case.number, xml=text.encode(), fault=fault)


def planted_faults(plan: GenerationPlan) -> Iterator[PlantedFault]:
    """Yield the faults that the case file of `plan` holds, in its order."""
    return (record.fault for record in generate_records(plan) if record.fault)


def _cases(plan: GenerationPlan) -> Iterator[Case]:
    return draw_cases(
        build_practice(plan.practice_id, plan.seed),
        cases=plan.cases,
        last_day=plan.last_day,
        seed=plan.seed,
        vital_signs=plan.form.is_full,
    )


def _perhaps_spoilt(
    text: str, case: Case, spoiling: Chance, fault_rate: float
) -> tuple[str, PlantedFault | None]:
    if not spoiling.happens(fault_rate):
        return text, None
    fault = spoiling.one_of(FAULTS)
    planted = PlantedFault(
        record=case.number,
        anesthesia_record_id=case.record_id,
        name=fault.name,
        expected=fault.expected,
    )
    return fault.plant(text), planted
