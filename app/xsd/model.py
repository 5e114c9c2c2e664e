"""The schema as data: which elements stand where, what they may hold, what they mean.

libxml2 decides whether a record is valid; this model explains why not, and feeds everything that
shows the schema to people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class ValueKind(StrEnum):
    LIST = "list"
    PATTERN = "pattern"
    NUMBER = "number"
    DATE_TIME = "date_time"
    BOOLEAN = "boolean"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ValueModel:
    """What a leaf may hold. `allowed` maps each value of a closed list to its meaning."""

    kind: ValueKind
    type_name: str
    base: str
    allowed: dict[str, str] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()
    accepts: Callable[[str], bool] = field(default=lambda _: True, repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class ElementModel:
    """`max_occurs` None means any number; `value` is None for an element that holds elements.

    `places` gives the place of every child in `children`, by its name.
    """

    name: str
    min_occurs: int
    max_occurs: int | None
    nillable: bool
    in_any_order: bool
    documentation: str
    assumptions: tuple[str, ...]
    children: tuple["ElementModel", ...]
    value: ValueModel | None
    places: dict[str, int] = field(init=False, repr=False)
    required: tuple["ElementModel", ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        places = {child.name: place for place, child in enumerate(self.children)}
        required = tuple(child for child in self.children if child.min_occurs)
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "required", required)

    @property
    def repeats(self) -> bool:
        return self.max_occurs is None or self.max_occurs > 1

    @cached_property
    def below(self) -> dict[str, list[tuple[str, "ElementModel"]]]:
        """Everything below, by name: the path from here, and the declaration."""
        found: dict[str, list[tuple[str, ElementModel]]] = {}
        for child in self.children:
            for path, model in child.walk():
                found.setdefault(model.name, []).append((path.removeprefix("/"), model))
        return found

    def child(self, name: str) -> "ElementModel | None":
        place = self.places.get(name)
        return None if place is None else self.children[place]

    def walk(self, path: str = "") -> Iterator[tuple[str, "ElementModel"]]:
        """This element and all below it with their paths, in document order."""
        here = f"{path}/{self.name}"
        yield here, self
        for child in self.children:
            yield from child.walk(here)
