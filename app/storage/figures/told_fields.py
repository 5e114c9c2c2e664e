"""Whether a case tells a field, as SQL over a row of `cases`: the totals and the lists agree on it.

Left out is as good as "Unknown" and "Missing", which the schema has for who does not know.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.case_fields import CaseField

IS_TOLD: Final[Mapping[CaseField, str]] = MappingProxyType(
    {
        CaseField.PATIENT_SEX: "patient_sex NOT IN ('Missing', 'Unknown')",
        CaseField.ASA_CLASS: "asa_class <> 'Unknown'",
        CaseField.PROCEDURE_STATUS: "procedure_status <> 'Unknown'",
        CaseField.ANESTHESIA_METHOD: """methods @? '$[*].category ? (@ != "Unknown")'""",
        CaseField.ANESTHESIA_CODE: "anesthesia_codes <> '[]'",
        CaseField.PROCEDURE_CODE: "procedure_codes <> '[]'",
        CaseField.PAYMENT_METHOD: """payment_methods @? '$[*] ? (@ != "Unknown")'""",
        CaseField.RACE: "race <> 'Unknown'",
        CaseField.HOME_STATE: "home_state IS NOT NULL",
        CaseField.PLACE_OF_SERVICE: "place_of_service IS NOT NULL",
        CaseField.ADMISSION_STATUS: "admission_status <> 'Unknown'",
        CaseField.PROCEDURE_TIMES: "procedure_start IS NOT NULL AND procedure_end IS NOT NULL",
        CaseField.WEIGHT: "weight_kg IS NOT NULL",
        CaseField.HEIGHT: "height_cm IS NOT NULL",
        CaseField.DIAGNOSIS: "diagnoses <> '[]' OR postoperative_diagnoses <> '[]'",
        CaseField.DISPOSITION: "disposition <> 'Unknown'",
        CaseField.DISCHARGE: "discharge <> 'Unknown'",
        CaseField.TEMPERATURE: "temperatures <> '[]'",
        CaseField.OUTCOME: "outcomes <> '[]'",
        CaseField.QUALITY_CODE: "quality_codes <> '[]'",
    }
)
