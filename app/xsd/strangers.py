"""What a child is that its parent does not declare: misspelt, astray, unwrapped, or unknown."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from app.domain.findings import FindingCode
from app.xsd.model import ElementModel
from app.xsd.names import OtherVersion
from app.xsd.place import Fault
from app.xsd.structure_faults import Children
from app.xsd.suggestions import closest_element
from app.xsd.texts import text_of

Elsewhere = Callable[[str], OtherVersion | None]
"""Which other version has an element of this name."""


def nowhere_else(_: str) -> None:
    """For a schema that is held against nothing but itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A child without declaration.

    `fault` is None when that of a sibling before tells of this one, too. `meant` is what it was
    probably to be. `homes` are the places where one of that name belongs, as paths below the root;
    `stands_for` is the child of its parent in whose place it stands.
    """

    element: etree._Element
    path: str
    fault: Fault | None
    meant: ElementModel | None = None
    homes: tuple[str, ...] = ()
    stands_for: str | None = None


def strangers(
    children: Children, root: ElementModel, elsewhere: Elsewhere = nowhere_else
) -> Iterator[Stranger]:
    """Tell of every child that is not declared. `root` is the model of the record or header."""
    seen: Counter[str] = Counter()
    names = [etree.QName(child).localname for child in children.strangers]
    count = Counter(names)
    free = children.free()
    told: set[str] = set()
    for child, name in zip(children.strangers, names, strict=True):
        seen[name] += 1
        number = f"[{seen[name]}]" if count[name] > 1 else ""
        found = _Found(children, child, name, f"{children.path}/{name}{number}")
        stranger = (
            found.in_a_namespace()
            or found.as_nested(root)
            or found.as_unwrapped(told)
            or found.as_astray(root)
            or found.as_of_another_version(elsewhere, free)
            or found.as_misspelt(free)
            or found.as_unknown(root)
        )
        if stranger.stands_for:
            free = tuple(
                each
                for each in free
                if each != stranger.stands_for or _may_repeat(children.model, each)
            )
        yield stranger


def _may_repeat(model: ElementModel, name: str) -> bool:
    child = model.child(name)
    return child is not None and child.repeats


@dataclass(frozen=True, slots=True)
class _Found:
    children: Children
    element: etree._Element
    name: str
    path: str

    def in_a_namespace(self) -> Stranger | None:
        if not etree.QName(self.element).namespace:
            return None
        words = {"parent": self.children.model.name}
        fault = Fault(FindingCode.NAMESPACE, self.element, self.children.path, "child", words)
        return Stranger(element=self.element, path=self.path, fault=fault, stands_for=self.name)

    def as_nested(self, root: ElementModel) -> Stranger | None:
        """A record in a record: what it holds is not missing in the outer one, too."""
        if self.name != root.name:
            return None
        fault = self._fault("nested", element=self.name)
        held = tuple(name for name in root.places if self._holds(name))
        return self._stranger(fault, meant=root, homes=held)

    def _holds(self, name: str) -> bool:
        return next(self.element.iterchildren(name), None) is not None

    def as_unwrapped(self, told: set[str]) -> Stranger | None:
        """Its place is further down: the element around it is missing. Told once for each such."""
        places = self.children.model.below.get(self.name, ())
        if len(places) != 1:
            return None
        path, meant = places[0]
        wrapper = path.rpartition("/")[0]
        fault = self._fault("unwrapped", element=self.name, wrapper=wrapper)
        stranger = self._stranger(
            None if wrapper in told else fault, meant=meant, stands_for=wrapper.partition("/")[0]
        )
        told.add(wrapper)
        return stranger

    def as_astray(self, root: ElementModel) -> Stranger | None:
        """Its one place is in another part of the record."""
        places = root.below.get(self.name, ())
        if len(places) != 1:
            return None
        path, meant = places[0]
        home = path.rpartition("/")[0] or root.name
        fault = self._fault("astray", element=self.name, home=home)
        return self._stranger(fault, meant=meant, homes=(path,))

    def as_of_another_version(self, elsewhere: Elsewhere, free: tuple[str, ...]) -> Stranger | None:
        """A version that spells an element in another way has none of the spelling here."""
        other = elsewhere(self.name)
        if other is None or (closest_element(self.name, free) or self.name) not in other.names:
            return None
        variant = "newer" if other.is_newer else "older"
        return self._stranger(self._fault(variant, element=self.name, version=other.id))

    def as_misspelt(self, free: tuple[str, ...]) -> Stranger | None:
        name = closest_element(self.name, free) or self._name_of_the_gap()
        if name is None:
            return None
        fault = self._fault("misspelt", suggestion=name)
        return self._stranger(fault, meant=self.children.model.child(name), stands_for=name)

    def _name_of_the_gap(self) -> str | None:
        """The one child that is missing, when the only stranger is like it and in its place."""
        children = self.children
        model = children.model
        absent = [each for each in model.required if each.name not in children.present]
        if len(children.strangers) > 1 or len(absent) != 1 or model.in_any_order:
            return None
        before = sum(1 for _ in self.element.itersiblings(*model.places, preceding=True))
        place = model.places[absent[0].name]
        is_in_gap = all(
            (known < place) == (position < before) for position, known in enumerate(children.places)
        )
        return absent[0].name if is_in_gap and _is_like(self.element, absent[0]) else None

    def as_unknown(self, root: ElementModel) -> Stranger:
        homes = tuple(path for path, _ in root.below.get(self.name, ()))
        return self._stranger(self._fault("unknown"), homes=homes)

    def _stranger(
        self,
        fault: Fault | None,
        *,
        meant: ElementModel | None = None,
        homes: tuple[str, ...] = (),
        stands_for: str | None = None,
    ) -> Stranger:
        return Stranger(
            element=self.element,
            path=self.path,
            fault=fault,
            meant=meant,
            homes=homes,
            stands_for=stands_for,
        )

    def _fault(self, variant: str, *, suggestion: str | None = None, **words: str) -> Fault:
        model = self.children.model
        return Fault(
            FindingCode.UNEXPECTED_ELEMENT,
            self.element,
            self.path,
            variant,
            {"parent": model.name, "suggestion": suggestion, **words},
            tuple(each.name for each in model.children),
            suggestion,
        )


def _is_like(element: etree._Element, model: ElementModel) -> bool:
    """Whether `element` holds what `model` may hold: a value of its kind, or one of its parts."""
    if model.value is not None:
        return not len(element) and model.value.accepts(text_of(element))
    return any(child.tag in model.places for child in element)
