"""The schema as data: which elements stand where, what they may hold, what they mean.

libxml2 decides whether a record is valid; this model explains why not, and feeds everything that
shows the schema to people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class ElementModel:
    """`max_occurs` None means any number; `value` is None for an element that holds elements."""

    name: str
    min_occurs: int
    max_occurs: int | None
    nillable: bool
    in_any_order: bool
    documentation: str
    assumptions: tuple[str, ...]
    children: tuple["ElementModel", ...]
    value: ValueModel | None

    @property
    def repeats(self) -> bool:
        return self.max_occurs is None or self.max_occurs > 1

    def child(self, name: str) -> "ElementModel | None":
        return next((child for child in self.children if child.name == name), None)

    def walk(self, path: str = "") -> Iterator[tuple[str, "ElementModel"]]:
        """This element and all below it with their paths, in document order."""
        here = f"{path}/{self.name}"
        yield here, self
        for child in self.children:
            yield from child.walk(here)
