"""Age, weight and height: whether they can be, and whether they agree with one another.

Weight is taken as pounds and Height as inches; no source names their units.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.domain.units import CM_OF_AN_INCH, KG_OF_A_POUND
from app.rules.definition import Given, RecordFacts, Remark


def age_disagrees_with_birth(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """The oldest may all be sent with one age, which conceals who they are."""
    case, born = facts.case, facts.case.date_of_birth
    if born is None:
        return
    by_birth = _full_years(born, case.date_of_service)
    is_top_coded = case.age_years == given.numbers["top_age"] and by_birth > case.age_years
    if abs(case.age_years - by_birth) > given.numbers["years"] and not is_top_coded:
        yield Remark("PreOp/Age")


def weight_implausible(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    kg = facts.case.weight_kg
    if kg is not None and not _is_plausible(kg, facts, given):
        yield _implausible(facts, given, metric="WeightInKg", customary="Weight")


def height_implausible(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    cm = facts.case.height_cm
    if cm is not None and not _is_plausible(cm, facts, given):
        yield _implausible(facts, given, metric="HeightInCm", customary="Height")


def units_disagree(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A case holds the metric value, or else the other one converted: then they cannot disagree."""
    case, numbers = facts.case, given.numbers
    for weight in facts.undecoded.get("Weight", ()):
        if weight.text and case.weight_kg is not None:
            pounds = Decimal(weight.text.strip())
            if _are_apart(case.weight_kg, pounds * KG_OF_A_POUND, numbers["kg"], given):
                same = pounds == case.weight_kg
                yield Remark("PreOp/Weight", message="same_weight" if same else "weight")
    for height in facts.undecoded.get("Height", ()):
        if height.text and case.height_cm is not None:
            inches = Decimal(height.text.strip())
            if _are_apart(case.height_cm, inches * CM_OF_AN_INCH, numbers["cm"], given):
                same = inches == case.height_cm
                yield Remark("PreOp/Height", message="same_height" if same else "height")


def bmi_implausible(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    case, numbers = facts.case, given.numbers
    kg, cm = case.weight_kg, case.height_cm
    if case.age_years < numbers["from_years"] or kg is None or not cm:
        return
    least, most = numbers["least"], numbers["most"]
    square_meters = cm * cm / 10_000
    if not least * square_meters <= kg <= most * square_meters:
        yield Remark("PreOp", {"least": least, "most": most})


def _full_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _is_plausible(value: Decimal, facts: RecordFacts, given: Given) -> bool:
    group = _age_group(facts, given)
    return given.numbers[f"{group}_least"] <= value <= given.numbers[f"{group}_most"]


def _age_group(facts: RecordFacts, given: Given) -> str:
    if facts.case.age_years >= given.numbers["adult_from_years"]:
        return "adult"
    return "child" if facts.case.age_years >= given.numbers["child_from_years"] else "infant"


def _implausible(facts: RecordFacts, given: Given, *, metric: str, customary: str) -> Remark:
    """About the element that the value came from: the metric one if it is there."""
    is_metric = bool(facts.record.findtext(f"PreOp/{metric}"))
    group = _age_group(facts, given)
    limits = {name: given.numbers[f"{group}_{name}"] for name in ("least", "most")}
    return Remark(
        f"PreOp/{metric if is_metric else customary}",
        limits,
        "metric" if is_metric else "customary",
    )


def _are_apart(metric: Decimal, other: Decimal, least: Decimal, given: Given) -> bool:
    apart = abs(metric - other)
    return apart > least and apart > metric * given.numbers["percent"] / 100
