"""What rules ask of every record and a case does not hold."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from lxml import etree

from app.domain.clock import zone_of

TIMES: Final = (
    "AdmissionDate",
    "AnesthesiaEndTime",
    "AnesthesiaInductionStartTime",
    "AnesthesiaStartTime",
    "DoseEnd",
    "DoseStart",
    "ICEventTimeDate",
    "LabDateTime",
    "MonitoringTime",
    "OutcomeTimeStamp",
    "OutputEndDateTime",
    "OutputStartDateTime",
    "PostOpDischargeDateTime",
    "PostOpDispDateTime",
    "ProcEndTime",
    "ProcStartTime",
    "StaffSignIn",
    "StaffSignOut",
    "TMEndTime",
    "TMStartTime",
)
# A monitor writes dozens of times, all alike, and no rule compares them: the first is enough.
_REPEATED: Final = "MonitoringTime"
_SECONDS_END: Final = len("2020-03-01T07:30:00")
_MEASURES: Final = ("Weight", "Height")
_NAMES: Final = (*_MEASURES, *(name for name in TIMES if name != _REPEATED))

Undecoded = Mapping[str, Sequence[etree._Element]]
WrittenTimes = Mapping[str, Sequence[str]]


def undecoded_elements(record: etree._Element) -> tuple[Undecoded, WrittenTimes]:
    """Return elements by their names, in the order of the record, and so the texts of the times.

    One walk for all of them: finding a single child by its name costs lxml a tenth of it.
    """
    elements: defaultdict[str, list[etree._Element]] = defaultdict(list)
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for element in record.iter(*_NAMES):
        name = str(element.tag)
        elements[name].append(element)
        if name not in _MEASURES:
            texts[name].append(element.text or "")
    return elements, texts


def zones_in(record: etree._Element, times: WrittenTimes) -> frozenset[str | None]:
    """Return the zones that the times of a record carry; None stands for a time without one.

    Of the times of a monitor the first is looked at.
    """
    # A zone stands behind the seconds: of all texts that end alike from there, one is looked at.
    ends = {text[_SECONDS_END:]: text for texts in times.values() for text in texts if text}
    monitored = next(record.iter(_REPEATED), None)
    if monitored is not None and monitored.text:
        ends[monitored.text[_SECONDS_END:]] = monitored.text
    return frozenset(zone_of(text) for text in ends.values())
