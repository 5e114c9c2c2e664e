"""What rules ask of every record and a case does not hold."""

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
_READ: Final = tuple(name for name in TIMES if name != _REPEATED)
_NAMES: Final = ("Weight", "Height", *_READ)

Undecoded = Mapping[str, Sequence[etree._Element]]
WrittenTimes = Mapping[str, Sequence[str]]


def undecoded_elements(record: etree._Element) -> Undecoded:
    """Return the elements by their names, in the order of the record.

    One walk for all of them: finding a single child by its name costs lxml a tenth of it.
    """
    found: dict[str, list[etree._Element]] = {}
    for element in record.iter(*_NAMES):
        found.setdefault(str(element.tag), []).append(element)
    return found


def written_times(undecoded: Undecoded) -> WrittenTimes:
    """Return the texts of the times in `undecoded`, by name and in the same order.

    Read once, for asking an element for its text costs more than to compare it.
    """
    return {name: [each.text or "" for each in undecoded.get(name, ())] for name in _READ}


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
