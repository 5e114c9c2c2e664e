"""Fields of a record whose completeness is watched: those that may be left out, or "Unknown"."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CaseField(StrEnum):
    """Published words."""

    PATIENT_SEX = "patient_sex"
    ASA_CLASS = "asa_class"
    PROCEDURE_STATUS = "procedure_status"
    ANESTHESIA_METHOD = "anesthesia_method"
    ANESTHESIA_CODE = "anesthesia_code"
    PROCEDURE_CODE = "procedure_code"
    PAYMENT_METHOD = "payment_method"
    RACE = "race"
    HOME_STATE = "home_state"
    PLACE_OF_SERVICE = "place_of_service"
    ADMISSION_STATUS = "admission_status"
    PROCEDURE_TIMES = "procedure_times"
    WEIGHT = "weight"
    HEIGHT = "height"
    DIAGNOSIS = "diagnosis"
    DISPOSITION = "disposition"
    DISCHARGE = "discharge"
    TEMPERATURE = "temperature"
    OUTCOME = "outcome"
    QUALITY_CODE = "quality_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfFields:
    """Of the `cases` that count in a month (1 to 12), how many tell each field."""

    month: int
    cases: int
    told: Mapping[CaseField, int]
