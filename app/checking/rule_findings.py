"""Holds the rules beyond the schema against a record, and says what they find."""

from collections.abc import Iterator
from datetime import date

from lxml import etree

from app.checking.locating import RecordMap
from app.domain.cases import AnesthesiaCase
from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, Scope
from app.rules.definition import RecordFacts, Remark, Rule, VersionYears
from app.rules.rule_book import RuleBook
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion
from app.xsd.prolog import RECORD
from app.xsd.reads import RecordRead


class RecordRules:
    """The rules for the records of one file: `version` is that of the file, `day` is today."""

    def __init__(
        self, rules: RuleBook, version: SchemaVersion, catalogue: SchemaCatalogue, day: date
    ) -> None:
        self._rules = rules
        self._version = version
        self._years = _years_of(version, catalogue, day)
        self._day = day

    def findings(
        self, read: RecordRead, element: etree._Element, case: AnesthesiaCase
    ) -> tuple[Finding, ...]:
        facts = RecordFacts(
            case=case,
            record=element,
            years=self._years,
            day=self._day,
            measures=self._rules.measures,
        )
        remarks = list(self._rules.remarks(facts))
        return tuple(self._said(remarks, read)) if remarks else ()

    def _said(self, remarks: list[tuple[Rule, Remark]], read: RecordRead) -> Iterator[Finding]:
        model = self._version.model.child(RECORD)
        assert model is not None, "the schema declares the record"
        places = RecordMap(read, model)
        for rule, remark in remarks:
            place = places.find(remark.at)
            yield Finding(
                code=rule.code,
                severity=remark.severity or rule.severity,
                scope=Scope.RECORD,
                record=read.number,
                anesthesia_record_id=read.anesthesia_record_id,
                path=place.path,
                line=place.line,
                missing=place.missing,
                message=message_of(rule.code, remark.message, **remark.words),
                expected=remark.expected,
                suggestion=remark.suggestion,
            )


def _years_of(version: SchemaVersion, catalogue: SchemaCatalogue, day: date) -> VersionYears:
    newer = [each for each in catalogue.versions() if each.year > version.year]
    if not newer:
        return VersionYears(first=version.year, last=None, lenient_until=None)
    successor = min(newer, key=lambda each: each.year)
    return VersionYears(
        first=version.year,
        last=successor.year - 1,
        lenient_until=successor.required_from,
        is_closed=not version.accepts_on(day),
    )
