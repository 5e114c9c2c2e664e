"""Reads generated records back, by the element names of the case file."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from lxml import etree

from app.synthetic.generate import GenerationPlan, generate_records, generate_start
from app.synthetic.writer import CASE_FILE_END

SCHEMAS = Path(__file__).parents[3] / "schemas" / "xsd"


def records_of(plan: GenerationPlan) -> list[etree._Element]:
    return [etree.fromstring(record.xml) for record in generate_records(plan)]


@cache
def schema_of(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=SCHEMAS / version / "AnesthesiaRecords.xsd")


def schema_faults(data: bytes, version: str) -> list[str]:
    schema = schema_of(version)
    schema.validate(etree.fromstring(data))
    return [f"line {error.line}: {error.message}" for error in schema.error_log]


def is_valid_alone(record: bytes, plan: GenerationPlan) -> bool:
    """Tell whether a file that holds only this record is well-formed and follows its schema."""
    try:
        return not schema_faults(
            generate_start(plan) + record + CASE_FILE_END.encode(), plan.version
        )
    except etree.XMLSyntaxError:
        return False


def text(record: etree._Element, path: str) -> str:
    found = record.findtext(path)
    assert found is not None, path
    return found


def texts(record: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in record.iterfind(path)]


def moment(record: etree._Element, path: str) -> datetime:
    return datetime.fromisoformat(text(record, path))


def day(record: etree._Element, path: str) -> date:
    return date.fromisoformat(text(record, path))


def codes(record: etree._Element, measure: str) -> set[str]:
    return {
        text(entry, "QCDRCodeValue")
        for entry in record.iterfind("OutcomesEvents/QCDRSet/QCDR")
        if text(entry, "QCDRMeasure") == measure
    }
