"""A case file as text: header, records, end. UTF-8, pretty-printed, two spaces a level."""

from collections.abc import Callable

from app.synthetic.aftercare_sections import outcomes_events, postop, timing_milestones
from app.synthetic.anesthesia_sections import anesthesia_case, anesthesia_details
from app.synthetic.cases import Case
from app.synthetic.chance import Chance
from app.synthetic.form import Form
from app.synthetic.intraop_section import intraop
from app.synthetic.patient_sections import demographic, preop
from app.synthetic.procedure_section import procedure
from app.synthetic.xml_text import At, clock_of, escaped

CASE_FILE_END = "</AnesthesiaRecords>\n"

# In the order of the strict versions.
_SECTIONS: tuple[Callable[[Case, Form, At], str], ...] = (
    demographic,
    procedure,
    anesthesia_case,
    preop,
    intraop,
    postop,
    timing_milestones,
    outcomes_events,
    anesthesia_details,
)

_VENDOR_SET = """\
    <VendorSet>
      <Vendor>
        <VendorID>100SY01</VendorID>
        <VendorSetType>
          <VendorType>3</VendorType>
        </VendorSetType>
        <VendorName>Synthetic Anesthesia Records</VendorName>
      </Vendor>
    </VendorSet>
"""


def case_file_start(form: Form, practice_id: str, year: int) -> str:
    """Return everything before the first record.

    The file says it was made in the January after `year`, so that the same plan gives the same
    bytes on any day.
    """
    vendor_set = _VENDOR_SET if form.has_vendor_set else ""
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<AnesthesiaRecords>
  <RecordHeader>
    <PracticeID>{escaped(practice_id)}</PracticeID>
    <CreatedBy>nacor generate (synthetic cases)</CreatedBy>
    <CreateDate>{year + 1}-01-15T06:00:00.000</CreateDate>
    <EmailSet>
      <EmailNotificationSet>
        <EmailNotificationFirstName>Quinn</EmailNotificationFirstName>
        <EmailNotificationLastName>Example</EmailNotificationLastName>
        <EmailNotificationAddress>quality@practice-{practice_id}.example.org</EmailNotificationAddress>
      </EmailNotificationSet>
    </EmailSet>
    <AQIXMLVersion>{form.version}</AQIXMLVersion>
{vendor_set}  </RecordHeader>
"""


def record_text(case: Case, form: Form, layout: Chance) -> str:
    """Return one record; `layout` orders its sections where the version leaves that open."""
    at = clock_of(case.facts.date_of_service)
    parts = [section(case, form, at) for section in _SECTIONS]
    if form.sections_in_any_order:
        layout.shuffle(parts)
    return f"  <AnesthesiaRecord>\n{''.join(parts)}  </AnesthesiaRecord>\n"
