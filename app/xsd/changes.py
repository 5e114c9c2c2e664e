"""What changed from one version of the schema to another, told from their models."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from app.xsd.model import ElementModel, ValueModel

_ALIKE: Final = 0.8  # how similar the names of a renamed element are; CPTAnessSet, CPTAnesSet: 0.95


class ChangeKind(StrEnum):
    ELEMENT_ADDED = "element_added"
    ELEMENT_REMOVED = "element_removed"
    ELEMENT_RENAMED = "element_renamed"
    OCCURRENCE = "occurrence"
    NILLABLE = "nillable"
    ORDER = "order"
    VALUE_TYPE = "value_type"
    VALUES_ADDED = "values_added"
    VALUES_REMOVED = "values_removed"
    PATTERN = "pattern"


State = str | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`path` is that of the newer version, or of the older for what is gone.

    `before` and `after` are None on the side where there was nothing. Occurrence is written
    "0..1", "1..*"; order is "fixed" or "any" for a whole element, or the name that a child follows.
    """

    path: str
    kind: ChangeKind
    before: State
    after: State
    message: str


def changes_between(older: ElementModel, newer: ElementModel) -> list[Change]:
    """Return what a sender has to do differently, in document order of `newer`."""
    return list(_changes(older, newer, f"/{newer.name}"))


def _changes(older: ElementModel, newer: ElementModel, path: str) -> Iterator[Change]:
    yield from _own_changes(older, newer, path)
    if older.value is not None or newer.value is not None:
        yield from _value_changes(older.value, newer.value, path)
    yield from _child_changes(older, newer, path)


def _own_changes(older: ElementModel, newer: ElementModel, path: str) -> Iterator[Change]:
    name = newer.name
    if _occurrence(older) != _occurrence(newer):
        yield Change(
            path=path,
            kind=ChangeKind.OCCURRENCE,
            before=_occurrence(older),
            after=_occurrence(newer),
            message=f"{name} {_occurrence_words(newer)}; before, it {_occurrence_words(older)}.",
        )
    if older.nillable != newer.nillable:
        yield Change(
            path=path,
            kind=ChangeKind.NILLABLE,
            before=older.nillable,
            after=newer.nillable,
            message=f"{name} may {'now' if newer.nillable else 'no longer'} be nil.",
        )
    if older.in_any_order != newer.in_any_order:
        now = "in any order" if newer.in_any_order else "in one fixed order"
        yield Change(
            path=path,
            kind=ChangeKind.ORDER,
            before=_order(older),
            after=_order(newer),
            message=f"The elements of {name} stand {now}.",
        )


def _child_changes(older: ElementModel, newer: ElementModel, path: str) -> Iterator[Change]:
    predecessors = _predecessors(older, newer)
    for child in newer.children:
        here = f"{path}/{child.name}"
        before = predecessors.get(child.name)
        if before is None:
            yield Change(
                path=here,
                kind=ChangeKind.ELEMENT_ADDED,
                before=None,
                after=_occurrence(child),
                message=f"{child.name} is new in {newer.name}; it {_occurrence_words(child)}.",
            )
            continue
        if before.name != child.name:
            yield Change(
                path=here,
                kind=ChangeKind.ELEMENT_RENAMED,
                before=before.name,
                after=child.name,
                message=f"{before.name} is now called {child.name}.",
            )
        yield from _changes(before, child, here)
    kept = {before.name for before in predecessors.values()}
    for child in older.children:
        if child.name not in kept:
            yield Change(
                path=f"{path}/{child.name}",
                kind=ChangeKind.ELEMENT_REMOVED,
                before=_occurrence(child),
                after=None,
                message=f"{child.name} is gone from {newer.name}: leave it out.",
            )
    if not (older.in_any_order or newer.in_any_order):
        yield from _moves(newer, predecessors, older, path)


def _predecessors(older: ElementModel, newer: ElementModel) -> dict[str, ElementModel]:
    """For the name of each child of `newer`, what it was in `older`: same name, or renamed."""
    known = {child.name: child for child in older.children}
    found = {child.name: known[child.name] for child in newer.children if child.name in known}
    gone = [child for child in older.children if child.name not in found]
    for child in newer.children:
        if child.name not in found:
            meant = next((each for each in gone if _is_renamed(each, child)), None)
            if meant is not None:
                found[child.name] = meant
                gone.remove(meant)
    return found


def _is_renamed(older: ElementModel, newer: ElementModel) -> bool:
    if (older.value is None) != (newer.value is None):
        return False
    return difflib.SequenceMatcher(None, older.name, newer.name).ratio() >= _ALIKE


def _moves(
    newer: ElementModel, predecessors: dict[str, ElementModel], older: ElementModel, path: str
) -> Iterator[Change]:
    """Elements that both have, and that stand behind another one of these than before."""
    places = {child.name: place for place, child in enumerate(older.children)}
    shared = [child for child in newer.children if child.name in predecessors]
    names_before = [
        each.name for each in sorted(predecessors.values(), key=lambda e: places[e.name])
    ]
    for left, right in pairwise(shared):
        was_left, was_right = predecessors[left.name].name, predecessors[right.name].name
        if places[was_left] > places[was_right]:
            at = names_before.index(was_right)
            yield Change(
                path=f"{path}/{right.name}",
                kind=ChangeKind.ORDER,
                before=names_before[at - 1] if at else None,
                after=left.name,
                message=f"{right.name} now comes after {left.name}.",
            )


def _value_changes(
    older: ValueModel | None, newer: ValueModel | None, path: str
) -> Iterator[Change]:
    name = path.rpartition("/")[2]
    if older is None or newer is None or _type_words(older) != _type_words(newer):
        yield Change(
            path=path,
            kind=ChangeKind.VALUE_TYPE,
            before=_type_words(older),
            after=_type_words(newer),
            message=f"{name} now holds {_type_words(newer)}; before, it held {_type_words(older)}.",
        )
        return
    yield from _list_changes(older, newer, path, name)
    if older.patterns != newer.patterns:
        yield Change(
            path=path,
            kind=ChangeKind.PATTERN,
            before=older.patterns or None,
            after=newer.patterns or None,
            message=f"The form that {name} must have has changed.",
        )


def _list_changes(older: ValueModel, newer: ValueModel, path: str, name: str) -> Iterator[Change]:
    removed = tuple(value for value in older.allowed if value not in newer.allowed)
    added = tuple(value for value in newer.allowed if value not in older.allowed)
    if removed:
        yield Change(
            path=path,
            kind=ChangeKind.VALUES_REMOVED,
            before=removed,
            after=None,
            message=f"{name} no longer takes {_listed(removed)}.",
        )
    if added:
        yield Change(
            path=path,
            kind=ChangeKind.VALUES_ADDED,
            before=None,
            after=added,
            message=f"{name} now also takes {_listed(added)}.",
        )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(value or "an empty value" for value in values)


def _order(element: ElementModel) -> str:
    return "any" if element.in_any_order else "fixed"


def _occurrence(element: ElementModel) -> str:
    most = "*" if element.max_occurs is None else element.max_occurs
    return f"{element.min_occurs}..{most}"


def _occurrence_words(element: ElementModel) -> str:
    need = "is required" if element.min_occurs else "may be left out"
    return f"{need} and may be repeated" if element.repeats else need


def _type_words(value: ValueModel | None) -> str:
    if value is None:
        return "elements"
    return f"xs:{value.base} from a closed list" if value.allowed else f"xs:{value.base}"
