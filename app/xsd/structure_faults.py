"""What is wrong with the declared children of an element: missing, misplaced, repeated."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from app.domain.findings import FindingCode
from app.xsd.model import ElementModel
from app.xsd.place import Fault


class Children:
    """What stands in an element that `model` declares. `path` is that of the element.

    `known` are the children that are declared, `places` their places in the declaration.
    """

    def __init__(self, element: etree._Element, model: ElementModel, path: str) -> None:
        self.element = element
        self.model = model
        self.path = path
        self.known: list[etree._Element] = []
        self.places: list[int] = []
        self.strangers: list[etree._Element] = []
        for child in element.iterchildren(etree.Element):
            place = model.places.get(str(child.tag))
            if place is None:
                self.strangers.append(child)
            else:
                self.known.append(child)
                self.places.append(place)
        self.present = {model.children[place].name for place in self.places}

    def free(self) -> tuple[str, ...]:
        """Names of the children that could stand there still: only they can have been meant."""
        return tuple(c.name for c in self.model.children if c.repeats or c.name not in self.present)

    def each(
        self, is_on: Callable[[etree._Element], bool] = lambda _: True
    ) -> Iterator[tuple[etree._Element, ElementModel, str]]:
        """Every declared child that `is_on`, with its declaration and its path."""
        seen: dict[int, int] = {}
        for place, child in zip(self.places, self.known, strict=True):
            number = seen[place] = seen.get(place, 0) + 1
            if is_on(child):
                declared = self.model.children[place]
                yield child, declared, _child_path(self.path, declared, number)


def _child_path(path: str, declared: ElementModel, number: int) -> str:
    if declared.repeats or number > 1:
        return f"{path}/{declared.name}[{number}]"
    return f"{path}/{declared.name}"


def missing(children: Children, excused: set[str]) -> Iterator[Fault]:
    """Required children that are not there; `excused` are there under another name or place."""
    model, present = children.model, children.present
    absent = [
        child for child in model.required if child.name not in present and child.name not in excused
    ]
    if absent and not present and not excused:
        yield _missing(children, tuple(child.name for child in absent), place="")
        return
    for child in absent:
        yield _missing(children, (child.name,), place=_where(children, child))


def _missing(children: Children, names: tuple[str, ...], *, place: str) -> Fault:
    words = {"parent": children.model.name, "elements": _listed(names), "place": place}
    return Fault(
        FindingCode.MISSING_ELEMENT, children.element, children.path, words=words, expected=names
    )


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def misplaced(children: Children) -> Iterator[Fault]:
    """The fewest children that have to move so that all stand in order."""
    if children.model.in_any_order or children.places == sorted(children.places):
        return
    in_order = _longest_ordered(children.places)
    seen: set[str] = set()
    for position, (child, declared, path) in enumerate(children.each()):
        if position not in in_order:
            # Where one of its name stands before it, both belong together.
            place = _where(children, declared, has_others=declared.name in seen)
            yield Fault(
                FindingCode.WRONG_ORDER,
                child,
                path,
                words={"element": declared.name, "place": place},
                expected=tuple(each.name for each in children.model.children),
            )
        seen.add(declared.name)


def _longest_ordered(places: list[int]) -> set[int]:
    """Positions of a longest run of `places` that never falls; the others are out of order."""
    lowest_ends: list[int] = []  # the lowest place on which a run of each length can end
    end_positions: list[int] = []
    before: list[int | None] = []
    for position, place in enumerate(places):
        length = bisect_right(lowest_ends, place)
        before.append(end_positions[length - 1] if length else None)
        lowest_ends[length : length + 1] = [place]
        end_positions[length : length + 1] = [position]
    run: set[int] = set()
    at = end_positions[-1] if end_positions else None
    while at is not None:
        run.add(at)
        at = before[at]
    return run


def _where(children: Children, child: ElementModel, *, has_others: bool = False) -> str:
    """Where `child` belongs among the siblings that are there, when that matters."""
    model = children.model
    if model.in_any_order:
        return ""
    if has_others:
        return f": it comes right after the other {child.name}"
    index = model.places[child.name]
    before = [each.name for each in model.children[:index] if each.name in children.present]
    after = [each.name for each in model.children[index + 1 :] if each.name in children.present]
    if before:
        return f": it comes after {before[-1]}"
    return f": it comes before {after[0]}" if after else ""


def repeated(children: Children) -> Iterator[Fault]:
    if len(children.present) == len(children.known):
        return
    seen: Counter[int] = Counter()
    for place, child in zip(children.places, children.known, strict=True):
        seen[place] += 1
        declared = children.model.children[place]
        if declared.max_occurs is not None and seen[place] > declared.max_occurs:
            yield Fault(
                FindingCode.REPEATED_ELEMENT,
                child,
                f"{children.path}/{declared.name}[{seen[place]}]",
                words={"element": declared.name, "parent": children.model.name},
            )
