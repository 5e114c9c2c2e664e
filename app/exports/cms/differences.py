"""What changed between two documents of an entity and year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Part = Mapping[str, Any]
_Field = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`before` None: it was not told; `after` None: it is told no more.

    `measure_id` is "" for what is of the set, `category` and `program` too for what is of the
    whole document. `field` as `performanceMet`, of a stratum `overall.performanceMet`.
    """

    category: str
    program: str
    measure_id: str
    field: str
    before: object
    after: object


def differences(before: Part, after: Part) -> tuple[Difference, ...]:
    """Field by field: of the document, and in the order of sets, measures and fields."""
    old, new = dict(_fields(before)), dict(_fields(after))
    return tuple(
        Difference(
            category=where[0],
            program=where[1],
            measure_id=where[2],
            field=where[3],
            before=old.get(where),
            after=new.get(where),
        )
        for where in sorted(old.keys() | new.keys())
        if old.get(where) != new.get(where)
    )


def _fields(document: Part) -> Iterator[tuple[_Field, object]]:
    for name, told in document.items():
        if name != "measurementSets":
            yield ("", "", "", name), told
    for each in document["measurementSets"]:
        of_set = each["category"], each["programName"]
        for bound in ("performanceStart", "performanceEnd"):
            yield (*of_set, "", bound), each[bound]
        for measurement in each["measurements"]:
            for field, told in _told(measurement["value"]):
                yield (*of_set, measurement["measureId"], field), told


def _told(value: object) -> Iterator[tuple[str, object]]:
    """An activity has one value and no field."""
    if not isinstance(value, Mapping):
        yield "value", value
        return
    for name, told in value.items():
        if name != "strata":
            yield name, told
    for stratum in value.get("strata", []):
        for name, told in stratum.items():
            if name != "stratum":
                yield f"{stratum['stratum']}.{name}", told
