"""What the demonstration shows: who takes part, and which case files they send."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.identifiers import PracticeId
from app.domain.principals import Role
from app.synthetic.generate import FIRST_YEAR, LAST_YEAR, GenerationPlan

SEED: Final = 1
VERSION: Final = "2023V1.0"
VENDOR: Final = "Northwind EHR"
_FIRST_DAY_WORTH_SHOWING: Final = 7
"""Of January: before it the two years before are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPractice:
    """`fault_rate` is the share of its records that are spoilt.

    The second TIN of one that `knows_every_tin` not is unknown to the registry: its cases wait.
    `orders` and `pays`: whether it has for the year that is shown.
    """

    id: PracticeId
    name: str
    city: str
    state: str
    zip_code: str
    fault_rate: float
    knows_every_tin: bool = True
    orders: bool = True
    pays: bool = True

    @property
    def mail(self) -> str:
        """An address of the practice that its case files name, too."""
        return f"quality@practice-{self.id}.example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in; `sees` is told to whoever looks at the demonstration."""

    email: str
    name: str
    role: Role
    sees: str
    practice: DemoPractice | None = None


LAKESIDE: Final = DemoPractice(
    id=PracticeId("12345"),
    name="Lakeside Anesthesia",
    city="Evanston",
    state="IL",
    zip_code="60201",
    fault_rate=0.02,
)
PRACTICES: Final = (
    LAKESIDE,
    DemoPractice(
        id=PracticeId("23456"),
        name="Summit Anesthesia Partners",
        city="Boulder",
        state="CO",
        zip_code="80301",
        fault_rate=0.0,
    ),
    DemoPractice(
        id=PracticeId("34567"),
        name="Harbor Anesthesia Group",
        city="Tacoma",
        state="WA",
        zip_code="98402",
        fault_rate=0.05,
        knows_every_tin=False,
    ),
    DemoPractice(
        id=PracticeId("45678"),
        name="Prairie Anesthesia",
        city="Peoria",
        state="IL",
        zip_code="61602",
        fault_rate=0.01,
        pays=False,
    ),
    DemoPractice(
        id=PracticeId("56789"),
        name="Bayview Anesthesiologists",
        city="Bellingham",
        state="WA",
        zip_code="98225",
        fault_rate=0.0,
    ),
    DemoPractice(
        id=PracticeId("67890"),
        name="Cedar Valley Anesthesia",
        city="Rockford",
        state="IL",
        zip_code="61101",
        fault_rate=0.12,
        orders=False,
    ),
)
"""Six, so that each of them has the five peers without which no comparison is shown."""

PEOPLE: Final = (
    Person(
        email="manager@lakeside.example",
        name="Morgan Example",
        role=Role.PRACTICE,
        sees=f"{LAKESIDE.name}: its cases, measures, roster, orders",
        practice=LAKESIDE,
    ),
    Person(
        email="clinician@lakeside.example",
        name="Casey Example",
        role=Role.CLINICIAN,
        sees="an anesthesiologist there: their own figures",
        practice=LAKESIDE,
    ),
    Person(
        email="support@northwind.example",
        name="Robin Example",
        role=Role.VENDOR,
        sees=f"{VENDOR}: the files it sends for every practice",
    ),
    Person(
        email="staff@registry.example",
        name="Alex Example",
        role=Role.ADMIN,
        sees="the registry: all of it",
    ),
)


def shown_years(today: date) -> tuple[int, int]:
    """The year that is shown and, first, the one that it is compared with."""
    begun = today >= date(today.year, 1, _FIRST_DAY_WORTH_SHOWING + 1)
    year = min(today.year if begun else today.year - 1, LAST_YEAR)
    return max(year - 1, FIRST_YEAR), year


def case_file_plan(practice: DemoPractice, year: int, cases: int, today: date) -> GenerationPlan:
    """`cases` are those of a whole year; a year that is under way has its share of them so far."""
    end = date(year, 12, 31)
    through = min(end, today - timedelta(days=1))
    days = (through - date(year, 1, 1)).days + 1
    return GenerationPlan(
        cases=max(1, cases * days // end.timetuple().tm_yday),
        version=VERSION,
        practice_id=practice.id,
        year=year,
        seed=SEED,
        fault_rate=practice.fault_rate,
        detail="small",
        through=through,
    )
