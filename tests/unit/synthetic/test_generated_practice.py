"""The practice behind a case file: the same people and TINs, however many cases they have."""

import re

import pytest
from generated_xml import records_of, text, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.identifiers import parse_npi, parse_tin
from app.synthetic.generate import GenerationPlan
from app.synthetic.practice import practice_tins

DUMMIES = {"123456789", "987654321"}


@given(practice_id=st.from_regex(r"\A[0-9]{3,5}\Z"), seed=st.integers(0, 10**9))
@settings(max_examples=50, deadline=None)
def test_tins_are_well_formed_and_look_like_nobodys_dummy(practice_id: str, seed: int) -> None:
    tins = practice_tins(practice_id, seed)
    assert len(set(tins)) == 2
    for tin in tins:
        assert parse_tin(tin) == tin
        assert tin not in DUMMIES
        assert len(set(tin)) > 1


def test_practices_do_not_share_their_tins() -> None:
    of_many = [practice_tins(str(number), 0) for number in range(10000, 10050)]
    assert len({tin for tins in of_many for tin in tins}) == 100


@pytest.mark.parametrize("seed", [0, 7])
def test_all_staff_are_of_the_practices_tins_and_have_valid_npis(seed: int) -> None:
    records = records_of(GenerationPlan(cases=300, seed=seed, detail="small"))
    assert {tin for record in records for tin in texts(record, ".//TaxID")} == set(
        practice_tins("12345", seed)
    )
    for record in records:
        for npi in texts(record, ".//NPI"):
            assert parse_npi(npi) == npi


def test_a_clinician_keeps_tin_and_credentials_from_case_to_case() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for record in records_of(GenerationPlan(cases=400, detail="small")):
        for member in record.iterfind(".//AnesthesiaStaff"):
            facts = (text(member, "TaxID"), text(member, "ProviderCredentials"))
            assert seen.setdefault(text(member, "NPI"), facts) == facts
    assert len(seen) > 20


def test_facilities_stand_for_their_place_of_service() -> None:
    places = {
        (text(record, "Procedure/FacilityID"), text(record, ".//LocationType"))
        for record in records_of(GenerationPlan(cases=400, detail="small"))
    }
    for facility, place in places:
        assert re.fullmatch(r"12345-[HA][12]", facility)
        assert place in (("21", "22") if facility[6] == "H" else ("24",))
