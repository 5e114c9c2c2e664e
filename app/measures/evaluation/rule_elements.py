"""Which elements of a record each kind of rule looks at, by their names in a case file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.measures.catalogue.rule_kinds import (
    AgeBetween,
    AllOf,
    AnyOf,
    AsaClassIn,
    DiagnosisInLists,
    DiagnosisStartsWith,
    DrugClassesGiven,
    Emergency,
    FrozenData,
    MedicationsRecorded,
    MethodAmong,
    NoneOf,
    OnlyMethodsAmong,
    OutcomeReported,
    PlaceOfServiceIn,
    ProcedureBetween,
    ProcedureIn,
    ProcedureInLists,
    ProcedureStatusIn,
    Reported,
    SubcategoryIn,
    SurgeryLasting,
    TemperatureNearEnd,
    TemperatureReached,
    TemperatureRecorded,
)

_CPT: Final = ("CPTSet", "CPTAnesSet")
_ICD: Final = ("PreOp/ICDSet", "PostOp/ICDSet")
_METHODS: Final = ("AnesthesiaMethodSet",)
_TEMPERATURES: Final = ("MonitoringPhysiologicSet",)

ELEMENTS: Final[Mapping[type[FrozenData], tuple[str, ...]]] = MappingProxyType(
    {
        AllOf: (),
        AnyOf: (),
        NoneOf: (),
        AgeBetween: ("Age",),
        AsaClassIn: ("ASAClass",),
        Emergency: ("ProcStatus", "ASAClass"),
        ProcedureStatusIn: ("ProcStatus",),
        DiagnosisStartsWith: _ICD,
        DiagnosisInLists: _ICD,
        PlaceOfServiceIn: ("LocationType", "AdmissionStatus"),
        ProcedureInLists: _CPT,
        ProcedureIn: _CPT,
        ProcedureBetween: _CPT,
        Reported: ("QCDRSet", *_CPT, *_ICD),
        MethodAmong: _METHODS,
        OnlyMethodsAmong: _METHODS,
        SubcategoryIn: _METHODS,
        SurgeryLasting: ("ProcStartTime", "ProcEndTime"),
        TemperatureNearEnd: (*_TEMPERATURES, *_METHODS),
        TemperatureRecorded: _TEMPERATURES,
        TemperatureReached: _TEMPERATURES,
        OutcomeReported: ("OutcomeSet",),
        DrugClassesGiven: ("MedicationsSet", *_METHODS),
        MedicationsRecorded: ("MedicationsSet",),
    }
)
"""A combination looks at what its parts look at."""
