"""What a registration may not be, and until when it and the consents are kept."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from app.domain.identifiers import PracticeId, parse_npi, parse_tin
from app.domain.reporting import (
    Consent,
    LowVolume,
    MipsStanding,
    Registration,
    ReportingOption,
    Representative,
)
from app.domain.roster import Subgroup, VirtualGroup
from app.reporting.registration_rules import faults_of
from app.reporting.reporting_years import deadlines_of, keep_until, mvps_of, shipped_mvps

PRACTICE = PracticeId("12345")
TODAY = date(2024, 6, 1)
GROUP = Registration(
    practice_id=PRACTICE,
    performance_year=2024,
    option=ReportingOption.GROUP_QCDR,
    is_renewal=True,
    representative=Representative(
        name="Robin Example", title="Medical director", signed_on=date(2024, 2, 1)
    ),
    registered_at=datetime(2024, 2, 1, tzinfo=UTC),
)
CARDIAC_TEAM = Subgroup(
    practice_id=PRACTICE,
    id=UUID(int=1),
    tin=parse_tin("891234567"),
    performance_year=2024,
    name="Cardiac team",
    npis=(parse_npi("1234567893"),),
)
NORTHERN_LAKES = VirtualGroup(
    practice_id=PRACTICE,
    id=UUID(int=2),
    performance_year=2024,
    name="Northern Lakes",
    tins=(parse_tin("891234567"),),
)


def faults(**differently: Any) -> list[str]:
    """The fields that are wrong with a registration of a group that differs so."""
    found = faults_of(
        replace(GROUP, **differently),
        day=TODAY,
        mvps=shipped_mvps(),
        subgroups=[CARDIAC_TEAM],
        virtual_groups=[NORTHERN_LAKES],
    )
    return [fault.partition(":")[0] for fault in found]


OPT_IN = [
    # over 90,000 USD, 200 patients, 200 services: standing, may opt in
    (False, False, False, MipsStanding.VOLUNTARY, False),
    (True, False, False, MipsStanding.MAY_OPT_IN, True),
    (False, True, False, MipsStanding.MAY_OPT_IN, True),
    (False, False, True, MipsStanding.MAY_OPT_IN, True),
    (True, True, False, MipsStanding.MAY_OPT_IN, True),
    (True, False, True, MipsStanding.MAY_OPT_IN, True),
    (False, True, True, MipsStanding.MAY_OPT_IN, True),
    (True, True, True, MipsStanding.REQUIRED, False),
]


@pytest.mark.parametrize(("usd", "patients", "services", "standing", "may_opt_in"), OPT_IN)
def test_one_or_two_of_three_criteria_allow_an_opt_in(
    usd: bool, patients: bool, services: bool, standing: MipsStanding, may_opt_in: bool
) -> None:
    volume = LowVolume(over_90000_usd=usd, over_200_patients=patients, over_200_services=services)
    assert volume.standing is standing
    assert (faults(low_volume=volume, opts_in=True) == []) == may_opt_in
    assert faults(low_volume=volume, opts_in=False) == []


WITH_MVP = {"mvp": "G0059", "cms_registration_acknowledged": True}
ONE_BY_ONE = {"option": ReportingOption.INDIVIDUAL_QCDR}
WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"opts_in": True}, ["low_volume"]),
    (WITH_MVP, []),
    ({"mvp": "G0059"}, ["cms_registration_acknowledged"]),
    ({**WITH_MVP, "performance_year": 2022}, ["mvp"]),
    ({**WITH_MVP, "performance_year": 2023}, []),
    ({**WITH_MVP, "mvp": "G0001"}, ["mvp"]),
    ({**WITH_MVP, "subgroup_ids": (CARDIAC_TEAM.id,)}, []),
    ({"subgroup_ids": (CARDIAC_TEAM.id,)}, ["subgroup_ids"]),
    ({**WITH_MVP, "subgroup_ids": (UUID(int=9),)}, ["subgroup_ids"]),
    ({**WITH_MVP, **ONE_BY_ONE, "subgroup_ids": (CARDIAC_TEAM.id,)}, ["subgroup_ids"]),
    ({**WITH_MVP, "performance_year": 2023, "subgroup_ids": (CARDIAC_TEAM.id,)}, ["subgroup_ids"]),
    ({"virtual_group_id": NORTHERN_LAKES.id}, []),
    ({"virtual_group_id": UUID(int=9)}, ["virtual_group_id"]),
    ({**ONE_BY_ONE, "virtual_group_id": NORTHERN_LAKES.id}, ["virtual_group_id"]),
    ({"withdrawn_on": date(2024, 5, 1)}, []),
    ({"withdrawn_on": date(2024, 1, 1)}, ["withdrawn_on"]),
    ({"withdrawn_on": date(2024, 7, 1)}, ["withdrawn_on"]),
    (
        {"representative": replace(GROUP.representative, signed_on=date(2024, 6, 2))},
        ["representative.signed_on"],
    ),
]


@pytest.mark.parametrize(("differently", "expected"), WRONG)
def test_what_cannot_be_registered(differently: dict[str, Any], expected: list[str]) -> None:
    assert faults(**differently) == expected


def test_every_fault_is_told_at_once_and_how_to_mend_it() -> None:
    found = faults_of(
        replace(GROUP, mvp="G0059", performance_year=2022, opts_in=True),
        day=TODAY,
        mvps=shipped_mvps(),
        subgroups=[],
        virtual_groups=[],
    )
    assert found == [
        "mvp: it is known for 2023 to 2026, not for 2022; leave it out",
        "cms_registration_acknowledged: an MVP and its subgroups are registered with CMS too;"
        " set it to true to say that you know",
        "low_volume: tell which criteria are exceeded; one or two of three allow an opt-in",
    ]


def test_there_were_no_mvps_before_2023() -> None:
    known = [[mvp.id for mvp in mvps_of(year)] for year in (2022, 2023, 2026)]
    assert known == [[], ["G0059"], ["G0059"]]


def test_deadlines_are_known_for_two_years_only() -> None:
    assert deadlines_of(2019).register_until == date(2019, 10, 31)
    assert deadlines_of(2019).consent_until == date(2020, 1, 31)
    assert deadlines_of(2024).register_until == date(2024, 10, 1)
    assert deadlines_of(2024).consent_until is None
    assert deadlines_of(2023).register_until is None


KEPT = [
    # signed on, kept until: seven years behind the performance year 2024
    (date(2024, 2, 1), date(2031, 12, 31)),
    (date(2025, 1, 20), date(2032, 1, 20)),
    (date(2028, 2, 29), date(2035, 3, 1)),
]


@pytest.mark.parametrize(("signed_on", "until"), KEPT)
def test_registrations_and_consents_are_kept_seven_years(signed_on: date, until: date) -> None:
    consent = Consent(
        practice_id=PRACTICE,
        id=UUID(int=3),
        performance_year=2024,
        clinician_id=UUID(int=4),
        npi=parse_npi("1234567893"),
        signer="Robin Example",
        signed_on=signed_on,
        evidence="folder 2024-17",
        recorded_at=datetime(2024, 2, 1, tzinfo=UTC),
    )
    assert keep_until(consent) == until
    representative = replace(GROUP.representative, signed_on=signed_on)
    assert keep_until(replace(GROUP, representative=representative)) == until
