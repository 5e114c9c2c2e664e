"""The manuals as they are shipped, and the milestones that mean the arrival in the PACU."""

import re

import pytest

from app.domain.milestone_names import is_pacu_arrival
from app.measures.asc.chart import parse_interval
from app.measures.asc.manuals import manual_for, manual_years
from app.measures.catalogue.register import load_register


@pytest.mark.parametrize("year", manual_years())
def test_the_register_has_every_measure_of_a_manual_with_its_direction(year: int) -> None:
    manual = manual_for(year)
    assert manual is not None
    for measure in manual.measures:
        facts = load_register().known_as(measure.measure_id)
        assert facts is not None
        assert facts.inverse == (measure.better == "lower"), measure.measure_id
    assert all(load_register().known_as(each.measure_id) for each in manual.elsewhere)


@pytest.mark.parametrize("year", manual_years())
def test_reasons_hold_nothing_to_escape(year: int) -> None:
    manual = manual_for(year)
    assert manual is not None
    reasons = [reason for measure in manual.measures for reason in measure.reasons]
    assert [each for each in reasons if not re.fullmatch(r"[a-z]+:[a-z-]+", each)] == []


def test_other_years_are_not_specified() -> None:
    assert manual_years() == (2025,)
    assert manual_for(2024) is None


@pytest.mark.parametrize(
    "name",
    [
        *("PACU arrival", "PACU Arrival", "pacu-arrival", "PACUarrival", "Arrival in PACU"),
        *("Patient arrived in the PACU", "PACU In", "Time of PACU admission", "In recovery room"),
        *("Recovery Room Arrival", "PACU Phase 1 arrival", "Post-Anesthesia Care Unit arrival"),
        *("Arrival in PACU/ICU", "PACU"),
    ],
)
def test_names_of_the_arrival(name: str) -> None:
    assert is_pacu_arrival(name)


@pytest.mark.parametrize(
    "name",
    [
        *("PACU discharge", "PACU out", "Patient in room", "Anesthesia finish", "PACU ready", ""),
        *("Leaving for PACU", "Ready for PACU discharge", "ICU arrival", "PACU phase 2 arrival"),
        "PACU arrival" + " " * 100,
    ],
)
def test_other_names(name: str) -> None:
    assert not is_pacu_arrival(name)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("10 years", (120, 120)),
        ("Repeat in 10 years.", (120, 120)),
        ("7 to 10 years", (84, 120)),
        ("5-10 yrs", (60, 120)),
        ("10+ years", (120, 120)),
        ("every 36 months", (36, 36)),
        ("a 10-year interval", (120, 120)),
        ("between 7 and 10 years", (84, 120)),
        ("5 years to 10 years", (60, 120)),
        ("6 months - 1 year", (6, 12)),
        ("up to 10 years", (0, 120)),
        ("no later than 10 years", (0, 120)),
        ("within the next 10 years", (0, 120)),
        ("less than or equal to 10 years", (0, 120)),
        ("10 years at the most", (0, 120)),
        ("10 years or sooner", (0, 120)),
        ("less than 10 years", (0, 119)),
        ("in <10 years", (0, 119)),
        ("not less than 10 years", (120, 120)),
        ("no sooner than 10 years", (120, 120)),
        ("no repeat before 10 years", (120, 120)),
        ("no polyps, repeat before 10 years", (0, 119)),
        ("as needed", None),
        ("many years", None),
        ("when symptomatic", None),
        ("", None),
    ],
)
def test_intervals_as_reports_have_them(text: str, months: tuple[int, int] | None) -> None:
    assert parse_interval(text) == months
