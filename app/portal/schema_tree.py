"""The elements of a version as a page shows them: a tree, each with its anchor and its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.portal.schema_words import (
    occurrence_sign,
    occurrence_words,
    plain_path,
    schema_anchor,
    type_words,
)
from app.xsd.catalogue import SchemaVersion
from app.xsd.changes import Change, ChangeKind
from app.xsd.model import ElementModel
from app.xsd.value_faults import form_in_words

_OPEN_LEVELS: Final = 2  # the file and its record stand open, the sections closed


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    name: str
    anchor: str
    path: str
    depth: int
    is_required: bool
    occurrence: str
    occurrence_words: str
    type_words: str
    xsd_type: str | None
    nillable: bool
    in_any_order: bool
    documentation: str
    assumptions: tuple[str, ...]
    patterns: tuple[str, ...]
    allowed: dict[str, str]
    children: tuple["TreeNode", ...]

    @property
    def is_open(self) -> bool:
        return self.depth < _OPEN_LEVELS

    def walk(self) -> Iterator["TreeNode"]:
        yield self
        for child in self.children:
            yield from child.walk()


@cache
def tree_of(version: SchemaVersion) -> TreeNode:
    return _node(version.model, "", 0)


def nearest_anchor(path: str, version: SchemaVersion) -> str:
    """Return the anchor of the element at the `path` of a finding.

    For what the version does not have it is that of the nearest element above it.
    """
    anchors = _anchors(version)
    steps = plain_path(path)
    while steps not in anchors and steps:
        steps = steps.rpartition("/")[0]
    return anchors.get(steps) or tree_of(version).anchor


@cache
def _anchors(version: SchemaVersion) -> dict[str, str]:
    return {node.path: node.anchor for node in tree_of(version).walk()}


def sections_of(root: TreeNode) -> list[TreeNode]:
    """The header and the sections of a record, in document order."""
    header, record = root.children
    return [header, *record.children]


def _node(model: ElementModel, parent: str, depth: int) -> TreeNode:
    path = f"{parent}/{model.name}"
    value = model.value
    return TreeNode(
        name=model.name,
        anchor=schema_anchor(path),
        path=path,
        depth=depth,
        is_required=bool(model.min_occurs),
        occurrence=occurrence_sign(model),
        occurrence_words=occurrence_words(model),
        type_words=type_words(value),
        xsd_type=f"xs:{value.base}" if value else None,
        nillable=model.nillable,
        in_any_order=model.in_any_order,
        documentation=model.documentation,
        assumptions=model.assumptions,
        patterns=value.patterns if value else (),
        allowed=value.allowed if value else {},
        children=tuple(_node(child, path, depth + 1) for child in model.children),
    )


_EFFECTS: Final = {
    ChangeKind.ELEMENT_ADDED: "new",
    ChangeKind.ELEMENT_REMOVED: "gone",
    ChangeKind.ELEMENT_RENAMED: "renamed",
    ChangeKind.OCCURRENCE: "how often",
    ChangeKind.NILLABLE: "nil",
    ChangeKind.ORDER: "order",
    ChangeKind.VALUE_TYPE: "type",
    ChangeKind.VALUES_ADDED: "new values",
    ChangeKind.VALUES_REMOVED: "values gone",
    ChangeKind.PATTERN: "form",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """`label` says in a word or two what kind of change it is; `before`, `after` as text."""

    change: Change
    label: str
    anchor: str
    before: str | None
    after: str | None


def changes_by_section(changes: tuple[Change, ...]) -> dict[str, list[ShownChange]]:
    """Return the changes under the header or the section of the record that they are in."""
    sections: dict[str, list[ShownChange]] = {}
    for change in changes:
        anchor = schema_anchor(change.path)
        before, after = _states(change)
        shown = ShownChange(
            change=change, label=_EFFECTS[change.kind], anchor=anchor, before=before, after=after
        )
        sections.setdefault(anchor.partition("/")[0], []).append(shown)
    return sections


def _states(change: Change) -> tuple[str | None, str | None]:
    """Forms are said in words, unless it is not the words in which they differ."""
    if isinstance(change.before, tuple) and isinstance(change.after, tuple):
        before, after = form_in_words(change.before), form_in_words(change.after)
        if before != after:
            return before, after
    return _state(change.before), _state(change.after)


def _state(state: str | bool | tuple[str, ...] | None) -> str | None:
    match state:
        case None:
            return None
        case bool():
            return "yes" if state else "no"
        case tuple():
            return ", ".join(each or '""' for each in state)
        case str():
            return state
