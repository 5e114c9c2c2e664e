"""What is drawn from rules to pass over the measures that a case cannot be in."""

import pytest
from pydantic import TypeAdapter

from app.measures.catalogue.definition import CodeList
from app.measures.catalogue.rule_kinds import Rule
from app.measures.evaluation.needs import Needs, needs_of

LISTS = {
    "heart": CodeList(list_id="heart", source="-", confidence="assumed", codes="00562 00567"),
    "knee": CodeList(list_id="knee", source="-", confidence="assumed", codes="01402"),
}
ADULT = {"kind": "age_between", "min_years": 18}
CHILD = {"kind": "age_between", "max_years": 17}
HEART = {"kind": "procedure_in_lists", "lists": ["heart"]}
KNEE = {"kind": "procedure_in", "codes": ["01402"]}
SMOKER = {"kind": "reported", "codes": ["G9642"]}
EMERGENCY = {"kind": "emergency"}


def all_of(*rules):
    return {"kind": "all_of", "rules": rules}


def any_of(*rules):
    return {"kind": "any_of", "rules": rules}


def codes(*values):
    return frozenset(values)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([ADULT], Needs(min_years=18)),
        ([CHILD], Needs(min_years=0, max_years=17)),
        ([HEART], Needs(procedures=codes("00562", "00567"))),
        ([SMOKER], Needs(quality_codes=codes("G9642"))),
        ([EMERGENCY], Needs()),
        # of two lists that must both be met, the shorter one passes over more cases
        ([HEART, KNEE], Needs(procedures=codes("01402"))),
        ([all_of(KNEE, SMOKER)], Needs(procedures=codes("01402"), quality_codes=codes("G9642"))),
        # of alternatives every one must be known
        ([any_of(HEART, KNEE)], Needs(procedures=codes("00562", "00567", "01402"))),
        ([any_of(HEART, EMERGENCY)], Needs()),
        ([any_of(HEART, SMOKER)], Needs()),
        # what must not hold is needed by nobody
        ([{"kind": "none_of", "rules": [HEART]}], Needs()),
        ([ADULT, {"kind": "age_between", "min_years": 70}], Needs(min_years=70)),
    ],
)  # fmt: skip
def test_what_no_case_can_be_without(rules, expected):
    parsed = TypeAdapter(list[Rule]).validate_python(rules)
    assert needs_of(parsed, LISTS) == expected
