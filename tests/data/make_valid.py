"""Write the valid sample case files of every schema version, from the version's own XSD:

    python tests/data/make_valid.py

`minimal.xml` holds what a version requires, `maximal.xml` every element it has, repeated ones
twice. VALUES says what stands in an element, by its name. All of it is made up.
"""

from collections import Counter
from pathlib import Path
from typing import Final

from lxml import etree
from xmlschema import XMLSchema10
from xmlschema.validators import XsdElement

from app.domain.identifiers import npi_check_digit

DATA: Final = Path(__file__).parent
XSDS: Final = DATA.parents[1] / "schemas" / "xsd"

ANY_ORDER: Final = "R"
"""How the ids of the versions end whose sections may stand in any order."""


def an_npi(first_nine: str) -> str:
    return first_nine + npi_check_digit(first_nine)


VALUES: Final[dict[str, tuple[str, ...]]] = {
    # Taken in turn, so that the first of a pair is the anesthesiologist, the second the nurse
    # anesthetist. `{date}` is the date of service, `{year}` and `{version}` are the schema's.
    "PracticeID": ("12345",),
    "CreatedBy": ("Made-up data, from tests/data/make_valid.py",),
    "CreateDate": ("{year}-04-15T12:00:00.000",),
    "EmailNotificationFirstName": ("Robin", "Kim"),
    "EmailNotificationLastName": ("Example", "Sample"),
    "EmailNotificationAddress": ("robin.example@example.org", "kim@mail.example.org"),
    "AQIXMLVersion": ("{version}",),
    "VendorID": ("123AB45", "678CD90"),
    "VendorType": ("1", "2", "3", "4"),
    "VendorName": ("Example Billing", "Example Anesthesia Records"),
    # Demographic
    "PatientID": ("P-1001", "P-1002"),
    "DOB": ("{birth_year}-05-14", "{birth_year}-08-30"),
    "HomeZip": ("60601", "60601-0001"),
    "HomeState": ("IL", "WI"),
    "HomeCity": ("Springfield", "Fairview"),
    "Race": ("White, not of Hispanic Origin", "Hispanic, Color Unknown"),
    "PatientSex": ("Female", "Male"),
    # Procedure
    "ProcedureID": ("S-5001", "S-5002"),
    "FacilityID": ("F-01", "F-02"),
    "LocationType": ("22", "24"),
    "LocationDetails": ("Operating room 4", "Operating room 5"),
    "ProcStartTime": ("{date}T08:00:00.000",),
    "ProcEndTime": ("{date}T09:10:00.000",),
    "AdmissionStatus": ("Ambulatory", "Observation"),
    "ProcStatus": ("Elective", "Urgent"),
    "TransferStatus": ("Floor bed", "Home without services"),
    "AdmissionDate": ("{date}T06:15:00.000",),
    "ProcedureNotes": ("No remarks", "Converted to an open procedure"),
    "ProcedureName": ("Laparoscopic cholecystectomy", "Diagnostic laparoscopy"),
    "CPTRank": ("1", "2"),
    "CPTValue": ("47562", "49320"),
    "CPTModifier": ("22", "51"),
    # AnesthesiaCase
    "AnesthesiaRecordID": ("A-0001", "A-0002"),
    "AnesthesiaCoverage": ("MD-DIRECTING",),
    "TaxID": ("123456789",),
    "NPI": (an_npi("123456789"), an_npi("198765432")),
    "StaffResponsibility": ("Medically responsible", "Performing the case"),
    "ProviderCredentials": ("Anesthesiologist", "Certified Registered Nurse Anesthetist"),
    "StaffSignIn": ("{date}T07:30:00.000",),
    "StaffSignOut": ("{date}T09:30:00.000",),
    "StaffNotes": ("Directed two rooms", "Stayed throughout"),
    "Monitor": ("Pulse oximetry", "Capnography"),
    "AnesthesiaCategory": ("General Anesthesia", "Peripheral Nerve Block"),
    "AnesthesiaSubCategory": ("Inhalational General Anesthesia", "Total Intravenous Anesthesia"),
    "AnesthesiaStartTime": ("{date}T07:30:00.000", "{date}T07:45:00.000"),
    "AnesthesiaEndTime": ("{date}T09:30:00.000",),
    "AnesthesiaInduction": ("Intravenous",),
    "AnesthesiaInductionStartTime": ("{date}T07:50:00.000",),
    "AnesthesiaMaintenance": ("circle system",),
    "AnesthesiaNotes": ("Uneventful", "Block before induction"),
    "AirwayManagementMethod": ("Endotracheal tube", "Video laryngoscope"),
    "AirwaySubManagementMethod": ("Continuous flow ventilation", "Other"),
    "CPTAnesValue": ("00790",),
    "CPTAnesModifier": ("QK", "QX"),
    "CPTAnesModifer": ("QK", "QX"),
    "CPTAnesDescription": ("Anesthesia in the upper abdomen",),
    # PreOp
    "Age": ("46",),
    "Weight": ("165.3", "198.4"),
    "WeightInKg": ("75.0", "90.0"),
    "Height": ("66.9", "70.9"),
    "HeightInCm": ("170", "180"),
    "ASAClass": ("II", "III"),
    "PreAnesthStatus": ("Awake", "Calm"),
    "ICDRank": ("1", "2"),
    "ICDValue": ("K80.20", "E11.9"),
    "ICDVersion": ("10",),
    "PreOPRiskCategory": ("Endocrine", "Cardiovascular"),
    "PreOPRiskName": ("Diabetes mellitus", "Hypertension requiring medication"),
    "PreOPRiskNotes": ("Diet only", "One drug"),
    "LabName": ("Hemoglobin", "Potassium"),
    "LabCategoryName": ("Hematology", "Chemistry"),
    "LabUnit": ("g/dL", "mmol/L"),
    "LabValue": ("13.9", "4.1"),
    "LabValueText": ("normal",),
    "LabRangeHigh": ("16.0", "5.1"),
    "LabRangeLow": ("12.0", "3.5"),
    "LabDateTime": ("{date}T06:30:00.000",),
    "LabComments": ("Venous sample",),
    # IntraOp
    "MedicationName": ("Propofol", "Ondansetron"),
    "MedicationType": ("General anesthetic", "Antiemetic"),
    "MedDose": ("150", "4"),
    "DoseUnits": ("mg",),
    "DoseStart": ("{date}T07:50:00.000", "{date}T08:05:00.000"),
    "DoseEnd": ("{date}T07:51:00.000", "{date}T08:06:00.000"),
    "MedConcentration": ("10", "2"),
    "MedConcentrationUnit": ("mg/mL",),
    "MedicationRoute": ("Intravenous",),
    "MixtureMedicationName": ("Lidocaine", "Ketamine"),
    "MixtureMedicationType": ("Local anesthetic", "Analgesic"),
    "MixtureMedDose": ("40", "12.5"),
    "MixtureDoseUnits": ("mg",),
    "MixtureMedConcentration": ("2.5",),
    "MixtureMedConcentrationUnit": ("mg/mL",),
    "MonitoringName": ("Temperature", "Heart rate"),
    "MonitoringTime": ("{date}T09:20:00.000",),
    "MonitoringUnits": ("C", "/min"),
    "MonitoringValueNumeric": ("36.4", "68"),
    "MonitoringValueText": ("normal",),
    "MonitoringSource": ("Electronic", "User entered"),
    "OutputEventName": ("Urine", "Estimated blood loss"),
    "OutputUnits": ("mL",),
    "OutputValueNumeric": ("120", "50"),
    "OutputValueText": ("little",),
    "OutputStartDateTime": ("{date}T07:50:00.000",),
    "OutputEndDateTime": ("{date}T09:20:00.000",),
    # PostOp
    "PostOpDisposition": ("PACU",),
    "PostOpDispDateTime": ("{date}T09:30:00.000",),
    "PostOpDischarge": ("Home or self care (routine discharge)",),
    "PostOpDischargeDateTime": ("{date}T16:00:00.000",),
    "LengthOfHospitalStay": ("0",),
    "PaymentCode": ("Commercial", "Self-Pay"),
    "PaymentDescription": ("Commercial", "Self-Pay"),
    "PaymentDescriptionSec": ("Government: Medicare Fee for Service - Part B", "Other"),
    "PaymentDescriptionTh": ("Unknown",),
    # TimingMilestones, OutcomesEvents
    "TMType": ("Patient in room", "PACU arrival"),
    "TMStartTime": ("{date}T07:35:00.000", "{date}T09:30:00.000"),
    "TMEndTime": ("{date}T09:25:00.000", "{date}T09:31:00.000"),
    "ICEventTimeDate": ("{date}T08:20:00.000",),
    "ICCategory": ("CARDIOVASCULAR", "MEDICAL DEVICE/EQUIPMENT"),
    "ICSeverity": ("mild",),
    "ICName": ("Low blood pressure", "Pump alarm"),
    "ICDescription": ("Passed after fluid", "Syringe exchanged"),
    "ICValue": ("85/45", "1"),
    "ICNotes": ("None",),
    "OutcomeID": ("44", "68"),
    "OutcomeOccurred": ("true", "false"),
    "OutcomeTimeStamp": ("{date}T08:20:00.000",),
    "OutcomeSeverity": ("Mild Harm", "No Harm"),
    "OutcomeTimeFrame": ("IntraOp", "PACU"),
    "QCDRMeasure": ("PQRS424", "PQRS076"),
    "QCDRCodeValue": ("G9771", "6030F"),
    "QCDRModifier": ("", "1P"),
    # AnesthesiaDetails
    "IntakeOutputDirection": ("Input", "Output"),
    "InputOutputName": ("Crystalloid", "Urine"),
    "InputOutputTotal": ("1000", "120"),
    "InputOutputRoute": ("Intravenous", "Other"),
    "IntubationApproach": ("Endoctracheal",),
    "IntubationAttempts": ("1",),
    "TubeSize": ("7.5",),
    "TubeType": ("Cuffed",),
    "IntubationProperty": ("Cuff pressure", "Depth"),
    "IntubationDetailsPropertyValue": ("25 cmH2O", "21 cm"),
    "AnesthesiaDetailsCategory": ("position", "attempts"),
    "AnesthesiaDetailsValue": ("Supine", "1"),
}


