"""The check of every rule, by its code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.findings import FindingCode
from app.rules.checks import (
    anesthetic,
    around,
    body,
    codes,
    contradicting,
    evidence,
    identity,
    minimum,
    outcomes,
    quality,
    team,
    temperature,
    times,
    zones,
)
from app.rules.definition import Check

CHECKS: Final[Mapping[FindingCode, Check]] = MappingProxyType(
    {
        FindingCode.NPI_CHECK_DIGIT: identity.npi_check_digit,
        FindingCode.TIN_DUMMY: identity.tin_dummy,
        FindingCode.STAFF_TWICE: identity.staff_twice,
        FindingCode.DIRECTION_DISAGREES: team.direction_disagrees,
        FindingCode.NO_ANESTHESIA_CLINICIAN: team.no_anesthesia_clinician,
        FindingCode.ENDS_BEFORE_START: times.ends_before_start,
        FindingCode.LONGER_THAN_A_DAY: times.longer_than_a_day,
        FindingCode.SERVICE_IN_FUTURE: times.service_in_future,
        FindingCode.SERVICE_OUTSIDE_VERSION: times.service_outside_version,
        FindingCode.SERVICE_BEFORE_BIRTH: times.service_before_birth,
        FindingCode.DISCHARGE_BEFORE_SURGERY: times.discharge_before_surgery,
        FindingCode.LAB_OUT_OF_TIME: times.lab_out_of_time,
        FindingCode.ZONE_IN_TIME: zones.zone_in_time,
        FindingCode.PROCEDURE_OUTSIDE_ANESTHESIA: around.procedure_outside_anesthesia,
        FindingCode.INDUCTION_OUTSIDE_ANESTHESIA: around.induction_outside_anesthesia,
        FindingCode.AGE_DISAGREES_WITH_BIRTH: body.age_disagrees_with_birth,
        FindingCode.WEIGHT_IMPLAUSIBLE: body.weight_implausible,
        FindingCode.HEIGHT_IMPLAUSIBLE: body.height_implausible,
        FindingCode.UNITS_DISAGREE: body.units_disagree,
        FindingCode.BMI_IMPLAUSIBLE: body.bmi_implausible,
        FindingCode.TEMPERATURE_IMPLAUSIBLE: temperature.temperature_implausible,
        FindingCode.TEMPERATURE_UNIT_MISSING: temperature.temperature_unit_missing,
        FindingCode.TEMPERATURE_UNIT_WRONG: temperature.temperature_unit_wrong,
        FindingCode.ICD_VERSION_DISAGREES: codes.icd_version_disagrees,
        FindingCode.ICD_OUT_OF_TIME: codes.icd_out_of_time,
        FindingCode.NOT_AN_ANESTHESIA_CODE: codes.not_an_anesthesia_code,
        FindingCode.EMERGENCY_DISAGREES: anesthetic.emergency_disagrees,
        FindingCode.SUBCATEGORY_DISAGREES: anesthetic.subcategory_disagrees,
        FindingCode.TIME_FAR_FROM_CASE: around.time_far_from_case,
        FindingCode.ADMISSION_AFTER_START: around.admission_after_start,
        FindingCode.NO_MINUTES: around.no_minutes,
        FindingCode.SEVERITY_WITHOUT_OUTCOME: outcomes.severity_without_outcome,
        FindingCode.OUTCOME_CONTRADICTED: outcomes.outcome_contradicted,
        FindingCode.QUALITY_CODE_TWICE: quality.quality_code_twice,
        FindingCode.QUALITY_CODES_CONTRADICT: contradicting.quality_codes_contradict,
        FindingCode.QUALITY_CODE_OF_OTHER_MEASURE: quality.quality_code_of_other_measure,
        FindingCode.MEASURE_NOT_ACTIVE: quality.measure_not_active,
        FindingCode.MEASURE_UNKNOWN: quality.measure_unknown,
        FindingCode.AGE_OUTSIDE_MEASURE: quality.age_outside_measure,
        FindingCode.MODIFIER_OF_OTHER_CODES: quality.modifier_of_other_codes,
        FindingCode.RECORD_CONTRADICTS_CODE: evidence.record_contradicts_code,
        FindingCode.MINIMUM_FIELD_MISSING: minimum.minimum_field_missing,
    }
)
