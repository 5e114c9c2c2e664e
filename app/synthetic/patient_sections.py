"""Demographic and PreOp: the patient and what ails them."""

from app.synthetic.cases import Case
from app.synthetic.form import Form
from app.synthetic.patients import CURRENT_SMOKER
from app.synthetic.xml_text import At, escaped, leaf

# PreRiskSet of 2017 told in words what later versions leave to the diagnoses.
_RISKS_2017 = {
    CURRENT_SMOKER: ("Respiratory", "Current smoker"),
    "J44.9": ("Respiratory", "Respiratory disease"),
    "I10": ("Cardiovascular", "Hypertension requiring medication"),
    "E11.9": ("Endocrine", "Diabetes mellitus"),
}


def demographic(case: Case, form: Form, at: At) -> str:
    patient = case.facts.patient
    home = patient.home
    where_and_race = ""
    if form.is_full:
        where_and_race = f"""\
      <HomeZip>{home.zip_code}</HomeZip>
      <HomeState>{home.state}</HomeState>
      <HomeCity>{escaped(home.city)}</HomeCity>
      <Race>{escaped(patient.race)}</Race>
"""
    return f"""\
    <Demographic>
      <PatientID>{patient.patient_id}</PatientID>
      <DOB>{patient.birth_date}</DOB>
{where_and_race}      <PatientSex>{patient.sex}</PatientSex>
    </Demographic>
"""


def preop(case: Case, form: Form, at: At) -> str:
    facts, patient = case.facts, case.facts.patient
    size = status = labs = ""
    if form.is_full:
        size = f"""\
      <Weight>{patient.weight_kg * 2.20462:.0f}</Weight>
      <WeightInKg>{patient.weight_kg:.1f}</WeightInKg>
      <Height>{patient.height_cm / 2.54:.0f}</Height>
      <HeightInCm>{patient.height_cm:.0f}</HeightInCm>
"""
        calm = "Calm" if patient.is_adult else "Apprehensive"
        status = leaf("      ", "PreAnesthStatus", calm)
        labs = _laboratory(case, at)
    diagnoses = [
        f"""\
        <ICD>
          <ICDRank>{rank}</ICDRank>
          <ICDValue>{code}</ICDValue>
          <ICDVersion>10</ICDVersion>
        </ICD>
"""
        for rank, code in enumerate((facts.diagnosis, *patient.comorbidities), start=1)
    ]
    risks = _risks_2017(patient.comorbidities) if form.has_preoperative_risks else ""
    return f"""\
    <PreOp>
      <Age>{patient.age_years}</Age>
{size}      <ASAClass>{facts.asa_class}</ASAClass>
{status}      <ICDSet>
{"".join(diagnoses)}      </ICDSet>
{risks}{labs}    </PreOp>
"""


def _risks_2017(comorbidities: tuple[str, ...]) -> str:
    risks = [_RISKS_2017[code] for code in comorbidities if code in _RISKS_2017]
    lines = [
        f"""\
        <PreRisk>
          <PreOPRiskCategory>{category}</PreOPRiskCategory>
          <PreOPRiskName>{name}</PreOPRiskName>
        </PreRisk>
"""
        for category, name in risks or [("Other", "None")]
    ]
    return f"      <PreRiskSet>\n{''.join(lines)}      </PreRiskSet>\n"


def _laboratory(case: Case, at: At) -> str:
    """Blood is drawn before what bleeds and for those who are ill."""
    if not (case.blood_loss_ml >= 100 or case.facts.patient.asa_class in ("III", "IV", "V")):
        return ""
    tenths = case.hemoglobin_tenths
    drawn = at(max(0, case.facts.times.start - 90))
    return f"""\
      <PreLabSet>
        <PreLabData>
          <LabName>Hemoglobin</LabName>
          <LabCategoryName>Hematology</LabCategoryName>
          <LabUnit>g/dL</LabUnit>
          <LabValue>{tenths // 10}.{tenths % 10}</LabValue>
          <LabRangeHigh>16.0</LabRangeHigh>
          <LabRangeLow>12.0</LabRangeLow>
          <LabDateTime>{drawn}</LabDateTime>
        </PreLabData>
        <PreLabData>
          <LabName>Potassium</LabName>
          <LabCategoryName>Chemistry</LabCategoryName>
          <LabUnit>mmol/L</LabUnit>
          <LabValue>{3 + tenths % 20 / 10:.1f}</LabValue>
          <LabDateTime>{drawn}</LabDateTime>
        </PreLabData>
      </PreLabSet>
"""
