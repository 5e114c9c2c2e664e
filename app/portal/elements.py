"""The elements of a version as a flat list, and how many there are of what."""

from dataclasses import dataclass

from app.xsd.model import ElementModel, ValueKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementEntry:
    path: str
    model: ElementModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`required` counts elements that stand in every file: they and all above them are required."""

    elements: int
    required: int
    values: int
    lists: int
    assumptions: int


def entries_of(root: ElementModel) -> list[ElementEntry]:
    return [ElementEntry(path=path, model=model) for path, model in root.walk()]


def counts_of(root: ElementModel) -> Counts:
    models = [model for _, model in root.walk()]
    leaves = [model.value for model in models if model.value is not None]
    return Counts(
        elements=len(models),
        required=_required(root),
        values=len(leaves),
        lists=sum(value.kind is ValueKind.LIST for value in leaves),
        assumptions=sum(len(model.assumptions) for model in models),
    )


def _required(model: ElementModel) -> int:
    return 1 + sum(_required(child) for child in model.children if child.min_occurs)
