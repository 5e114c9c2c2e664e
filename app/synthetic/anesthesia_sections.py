"""AnesthesiaCase and AnesthesiaDetails: the team, the anesthetic, its codes and particulars."""

from app.synthetic.cases import Case
from app.synthetic.clinical import ClinicalFacts
from app.synthetic.form import Form
from app.synthetic.medication import needs_tube
from app.synthetic.monitoring import monitors
from app.synthetic.practice import Role
from app.synthetic.procedures import Technique
from app.synthetic.staffing import StaffEntry
from app.synthetic.xml_text import At, escaped, leaf

_CREDENTIALS = {
    Role.ANESTHESIOLOGIST: "Anesthesiologist",
    Role.NURSE_ANESTHETIST: "Certified Registered Nurse Anesthetist",
    Role.ANESTHESIOLOGIST_ASSISTANT: "Certified Anesthesiologist Assistant",
    Role.RESIDENT: "Resident (Anesthesia)",
    Role.STUDENT: "Student Registered Nurse Anesthetist",
    Role.DENTIST: "Dentist Anesthesiologist",
}

_CATEGORY = {
    Technique.INHALATIONAL: ("General Anesthesia", "Inhalational General Anesthesia"),
    Technique.TIVA: ("General Anesthesia", "Total Intravenous Anesthesia"),
    Technique.MAC: ("Monitored Anesthesia Care", None),
    Technique.SPINAL: ("Neuraxial", "Spinal"),
    Technique.EPIDURAL: ("Neuraxial", "Epidural"),
    Technique.CSE: ("Neuraxial", "Combined Spinal and Epidural"),
    Technique.BLOCK: ("Peripheral Nerve Block", None),
}

# CPT qualifying circumstances: under one or over seventy years of age; emergency.
_EXTREME_AGE_CPT, _EMERGENCY_CPT = "99100", "99140"


def anesthesia_case(case: Case, form: Form, at: At) -> str:
    facts = case.facts
    staff = "".join([_staff_member(entry, form, at) for entry in case.staffing.staff])
    monitoring = airway = ""
    if form.is_full:
        arterial_line = facts.procedure.icu_share >= 0.3
        used = monitors(facts.technique, arterial_line=arterial_line)
        lines = "".join([f"        <Monitor>{escaped(name)}</Monitor>\n" for name in used])
        monitoring = f"      <MonitoringSet>\n{lines}      </MonitoringSet>\n"
        airway = _airway(facts)
    return f"""\
    <AnesthesiaCase>
      <AnesthesiaRecordID>{case.record_id}</AnesthesiaRecordID>
{leaf("      ", "AnesthesiaCoverage", case.staffing.coverage)}      <AnesthesiaStaffSet>
{staff}      </AnesthesiaStaffSet>
{monitoring}{_methods(case, form, at)}{airway}{_anesthesia_codes(case, form)}    </AnesthesiaCase>
"""


def _staff_member(entry: StaffEntry, form: Form, at: At) -> str:
    clinician = entry.clinician
    credentials = _CREDENTIALS[clinician.role]
    if clinician.role is Role.DENTIST and not form.knows_dentist_anesthesiologists:
        credentials = "Dentist or Oral Surgeon"
    responsibility = signed = ""
    if form.is_full:
        responsibility = leaf("          ", "StaffResponsibility", entry.responsibility)
        signed = f"""\
          <StaffSignIn>{at(entry.sign_in)}</StaffSignIn>
          <StaffSignOut>{at(entry.sign_out)}</StaffSignOut>
"""
    return f"""\
        <AnesthesiaStaff>
          <TaxID>{clinician.tin}</TaxID>
          <NPI>{clinician.npi}</NPI>
{responsibility}          <ProviderCredentials>{credentials}</ProviderCredentials>
{signed}        </AnesthesiaStaff>
"""


def _methods(case: Case, form: Form, at: At) -> str:
    facts, times = case.facts, case.facts.times
    category, subcategory = _CATEGORY[facts.technique]
    details = _induction(case, at) if form.is_full and facts.technique.is_general else ""
    block = ""
    if facts.block:
        block = _method("Peripheral Nerve Block", None, at(times.start), at(times.ready), "")
    main = _method(category, subcategory, at(times.start), at(times.end), details)
    return f"      <AnesthesiaMethodSet>\n{main}{block}      </AnesthesiaMethodSet>\n"


def _method(category: str, subcategory: str | None, start: str, end: str, details: str) -> str:
    return f"""\
        <AnesthesiaMethod>
          <AnesthesiaCategory>{category}</AnesthesiaCategory>
{leaf("          ", "AnesthesiaSubCategory", subcategory)}\
          <AnesthesiaStartTime>{start}</AnesthesiaStartTime>
          <AnesthesiaEndTime>{end}</AnesthesiaEndTime>
{details}        </AnesthesiaMethod>
"""


