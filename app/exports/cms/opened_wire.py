"""A document for CMS as JSON: what is in it, what is not and why, what changed."""

from collections.abc import Mapping
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.cms import CmsCategory, DocumentFault, DocumentRule, LeftOut
from app.exports.cms.choosing import MEANINGS
from app.exports.cms.differences import Difference
from app.exports.cms.service import OpenedDocument
from app.exports.cms.wire import DOCUMENT_EXAMPLE, OfADocument, SentOut, told_of


class FiguresOut(BaseModel):
    """The counts of one rate as they are in the file; `stratum` empty where there is only one."""

    stratum: str
    eligible_population: int
    performance_met: int
    performance_not_met: int
    denominator_exception: int
    denominator_exclusion: int

    @classmethod
    def of(cls, rate: Mapping[str, Any]) -> Self:
        return cls(
            stratum=rate.get("stratum", ""),
            eligible_population=rate["eligiblePopulation"],
            performance_met=rate["performanceMet"],
            performance_not_met=rate["performanceNotMet"],
            denominator_exception=rate["eligiblePopulationException"],
            denominator_exclusion=rate["eligiblePopulationExclusion"],
        )


class ContentOut(BaseModel):
    """A measure or activity that is in the document."""

    category: CmsCategory
    program: str
    measure_id: str
    performance_rate: float | None = Field(description="Percent; null where CMS works it out.")
    figures: list[FiguresOut] = Field(
        description="An activity and a measure without counts have none."
    )

    @classmethod
    def of(cls, category: str, program: str, measurement: Mapping[str, Any]) -> Self:
        value = measurement["value"]
        told = value if isinstance(value, Mapping) else {}
        only = [told] if "eligiblePopulation" in told else []
        return cls(
            category=CmsCategory(category),
            program=program,
            measure_id=measurement["measureId"],
            performance_rate=told.get("performanceRate"),
            figures=[FiguresOut.of(each) for each in told.get("strata", only)],
        )


class ReasonOut(BaseModel):
    reason: str
    meaning: str


class LeftOutOut(BaseModel):
    category: CmsCategory
    measure_id: str
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, left_out: LeftOut) -> Self:
        return cls(
            category=left_out.category,
            measure_id=left_out.measure_id,
            reasons=[
                ReasonOut(reason=reason, meaning=MEANINGS[reason]) for reason in left_out.reasons
            ],
        )


class FaultOut(BaseModel):
    """`path`: a JSON path within the document."""

    model_config = ConfigDict(from_attributes=True)

    rule: DocumentRule
    path: str
    message: str
    mend: str

    @classmethod
    def of(cls, fault: DocumentFault) -> Self:
        return cls.model_validate(fault)


class ChangeOut(BaseModel):
    """A field of the document. `before` null: it was not told; `after` null: it is no more."""

    model_config = ConfigDict(from_attributes=True)

    category: CmsCategory | Literal[""] = Field(description="Empty for what is of the document.")
    program: str
    measure_id: str = Field(description="Empty for what is of the set or the document.")
    field: str
    before: bool | int | float | str | None
    after: bool | int | float | str | None

    @classmethod
    def of(cls, difference: Difference) -> Self:
        return cls.model_validate(difference)


class SinceSentOut(BaseModel):
    """What changed since the last document of the entity and year that was sent."""

    document_id: UUID
    sent: SentOut
    changes: list[ChangeOut]


class OpenedCmsDocumentOut(OfADocument):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **DOCUMENT_EXAMPLE,
                "contents": [
                    {
                        "category": "quality",
                        "program": "mips",
                        "measure_id": "404",
                        "performance_rate": None,
                        "figures": [
                            {
                                "stratum": "",
                                "eligible_population": 25,
                                "performance_met": 20,
                                "performance_not_met": 4,
                                "denominator_exception": 0,
                                "denominator_exclusion": 0,
                            }
                        ],
                    }
                ],
                "left_out": [
                    {
                        "category": "quality",
                        "measure_id": "487",
                        "reasons": [{"reason": "no_result", "meaning": MEANINGS["no_result"]}],
                    }
                ],
                "faults": [],
                "since_sent": None,
            }
        }
    )

    contents: list[ContentOut] = Field(description="In the order in which it is in the file.")
    left_out: list[LeftOutOut]
    faults: list[FaultOut]
    since_sent: SinceSentOut | None = Field(description="Null where none was sent before.")

    @classmethod
    def of(cls, opened: OpenedDocument) -> Self:
        document = opened.document
        return cls(
            **told_of(document),
            contents=_contents(opened.content),
            left_out=[LeftOutOut.of(each) for each in document.left_out],
            faults=[FaultOut.of(each) for each in document.withheld_for],
            since_sent=_since_sent(opened),
        )


def _contents(content: Mapping[str, Any]) -> list[ContentOut]:
    return [
        ContentOut.of(each["category"], each["programName"], measurement)
        for each in content["measurementSets"]
        for measurement in each["measurements"]
    ]


def _since_sent(opened: OpenedDocument) -> SinceSentOut | None:
    before = opened.sent_before
    if before is None or before.sent is None:
        return None
    return SinceSentOut(
        document_id=before.id,
        sent=SentOut.of(before.sent),
        changes=[ChangeOut.of(each) for each in opened.differences],
    )
