"""What counts as a change between two models that no pair of published versions shows."""

from dataclasses import replace

from app.xsd.changes import ChangeKind, changes_between
from app.xsd.model import ElementModel, ValueKind, ValueModel

TEXT = ValueModel(kind=ValueKind.TEXT, type_name="string", base="string")
NUMBER = ValueModel(kind=ValueKind.NUMBER, type_name="decimal", base="decimal")
LIST = ValueModel(
    kind=ValueKind.LIST, type_name="Units", base="string", allowed={"kg": "", "lb": ""}
)


def leaf(name: str, value: ValueModel = TEXT) -> ElementModel:
    return ElementModel(
        name=name,
        min_occurs=1,
        max_occurs=1,
        nillable=False,
        in_any_order=False,
        documentation="",
        assumptions=(),
        children=(),
        value=value,
    )


def holding(*children: ElementModel) -> ElementModel:
    return replace(leaf("PreOp"), children=children, value=None)


def told(older: ElementModel, newer: ElementModel) -> list[tuple[ChangeKind, str, object, object]]:
    return [(c.kind, c.path, c.before, c.after) for c in changes_between(older, newer)]


AGE, SEX, WEIGHT = leaf("Age"), leaf("Sex"), leaf("Weight")


def test_an_element_that_moved_names_what_it_follows() -> None:
    assert told(holding(AGE, SEX, WEIGHT), holding(WEIGHT, AGE, SEX)) == [
        (ChangeKind.ORDER, "/PreOp/Age", None, "Weight"),
    ]


def test_a_new_element_in_between_moves_nothing() -> None:
    assert told(holding(AGE, WEIGHT), holding(AGE, SEX, WEIGHT)) == [
        (ChangeKind.ELEMENT_ADDED, "/PreOp/Sex", None, "1..1"),
    ]


def test_another_type_of_value_is_one_change() -> None:
    as_number, as_list = leaf("Weight", NUMBER), leaf("Weight", LIST)
    kind, path = ChangeKind.VALUE_TYPE, "/PreOp/Weight"
    assert told(holding(WEIGHT), holding(as_number)) == [(kind, path, "xs:string", "xs:decimal")]
    listed = "xs:string from a closed list"
    assert told(holding(as_list), holding(WEIGHT)) == [(kind, path, listed, "xs:string")]


def test_a_value_that_becomes_a_group_is_told_with_its_elements() -> None:
    assert told(holding(leaf("Staff")), holding(replace(holding(AGE), name="Staff"))) == [
        (ChangeKind.VALUE_TYPE, "/PreOp/Staff", "xs:string", "elements"),
        (ChangeKind.ELEMENT_ADDED, "/PreOp/Staff/Age", None, "1..1"),
    ]


def test_how_often_an_element_may_stand() -> None:
    repeated = replace(AGE, min_occurs=0, max_occurs=None)
    assert told(holding(AGE), holding(repeated)) == [
        (ChangeKind.OCCURRENCE, "/PreOp/Age", "1..1", "0..*"),
    ]


def test_words_are_no_change() -> None:
    assert told(holding(AGE), holding(replace(AGE, documentation="Age in years"))) == []