def _induction(case: Case, at: At) -> str:
    by_vein = any(dose.drug.name == "Propofol" for dose in case.facts.doses)
    return f"""\
          <AnesthesiaInduction>{"Intravenous" if by_vein else "Inhalation"}</AnesthesiaInduction>
          <AnesthesiaInductionStartTime>{at(case.facts.times.induction)}</AnesthesiaInductionStartTime>
          <AnesthesiaMaintenance>circle system</AnesthesiaMaintenance>
{leaf("          ", "AnesthesiaNotes", case.note)}"""


def _airway(facts: ClinicalFacts) -> str:
    method = facts.procedure.airway if facts.technique.is_general else "Nasal cannula"
    return f"""\
      <AirwayManagementSet>
        <AirwayManagement>
          <AirwayManagementMethod>{method}</AirwayManagementMethod>
        </AirwayManagement>
      </AirwayManagementSet>
"""


def _anesthesia_codes(case: Case, form: Form) -> str:
    facts = case.facts
    name, modifier_name = form.anesthesia_codes_name, form.anesthesia_modifier_name
    codes = [(facts.procedure.anesthesia_cpt, case.staffing.modifier, facts.procedure.name)]
    if not 1 <= facts.patient.age_years <= 70:
        codes.append((_EXTREME_AGE_CPT, None, "Patient of extreme age"))
    if facts.is_emergency:
        codes.append((_EMERGENCY_CPT, None, "Emergency conditions"))
    lines = [
        f"""\
        <CPTAnes>
          <CPTAnesValue>{code}</CPTAnesValue>
{leaf("          ", modifier_name, modifier)}\
{leaf("          ", "CPTAnesDescription", text if form.is_full else None)}        </CPTAnes>
"""
        for code, modifier, text in codes
    ]
    return f"      <{name}>\n{''.join(lines)}      </{name}>\n"


def anesthesia_details(case: Case, form: Form, at: At) -> str:
    if not form.is_full:
        return ""
    facts = case.facts
    intubation = _intubation(case) if needs_tube(facts.procedure, facts.technique) else ""
    needle = _needle(facts) if facts.technique.is_neuraxial else ""
    return f"""\
    <AnesthesiaDetails>
      <IntakeOutputSet>
        <IntakeOutputTotal>
          <IntakeOutputDirection>Input</IntakeOutputDirection>
          <InputOutputName>Crystalloid</InputOutputName>
          <OutputUnits>mL</OutputUnits>
          <InputOutputTotal>{case.crystalloid_ml}</InputOutputTotal>
          <InputOutputRoute>Intravenous</InputOutputRoute>
        </IntakeOutputTotal>
      </IntakeOutputSet>
{intubation}{needle}{_totals(facts)}    </AnesthesiaDetails>
"""


def _intubation(case: Case) -> str:
    age = case.facts.patient.age_years
    tube_size = 7.5 if age >= 15 else 4 + age // 2 * 0.5
    # The schema spells it so: Endoctracheal.
    return f"""\
      <IntubationDetails>
        <IntubationApproach>Endoctracheal</IntubationApproach>
        <IntubationAttempts>{2 if case.number % 17 == 0 else 1}</IntubationAttempts>
        <TubeSize>{tube_size}</TubeSize>
        <TubeType>Cuffed</TubeType>
      </IntubationDetails>
"""


def _needle(facts: ClinicalFacts) -> str:
    needle = "Tuohy 17 G" if facts.technique is Technique.EPIDURAL else "Whitacre 25 G"
    return f"""\
      <AnesthesiaDetailsSet>
        <AnesthesiaDetailsData>
          <AnesthesiaDetailsCategory>needle type</AnesthesiaDetailsCategory>
          <AnesthesiaDetailsValue>{needle}</AnesthesiaDetailsValue>
        </AnesthesiaDetailsData>
        <AnesthesiaDetailsData>
          <AnesthesiaDetailsCategory>position</AnesthesiaDetailsCategory>
          <AnesthesiaDetailsValue>Sitting</AnesthesiaDetailsValue>
        </AnesthesiaDetailsData>
      </AnesthesiaDetailsSet>
"""


def _totals(facts: ClinicalFacts) -> str:
    lines = [
        f"""\
        <MedicationsTotal>
          <MedicationName>{escaped(dose.drug.name)}</MedicationName>
          <MedDose>{dose.amount}</MedDose>
          <DoseUnits>{dose.drug.unit}</DoseUnits>
        </MedicationsTotal>
"""
        for dose in facts.doses
        if dose.drug.type == "Narcotic analgesic" and dose.end is None
    ]
    if not lines:
        return ""
    return f"      <MedicationsTotalSet>\n{''.join(lines)}      </MedicationsTotalSet>\n"
