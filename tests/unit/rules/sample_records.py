"""A record in a few words, and what the rules say of it: what a test does not name is sound."""

import re
from datetime import date
from functools import cache

from lxml import etree

from app.checking.decode import decode_case
from app.checking.standards import load_standards
from app.domain.finding_catalogue import message_of
from app.domain.findings import FindingCode
from app.rules.definition import RecordFacts, Remark, VersionYears
from app.rules.rule_book import RuleBook
from app.xsd.samples import sample_case_file

YEARS = VersionYears(first=2020, last=2021, lenient_until=date(2022, 4, 4))
TODAY = date(2021, 6, 1)

_STANDARDS = load_standards()


@cache
def sample_record() -> str:
    """The first record of the full sample of 2020V1.0: 1 March 2020, 07:30 to 09:30, age 46."""
    case_file = sample_case_file(_STANDARDS.schemas.get("2020V1.0"))
    record = etree.fromstring(case_file).find("AnesthesiaRecord")
    assert record is not None
    return re.sub(r">\s+<", "><", etree.tostring(record, encoding="unicode")).strip()


def a_record(**values: str | None) -> str:
    """The sample record with each first element of these names given this text; None: left out."""
    return changed(sample_record(), **values)


def sized(**values: str | None) -> str:
    """The sample record without weight and height but for those that are given."""
    none: dict[str, str | None] = dict.fromkeys(("Weight", "WeightInKg", "Height", "HeightInCm"))
    return a_record(**none | values)


def changed(xml: str, **values: str | None) -> str:
    for name, value in values.items():
        instead = "" if value is None else f"<{name}>{value}</{name}>"
        xml, found = re.subn(rf"<{name}>.*?</{name}>|<{name}/>", instead, xml, count=1)
        assert found, f"{name} is in the sample"
    return xml


def with_staff(xml: str, *members: str) -> str:
    """`xml` with this staff: "Surgeon", "Anesthesiologist 1234567893 07:30-08:15 as Supervisory".

    An NPI that is not given is another one for each member.
    """
    return changed(xml, AnesthesiaStaffSet="".join(map(_member, members, _NPIS)))


_NPIS = ("1234567893", "1987654328", "1245319599", "1679576722")
_MEMBER = re.compile(
    r"(?P<credentials>\D+?)(?: (?P<npi>\d{10}))?(?: (?P<sign_in>\d\d:\d\d))?"
    r"(?:-(?P<sign_out>\d\d:\d\d))?(?: as (?P<as>.+))?"
)


def _member(text: str, npi: str) -> str:
    words = _MEMBER.fullmatch(text)
    assert words is not None
    responsibility, sign_in, sign_out = words["as"], words["sign_in"], words["sign_out"]
    return "".join(
        [
            f"<AnesthesiaStaff><TaxID>010234567</TaxID><NPI>{words['npi'] or npi}</NPI>",
            f"<StaffResponsibility>{responsibility}</StaffResponsibility>"
            if responsibility
            else "",
            f"<ProviderCredentials>{words['credentials']}</ProviderCredentials>",
            f"<StaffSignIn>2020-03-01T{sign_in}:00.000</StaffSignIn>" if sign_in else "",
            f"<StaffSignOut>2020-03-01T{sign_out}:00.000</StaffSignOut>" if sign_out else "",
            "</AnesthesiaStaff>",
        ]
    )


def facts_of(xml: str, *, years: VersionYears = YEARS, day: date = TODAY) -> RecordFacts:
    record = etree.fromstring(xml)
    return RecordFacts(
        case=decode_case(record),
        record=record,
        years=years,
        day=day,
        measures=_STANDARDS.rules.measures,
    )


def remarks_of(
    xml: str, *, years: VersionYears = YEARS, day: date = TODAY, book: RuleBook | None = None
) -> list[tuple[FindingCode, Remark]]:
    """What all rules say of the record, as they are shipped if no `book` is given."""
    found = (book or _STANDARDS.rules).remarks(facts_of(xml, years=years, day=day))
    return [(rule.code, remark) for rule, remark in found]


def codes_of(
    xml: str, *, years: VersionYears = YEARS, day: date = TODAY, book: RuleBook | None = None
) -> list[str]:
    return [code.value for code, _ in remarks_of(xml, years=years, day=day, book=book)]


def message_for(xml: str) -> str:
    """The message of the only remark about `xml`."""
    [(code, remark)] = remarks_of(xml)
    return message_of(code, remark.message, **remark.words)


def place_of(xml: str) -> str:
    [(_, remark)] = remarks_of(xml)
    return remark.at