class Sample:
    """One case file: an element for every declaration, filled in the order they stand in."""

    def __init__(self, version: str, *, maximal: bool) -> None:
        self._version = version
        self._year = int(version[:4])
        self._maximal = maximal
        self._seen: Counter[str] = Counter()

    def element(self, declaration: XsdElement) -> etree._Element:
        name = declaration.local_name
        element = etree.Element(name)
        self._seen[name] += 1
        if not declaration.type.has_complex_content():
            element.text = self._value(name)
            return element
        for child in declaration.type.content.iter_elements():
            element.extend(self.element(child) for _ in range(self._times(child)))
        if name == "AnesthesiaRecord" and self._maximal and self._version.endswith(ANY_ORDER):
            element[:] = element[::-1]
        return element

    def _times(self, declaration: XsdElement) -> int:
        if not self._maximal:
            return declaration.min_occurs
        return 1 if declaration.max_occurs == 1 else 2

    def _value(self, name: str) -> str:
        values = VALUES[name]
        return values[(self._seen[name] - 1) % len(values)].format(
            version=self._version,
            year=self._year,
            date=f"{self._year}-03-{self._seen['AnesthesiaRecord']:02}",
            birth_year=self._year - 47,
        )


def sample_files() -> dict[Path, bytes]:
    """Return every sample as it should stand on disk."""
    files = {}
    for entry in sorted(XSDS.glob("*/AnesthesiaRecords.xsd")):
        version = entry.parent.name
        root = XMLSchema10(entry).elements["AnesthesiaRecords"]
        for name, maximal in (("minimal", False), ("maximal", True)):
            sample = Sample(version, maximal=maximal).element(root)
            files[DATA / version / "valid" / f"{name}.xml"] = pretty(sample)
    return files


def pretty(root: etree._Element) -> bytes:
    etree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root) + b"\n"


if __name__ == "__main__":
    for path, content in sample_files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
