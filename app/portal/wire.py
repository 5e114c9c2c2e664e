"""The versions of the schema as JSON."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from app.portal.elements import Counts, ElementEntry
from app.xsd.catalogue import SchemaVersion
from app.xsd.changes import Change, ChangeKind
from app.xsd.model import ValueKind, ValueModel

Order = Literal["strict", "any"]


class SchemaLinks(BaseModel):
    self: str
    xsd: str
    sample: str


class SchemaVersionOut(BaseModel):
    id: str = Field(description="As it stands in AQIXMLVersion.")
    year: int
    order: Order = Field(description="Whether the sections of a record stand in a fixed order.")
    status: Literal["open", "closed"] = Field(
        description="Whether files of this version may be submitted on the day `as_of`."
    )
    as_of: date
    accepted_from: date | None = Field(description="First day of submission.")
    accepted_from_assumed: bool = Field(description="True when no source gives that day.")
    accepted_until: date | None = Field(description="Last day of submission; null: no end is set.")
    accepted_until_assumed: bool = Field(description="True when no source gives that day.")
    required_from: date | None = Field(description="First day on which AQI took no older version.")
    required_from_assumed: bool = Field(description="True when no source gives that day.")
    notes: list[str] = Field(description="What is assumed about the version.")
    source: str
    links: SchemaLinks

    @classmethod
    def of(cls, version: SchemaVersion, *, day: date, service_url: str) -> "SchemaVersionOut":
        return cls(
            id=version.id,
            year=version.year,
            order="any" if version.any_order else "strict",
            status="open" if version.accepts_on(day) else "closed",
            as_of=day,
            accepted_from=version.accepted_from,
            accepted_from_assumed=version.accepted_from_assumed,
            accepted_until=version.accepted_until,
            accepted_until_assumed=version.accepted_until_assumed,
            required_from=version.required_from,
            required_from_assumed=version.required_from_assumed,
            notes=list(version.notes),
            source=version.source,
            links=_links(version, service_url),
        )


class SchemaVersionsOut(BaseModel):
    items: list[SchemaVersionOut] = Field(description="All versions, oldest first.")
    next_cursor: None = None


class ListedValueOut(BaseModel):
    value: str
    meaning: str


class ElementOut(BaseModel):
    path: str
    min_occurs: int
    max_occurs: int | None = Field(description="Null: any number.")
    nillable: bool
    documentation: str
    assumptions: list[str] = Field(description="What no public source says and is ours.")
    kind: ValueKind | None = Field(description="Null for an element that holds elements.")
    base: str | None = Field(description="Built-in type of XML Schema below the value.")
    values: list[ListedValueOut] = Field(description="The closed list, when there is one.")
    patterns: list[str] = Field(description="Forms of which the value must have one.")

    @classmethod
    def of(cls, entry: ElementEntry) -> "ElementOut":
        model = entry.model
        value = model.value
        return cls(
            path=entry.path,
            min_occurs=model.min_occurs,
            max_occurs=model.max_occurs,
            nillable=model.nillable,
            documentation=model.documentation,
            assumptions=list(model.assumptions),
            kind=value.kind if value else None,
            base=value.base if value else None,
            values=_listed(value),
            patterns=list(value.patterns) if value else [],
        )


class CountsOut(BaseModel):
    elements: int
    required: int = Field(description="Elements that every file has, the root among them.")
    values: int = Field(description="Elements that hold a value.")
    lists: int = Field(description="Elements whose value comes from a closed list.")
    assumptions: int

    @classmethod
    def of(cls, counts: Counts) -> "CountsOut":
        return cls(
            elements=counts.elements,
            required=counts.required,
            values=counts.values,
            lists=counts.lists,
            assumptions=counts.assumptions,
        )


class SchemaVersionDetailOut(SchemaVersionOut):
    counts: CountsOut
    elements: list[ElementOut] = Field(description="In document order, the root first.")


class ChangeOut(BaseModel):
    path: str
    kind: ChangeKind
    before: str | bool | list[str] | None
    after: str | bool | list[str] | None
    message: str

    @classmethod
    def of(cls, change: Change) -> "ChangeOut":
        return cls(
            path=change.path,
            kind=change.kind,
            before=_as_json(change.before),
            after=_as_json(change.after),
            message=change.message,
        )


class SchemaChangesOut(BaseModel):
    version: str
    since: str
    items: list[ChangeOut]
    next_cursor: None = None


def _links(version: SchemaVersion, service_url: str) -> SchemaLinks:
    own = f"{service_url}/v1/schemas/{version.id}"
    return SchemaLinks(self=own, xsd=f"{own}.xsd", sample=f"{own}/sample.xml")


def _listed(value: ValueModel | None) -> list[ListedValueOut]:
    allowed = value.allowed if value else {}
    return [ListedValueOut(value=each, meaning=meaning) for each, meaning in allowed.items()]


def _as_json(state: str | bool | tuple[str, ...] | None) -> str | bool | list[str] | None:
    return list(state) if isinstance(state, tuple) else state
