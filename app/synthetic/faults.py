"""Known faults to plant in generated records, each with the finding that it must give.

A fault changes one thing in the text of a record and leaves the rest alone. All of them touch
elements that every generated record has, in every version.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.findings import FindingCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    name: str
    expected: FindingCode
    plant: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedFault:
    """`record` counts from 1 in the case file."""

    record: int
    anesthesia_record_id: str
    name: str
    expected: FindingCode


def _value(element: str, value: str) -> Callable[[str], str]:
    """Return a fault that gives the first `element` another value."""
    found = re.compile(f"<{element}>[^<]*</{element}>")
    return lambda record: found.sub(f"<{element}>{value}</{element}>", record, count=1)


def _start_tag(element: str, tag: str) -> Callable[[str], str]:
    """Return a fault that replaces the first start tag of `element`."""
    return lambda record: record.replace(f"<{element}>", tag, 1)


def _end_tag(element: str, tag: str) -> Callable[[str], str]:
    return lambda record: record.replace(f"</{element}>", tag, 1)


def _line(element: str, replacement: str) -> Callable[[str], str]:
    r"""Return a fault that puts `replacement` in the place of the first line with `element`.

    `\g<0>` in it stands for the line itself.
    """
    found = re.compile(f" *<{element}>[^<]*</{element}>\n")
    return lambda record: found.sub(replacement, record, count=1)


_SEX_LINE = re.compile(r" *<PatientSex>[^<]*</PatientSex>\n")


def _sex_before_everything(record: str) -> str:
    sex = _SEX_LINE.search(record)
    assert sex is not None
    without = record[: sex.start()] + record[sex.end() :]
    return without.replace("    <Demographic>\n", f"    <Demographic>\n{sex.group()}", 1)


FAULTS = (
    Fault(
        name="sex not in the list",
        expected=FindingCode.NOT_IN_LIST,
        plant=_value("PatientSex", "F"),
    ),
    Fault(
        name="ASA class as a number",
        expected=FindingCode.NOT_IN_LIST,
        plant=_value("ASAClass", "3"),
    ),
    Fault(
        name="payment not in the list",
        expected=FindingCode.NOT_IN_LIST,
        plant=_value("PaymentCode", "Medicare"),
    ),
    Fault(
        name="ASA class missing",
        expected=FindingCode.MISSING_ELEMENT,
        plant=_line("ASAClass", ""),
    ),
    Fault(
        name="anesthesia start missing",
        expected=FindingCode.MISSING_ELEMENT,
        plant=_line("AnesthesiaStartTime", ""),
    ),
    Fault(
        name="element of no schema",
        expected=FindingCode.UNEXPECTED_ELEMENT,
        plant=_line("PatientSex", r"\g<0>      <Insurance>none</Insurance>" + "\n"),
    ),
    Fault(
        name="sex before the patient id",
        expected=FindingCode.WRONG_ORDER,
        plant=_sex_before_everything,
    ),
    Fault(
        name="ASA class twice",
        expected=FindingCode.REPEATED_ELEMENT,
        plant=_line("ASAClass", r"\g<0>\g<0>"),
    ),
    Fault(
        name="NPI of nine digits",
        expected=FindingCode.PATTERN,
        plant=_value("NPI", "123456789"),
    ),
    Fault(
        name="TIN with a hyphen",
        expected=FindingCode.PATTERN,
        plant=_value("TaxID", "89-1234567"),
    ),
    Fault(
        name="diagnosis without its point",
        expected=FindingCode.PATTERN,
        plant=_value("ICDValue", "M1711"),
    ),
    Fault(
        name="age in words",
        expected=FindingCode.NUMBER,
        plant=_value("Age", "forty"),
    ),
    Fault(
        name="age with a fraction",
        expected=FindingCode.NUMBER,
        plant=_value("Age", "40.5"),
    ),
    Fault(
        name="day that no calendar has",
        expected=FindingCode.DATE_TIME,
        plant=_value("AnesthesiaStartTime", "2020-02-30T07:30:00.000"),
    ),
    Fault(
        name="time written the American way",
        expected=FindingCode.DATE_TIME,
        plant=_value("AnesthesiaEndTime", "03/01/2020 09:30"),
    ),
    Fault(
        name="sex left empty",
        expected=FindingCode.EMPTY_ELEMENT,
        plant=_value("PatientSex", ""),
    ),
    Fault(
        name="text between elements",
        expected=FindingCode.STRAY_TEXT,
        plant=_start_tag("PreOp", "<PreOp>see chart"),
    ),
    Fault(
        name="attribute",
        expected=FindingCode.ATTRIBUTE,
        plant=_start_tag("PreOp", '<PreOp verified="yes">'),
    ),
    Fault(
        name="element in a namespace",
        expected=FindingCode.NAMESPACE,
        plant=_start_tag("PatientSex", '<PatientSex xmlns="urn:example:other">'),
    ),
    Fault(
        name="outcome answered yes",
        expected=FindingCode.BOOLEAN,
        plant=_value("OutcomeOccurred", "yes"),
    ),
    Fault(
        name="element inside a value",
        expected=FindingCode.CHILD_IN_VALUE,
        plant=_value("Age", "<Years>40</Years>"),
    ),
    Fault(
        name="end tag of another element",
        expected=FindingCode.RECORD_MALFORMED,
        plant=_end_tag("PatientSex", "</Sex>"),
    ),
    Fault(
        name="bare ampersand",
        expected=FindingCode.RECORD_MALFORMED,
        plant=_value("FacilityID", "H & C"),
    ),
)
