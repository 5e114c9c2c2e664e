"""Case files in a few words: what a test does not name is filled in, valid and dull."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

TIN, OTHER_TIN = "891234567", "897654321"
NPI, OTHER_NPI = "1234567893", "1987654328"
VERSION = "2023V1.0"

# Where each optional field stands. A value is text, escaped here; order is that of the schema.
_DEMOGRAPHIC = ("PatientID", "DOB", "HomeZip", "HomeState", "HomeCity", "Race")
_POSTOP = ("PostOpDisposition", "PostOpDischarge", "LengthOfHospitalStay")


def a_record(
    record_id: str = "A-1",
    *,
    start: str = "2024-03-01T07:30:00",
    end: str = "2024-03-01T09:30:00",
    staff: Iterable[tuple[str, str]] = ((TIN, NPI),),
    sex: str = "Female",
    age: str = "46",
    facility: str = "F-01",
    anesthesia_codes: Iterable[str] = ("00790",),
    procedure_codes: Iterable[str] = ("47562",),
    quality: Iterable[tuple[str, str]] = (),
    weight_kg: str | None = None,
    procedure_id: str | None = None,
    notes: str | None = None,
    more: Mapping[str, str] | None = None,
) -> str:
    """Return one AnesthesiaRecord. `staff` is (TIN, NPI); `quality` is (measure, code).

    `more` are further elements by their names, of the sections Demographic and PostOp.
    """
    given = more or {}
    return f"""\
  <AnesthesiaRecord>
    <Demographic>{_elements(given, _DEMOGRAPHIC)}{_element("PatientSex", sex)}</Demographic>
    <Procedure>
      {_element("ProcedureID", procedure_id)}{_element("FacilityID", facility)}
      <ProcStatus>Elective</ProcStatus>{_element("ProcedureNotes", notes)}
      {_procedure_codes(procedure_codes)}
    </Procedure>
    <AnesthesiaCase>
      {_element("AnesthesiaRecordID", record_id)}
      <AnesthesiaStaffSet>{"".join(_staff(tin, npi) for tin, npi in staff)}</AnesthesiaStaffSet>
      <AnesthesiaMethodSet>
        <AnesthesiaMethod>
          <AnesthesiaCategory>General Anesthesia</AnesthesiaCategory>
          {_element("AnesthesiaStartTime", start)}
          {_element("AnesthesiaEndTime", end)}
        </AnesthesiaMethod>
      </AnesthesiaMethodSet>{_anesthesia_codes(anesthesia_codes)}
    </AnesthesiaCase>
    <PreOp>
      {_element("Age", age)}{_element("WeightInKg", weight_kg)}
      <ASAClass>II</ASAClass>
    </PreOp>
    <IntraOp/>
    <PostOp>
      {_elements(given, _POSTOP)}
      <PaymentMethod><PaymentCode>Commercial</PaymentCode></PaymentMethod>
    </PostOp>{_quality(quality)}
  </AnesthesiaRecord>
"""


def records(*record_ids: str) -> str:
    return "".join(a_record(record_id) for record_id in record_ids)


def a_case_file(
    *parts: str, practice_id: str = "12345", version: str = VERSION, declarations: str = ""
) -> bytes:
    """Return a case file that holds `parts`, without any the record A-1.

    `declarations` are attributes of the root, as for a namespace.
    """
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<AnesthesiaRecords{declarations}>
  <RecordHeader>
    <PracticeID>{practice_id}</PracticeID>
    <CreatedBy>Made-up data</CreatedBy>
    <CreateDate>2024-04-15T12:00:00</CreateDate>
    <EmailSet>
      <EmailNotificationSet>
        <EmailNotificationFirstName>Robin</EmailNotificationFirstName>
        <EmailNotificationLastName>Example</EmailNotificationLastName>
        <EmailNotificationAddress>robin@example.org</EmailNotificationAddress>
      </EmailNotificationSet>
    </EmailSet>
    <AQIXMLVersion>{version}</AQIXMLVersion>
  </RecordHeader>
{"".join(parts or (a_record(),))}</AnesthesiaRecords>
""".encode()


def _element(name: str, value: str | None) -> str:
    return "" if value is None else f"<{name}>{escape(value)}</{name}>"


def _elements(given: Mapping[str, str], names: Iterable[str]) -> str:
    return "".join(_element(name, given.get(name)) for name in names)


def _staff(tin: str, npi: str) -> str:
    return (
        f"<AnesthesiaStaff><TaxID>{tin}</TaxID><NPI>{npi}</NPI>"
        "<ProviderCredentials>Anesthesiologist</ProviderCredentials></AnesthesiaStaff>"
    )


def _procedure_codes(codes: Iterable[str]) -> str:
    each = "".join(f"<CPT><CPTValue>{code}</CPTValue></CPT>" for code in codes)
    return f"<CPTSet>{each}</CPTSet>" if each else ""


def _anesthesia_codes(codes: Iterable[str]) -> str:
    each = "".join(f"<CPTAnes><CPTAnesValue>{code}</CPTAnesValue></CPTAnes>" for code in codes)
    return f"<CPTAnesSet>{each}</CPTAnesSet>" if each else ""


def _quality(entries: Iterable[tuple[str, str]]) -> str:
    each = "".join(
        f"<QCDR><QCDRMeasure>{measure}</QCDRMeasure><QCDRCodeValue>{code}</QCDRCodeValue></QCDR>"
        for measure, code in entries
    )
    return f"<OutcomesEvents><QCDRSet>{each}</QCDRSet></OutcomesEvents>" if each else ""
