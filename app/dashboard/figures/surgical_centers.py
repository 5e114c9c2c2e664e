"""Figures of a surgical center: its measures of ASCQR, as far as cases tell them."""

from app.dashboard.figures.figure import Column, Figure, Row, Scale, Unit, row_of
from app.measures.asc.centers import Center
from app.measures.asc.results import CountedMeasure
from app.measures.catalogue.register import load_register


def asc_measures(center: Center) -> Figure:
    told = sum(each.rate is not None for each in center.measures)
    return Figure(
        key="asc-measures",
        heading="Measures of surgical centers",
        summary=f"{told} of {len(center.measures)} measures have a rate from the cases alone.",
        columns=(
            Column(name="Measure"),
            Column(name="Rate, %", unit=Unit.PERCENT),
            Column(name="At least, %", unit=Unit.PERCENT),
            Column(name="At most, %", unit=Unit.PERCENT),
            Column(name="Numerator", unit=Unit.COUNT),
            Column(name="Denominator", unit=Unit.COUNT),
            Column(name="Undetermined", unit=Unit.COUNT),
            Column(name="Better"),
            Column(name="Title"),
        ),
        rows=tuple(_row(each) for each in center.measures),
        chart=Scale(value=1, title=8),
        note=_note(center),
        is_broad=True,
    )


def _row(each: CountedMeasure) -> Row:
    facts = load_register().known_as(each.measure.measure_id)
    return row_of(
        each.measure.measure_id,
        each.rate,
        each.rate_at_least,
        each.rate_at_most,
        each.numerator,
        each.counts.denominator,
        each.counts.undetermined,
        each.measure.better,
        "" if facts is None else facts.title or "",
    )


def _note(center: Center) -> str:
    said = (
        "With undetermined cases the rate is not known, only between which bounds it lies. Where"
        " case files say nothing of the numerator there is none: the center enters it."
    )
    if not center.cases_elsewhere:
        return said
    return (
        f"{said} {center.cases_elsewhere:,} cases do not say that they were at a surgical center."
    )
