"""Figures: what a chart is drawn from stands in the table, and both go out as they are."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.billing.program_years import Days
from app.dashboard.deadlines.due import Incomplete, YearStanding, calendar_of, to_do
from app.dashboard.figures.cases import TwoYears, cases_against_order, cases_by_month
from app.dashboard.figures.chart_data import chart_data
from app.dashboard.figures.figure import (
    Band,
    Bars,
    Cell,
    Column,
    Figure,
    HeatMap,
    Scale,
    Series,
    State,
    Unit,
    row_of,
    shown,
)
from app.dashboard.figures.measures import bands_of
from app.dashboard.figures.sending import (
    acceptance_rate,
    findings_by_kind,
    first_month,
    records_by_month,
    state_of_acceptance,
)
from app.dashboard.figures.views import View, figure_csv
from app.domain.findings import FindingCode, Severity
from app.domain.sending import FoundKind, Sent, SentInMonth
from app.measures.catalogue.benchmarks import Benchmark
from app.measures.catalogue.terms import Collection
from app.reporting.reporting_years import Deadlines


def a_figure(**given: object) -> Figure:
    return Figure(
        **{
            "key": "rates",
            "heading": "Rates",
            "summary": "Two measures.",
            "columns": (Column(name="Measure"), Column(name="Rate, %", unit=Unit.PERCENT)),
            "rows": (
                row_of(Cell("404", link="/docs/measures/404"), Cell(Decimal("75.5"))),
                row_of("430", Cell(None)),
            ),
            **given,
        }
    )


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_csv_of_a_figure_is_its_table_and_no_formula() -> None:
    assert lines_of(figure_csv(a_figure())) == [
        ["Measure", "Rate, %"],
        ["404", "75.5"],
        ["430", ""],
    ]
    tricky = a_figure(rows=(row_of("=1+1", Cell(Decimal("-1"))),))
    assert lines_of(figure_csv(tricky))[1] == ["'=1+1", "-1"]
    long = a_figure(rows=(row_of("404", Cell(Decimal(100) / 3)),))
    assert lines_of(figure_csv(long))[1] == ["404", "33.3333"]


def test_the_chart_has_the_numbers_of_the_table() -> None:
    data = chart_data(a_figure(chart=Bars(series=(Series(column=1),))))
    assert data["labels"] == ["404", "430"]
    assert data["links"] == ["/docs/measures/404", None]
    [series] = data["series"]  # type: ignore[misc]
    assert (series["name"], series["values"]) == ("Rate, %", [75.5, None])


def test_a_scale_has_a_mark_the_deciles_and_the_peers_where_they_are_known() -> None:
    band = Band(decile=9, low=Decimal(80), high=Decimal(90))
    columns = [Column(name=name, unit=Unit.PERCENT) for name in ("Rate", "Q1", "Q2", "Q3")]
    figure = a_figure(
        columns=(Column(name="Measure"), *columns),
        rows=(
            row_of("404", *(Decimal(each) for each in (75, 60, 70, 80))),
            row_of("430", Decimal(10), None, None, None),
        ),
        chart=Scale(value=1, peers=(2, 3, 4), bands=((band,), ())),
    )
    data = chart_data(figure)
    assert data["values"] == [75.0, 10.0]
    assert data["peers"] == [[60.0, 70.0, 80.0], None]
    assert data["bands"] == [[[9, 80.0, 90.0]], []]


def test_a_heat_map_has_a_field_for_each_cell_with_its_state_and_what_is_behind_it() -> None:
    figure = a_figure(
        columns=(Column(name="Field"), Column(name="2024-03", unit=Unit.PERCENT)),
        rows=(row_of("Weight", Cell(Decimal("71.25"), link="/weight", state=State.BAD)),),
        chart=HeatMap(),
    )
    data = chart_data(figure)
    assert (data["kind"], data["columns"]) == ("heat", ["2024-03"])
    assert data["cells"] == [[["71.25", "bad", "/weight"]]]


def test_values_are_written_for_people() -> None:
    assert shown(12_345, Unit.COUNT) == "12,345"
    assert shown(Decimal("96.654"), Unit.PERCENT) == "96.65"
    assert shown("<b>", Unit.TEXT) == "<b>"
    assert shown(None, Unit.COUNT) == "–"  # noqa: RUF001


def test_an_address_says_all_that_a_view_shows() -> None:
    view = View(path="/practices/12345/dashboard", state={"year": "2024", "facility": "A & B"})
    assert view.address() == "/practices/12345/dashboard?year=2024&facility=A+%26+B"
    assert view.address(year=2023).endswith("?year=2023&facility=A+%26+B")
    assert "format=csv&figure=rates" in view.csv_address(a_figure())


# Cases


BY_MONTH = {"2023-01": 100, "2023-02": 120, "2023-12": 7, "2024-01": 110, "2024-02": 99}


def test_cases_stand_beside_the_same_month_of_the_year_before() -> None:
    counts = TwoYears.as_of(date(2024, 2, 20), year=2024, by_month=BY_MONTH)
    figure = cases_by_month(counts, whose="The practice")
    assert [cell.value for cell in figure.rows[0]] == ["Jan", 110, 100]
    assert [cell.value for cell in figure.rows[2]] == ["Mar", None, 0], "it has not begun"
    assert figure.summary == (
        "The practice has 209 cases of 2024: +10.0 % against 2023, until the end of January."
    )


def test_a_year_that_is_over_has_all_its_months() -> None:
    counts = TwoYears.as_of(date(2026, 1, 1), year=2024, by_month=BY_MONTH)
    assert counts.compared == "-7.9 % against 2023"
    assert [row[1].value for row in cases_by_month(counts, whose="It").rows][-1] == 0


def test_where_there_is_nothing_to_compare_it_is_said() -> None:
    new = TwoYears.as_of(date(2024, 2, 20), year=2024, by_month={"2024-01": 5})
    assert new.compared == "none in 2023, until the end of January"
    assert TwoYears.as_of(date(2024, 1, 31), year=2024, by_month=BY_MONTH).compared == (
        "no month of 2024 is over"
    )


@pytest.mark.parametrize(
    ("ordered", "said"),
    [
        (100, "209 of the 100 cases ordered for 2024, 209.0 %."),
        (None, "No number of cases is ordered"),
        (0, "209 of the 0 cases ordered for 2024."),
    ],
)
def test_cases_add_up_beside_what_is_ordered(ordered: int | None, said: str) -> None:
    counts = TwoYears.as_of(date(2024, 2, 20), year=2024, by_month=BY_MONTH)
    figure = cases_against_order(counts, ordered=ordered)
    assert said in figure.summary
    assert [cell.value for cell in figure.rows[1][:3]] == ["Feb", 209, 220]
    assert [row[3].value for row in figure.rows if len(row) == 4] == (
        [] if ordered is None else [ordered] * 12
    )


# What was sent


def test_acceptance_is_the_share_of_the_records_that_were_not_rejected() -> None:
    months = (
        SentInMonth(month="2024-03", files=2, stored=90, held=5, rejected=5),
        SentInMonth(month="2024-04", files=1, stored=100, held=0, rejected=0),
    )
    assert acceptance_rate(months) == Decimal("97.5")
    assert state_of_acceptance(acceptance_rate(months)) is State.WATCH
    figure = records_by_month(Sent(months=months, kinds=()), datetime(2024, 4, 2, tzinfo=UTC))
    assert "97.50 % of 200 records in 3 files" in figure.summary
    assert len(figure.rows) == 12
    assert [cell.value for cell in figure.rows[0]] == ["2023-05", 0, 0, 0, 0, None]
    assert [cell.value for cell in figure.rows[-2]] == ["2024-03", 90, 5, 5, 2, Decimal(95)]
    nothing = records_by_month(Sent(months=(), kinds=()), datetime(2024, 4, 2, tzinfo=UTC))
    assert "Nothing was received" in nothing.summary


def test_findings_that_the_practice_accepted_are_not_open() -> None:
    kinds = [
        FoundKind(
            code=FindingCode.NOT_IN_LIST,
            severity=Severity.ERROR,
            files=2,
            findings=30,
            accepted=0,
        ),
        FoundKind(
            code=FindingCode.NPI_CHECK_DIGIT,
            severity=Severity.WARNING,
            files=1,
            findings=9,
            accepted=9,
        ),
    ]
    figure = findings_by_kind(kinds)
    assert figure.summary == "30 open findings of the last twelve months."
    [row] = figure.rows
    assert (row[0].value, row[0].link) == ("AR201", "/docs/findings/AR201")


def test_the_last_twelve_months_begin_with_the_first_of_a_month() -> None:
    assert first_month(datetime(2024, 3, 15, 10, tzinfo=UTC)) == datetime(2023, 4, 1, tzinfo=UTC)
    assert first_month(datetime(2024, 12, 31, tzinfo=UTC)) == datetime(2024, 1, 1, tzinfo=UTC)


# Measures


def a_benchmark(*bounds: str, inverse: bool = False) -> Benchmark:
    return Benchmark(
        measure_id="404",
        collection_type=Collection.REGISTRY,
        benchmark_year=2022,
        bounds=tuple(map(Decimal, bounds)),
        inverse=inverse,
    )


def test_deciles_are_parts_of_the_scale_up_to_its_end() -> None:
    rising = a_benchmark("10", "20", "30", "40", "50", "60", "70", "80", "90", "90")
    bands = [(band.decile, band.low, band.high) for band in bands_of(rising)]
    assert bands[0] == (1, 10, 20)
    assert bands[-1] == (10, 90, 100), "decile 9 has no width"
    assert len(bands) == 9
    falling = a_benchmark(*map(str, range(90, 0, -10)), inverse=True)
    bands = [(band.decile, band.low, band.high) for band in bands_of(falling)]
    assert (bands[0], bands[-1]) == ((2, 80, 90), (10, 0, 10))
    assert bands_of(None) == ()


# What is due


def test_what_is_to_do_comes_in_the_order_of_its_days() -> None:
    reporting = Deadlines(register_until=date(2024, 10, 1), consent_until=date(2025, 1, 31))
    billing = Days(registration_until=date(2024, 10, 1), data_until=date(2025, 2, 14))
    standing = YearStanding(
        registered=False,
        missing_consents=2,
        ordered=True,
        paid=False,
        incomplete=(Incomplete(tin="891234567", cases={"404": 12, "430": 3}, link="#here"),),
    )
    due = to_do(standing, 2024, reporting, billing, root="/practices/12345")
    assert [(each.what, each.until) for each in due] == [
        ("Register for reporting in 2024", date(2024, 10, 1)),
        ("2 clinicians have not signed the consent for 2024", date(2025, 1, 31)),
        ("Answer more cases of TIN 891234567: 12 of 404, 3 of 430", date(2025, 2, 14)),
        ("Pay the order for 2024", None),
    ]
    assert due[0].is_late(date(2024, 10, 2))
    assert not due[0].is_late(date(2024, 10, 1))
    days = [(each.day, each.what) for each in calendar_of(reporting, billing)]
    assert days[0] == (date(2024, 10, 1), "Last day to register")
    assert len(days) == 3, "a day that both name is told once"
