"""Temperatures. The sample record has one: 36.4 C at 09:20, beside a heart rate."""

import pytest
from sample_records import (
    a_record,
    changed,
    codes_of,
    facts_of,
    message_for,
    remarks_of,
    sample_record,
)

from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.catalogue.rule_kinds import TemperatureNearEnd
from app.rules.loading import shipped_rules

MONITORING = "IntraOp[1]/MonitoringPhysiologicSet[1]/Monitoring[{}]"


def reading(name: str, value: str, unit: str | None = None) -> str:
    units = "" if unit is None else f"<MonitoringUnits>{unit}</MonitoringUnits>"
    return (
        f"<Monitoring><MonitoringName>{name}</MonitoringName>{units}"
        f"<MonitoringValueNumeric>{value}</MonitoringValueNumeric></Monitoring>"
    )


def monitored(*readings: str) -> str:
    return changed(sample_record(), MonitoringPhysiologicSet="".join(readings))


READINGS = [
    # value   unit      codes
    ("36.4", "C", []),
    ("36.4", "degC", []),
    ("97.5", "F", []),
    ("97.5", "deg. F", []),
    ("12", "C", ["AR357"]),  # circulatory arrest under deep hypothermia, and reported as warm
    ("11.9", "C", ["AR325"]),
    ("45", "C", []),
    ("45.1", "C", ["AR325"]),
    ("54", "F", ["AR357"]),
    ("53.9", "F", ["AR325"]),
    ("113", "F", []),
    ("113.1", "F", ["AR325"]),
    ("364", "C", ["AR325"]),
    ("0", "C", ["AR325"]),
    ("36", "F", ["AR327"]),
    ("97", "C", ["AR327"]),
    ("20", "F", ["AR327"]),
    ("97", None, ["AR326"]),
    ("36.4", "", ["AR326"]),
    ("36.4", "degrees", ["AR326"]),
    ("309.5", "K", ["AR327"]),
    ("36.4", "mmHg", ["AR327"]),
    ("3.6", None, ["AR325", "AR326"]),  # two faults
]


@pytest.mark.parametrize(("value", "unit", "codes"), READINGS)
def test_a_temperature_is_one_of_a_patient_in_its_unit(
    value: str, unit: str | None, codes: list[str]
) -> None:
    assert codes_of(monitored(reading("Temperature", value, unit))) == codes


SUGGESTED = [
    # value   unit    what is suggested
    ("36", "F", "C"),
    ("97", "C", "F"),
    ("36.4", "mmHg", "C"),
    ("97.5", "mmHg", "F"),
    ("309.5", "K", None),
]


@pytest.mark.parametrize(("value", "unit", "suggestion"), SUGGESTED)
def test_the_unit_that_the_value_fits_is_suggested(
    value: str, unit: str, suggestion: str | None
) -> None:
    [(_, remark)] = remarks_of(monitored(reading("Temperature", value, unit)))
    assert remark.suggestion == suggestion


def test_the_messages_name_the_scale_and_never_the_value() -> None:
    assert message_for(monitored(reading("Temperature", "36.6", "F"))) == (
        "MonitoringUnits says Fahrenheit, but the temperature is possible in Celsius only."
    )
    assert message_for(monitored(reading("Temperature", "97.7"))) == (
        "MonitoringUnits does not say in which scale the temperature is;"
        " it is taken as degrees Fahrenheit."
    )
    assert message_for(monitored(reading("Temperature", "201", "F"))) == (
        "MonitoringValueNumeric of a temperature lies outside 54 to 113 degrees Fahrenheit."
    )


def test_the_place_is_that_of_the_reading() -> None:
    record = monitored(
        reading("Heart rate", "68", "/min"),
        reading("Temperature", "36.4", "C"),
        reading("SpO2", "98", "%"),
        reading("Core temp", "36.5", "F"),
    )
    [(_, remark)] = remarks_of(record)
    assert remark.at == MONITORING.format(4) + "/MonitoringUnits"


def test_a_monitor_that_repeats_itself_is_told_once() -> None:
    record = monitored(*[reading("Temperature", f"36.{tenth}") for tenth in range(10)])
    [(code, remark)] = remarks_of(record)
    assert (code, remark.at) == ("AR326", MONITORING.format(1) + "/MonitoringUnits")


NOT_OF_THE_PATIENT = [
    # name                        value   unit
    ("Room temperature", "19", None),
    ("Warmer temp", "41", "C"),
    ("Intubation attempts", "2", None),
    ("Temporary pacemaker rate", "80", "bpm"),
    ("Temp pacer rate", "80", "bpm"),
    ("NIRS temporal left", "68", "%"),
    ("Contemporary BP", "120", "mmHg"),
    ("Humidifier temperature", "39", None),
    ("CPB arterial line temp", "30", None),
    ("RF ablation probe temp", "80", "C"),
    ("Cryoprobe temperature", "-70", "C"),
]


@pytest.mark.parametrize(("name", "value", "unit"), NOT_OF_THE_PATIENT)
def test_what_is_not_the_temperature_of_the_patient_is_left_alone(
    name: str, value: str, unit: str | None
) -> None:
    other = reading(name, value, unit)
    assert codes_of(monitored(other, reading("Temperature", "36.4", "C"))) == []
    assert codes_of(monitored(other, reading("Temperature", "36.4"))) == ["AR326"]


def test_measure_424_reads_the_temperatures_of_the_patient_only() -> None:
    record = monitored(
        reading("Temporary pacemaker rate", "80", "bpm"),
        reading("Temp1", "36.1", "C"),
        reading("Blanket temp", "43", "C"),
        reading("TempEsoph", "36.3", "C"),
    )
    values = [str(each.value) for each in facts_of(record).case.temperatures]
    assert values == ["36.1", "36.3"]


def test_a_temperature_in_words_is_left_alone() -> None:
    assert codes_of(a_record(MonitoringValueNumeric=None, MonitoringUnits=None)) == []


def test_without_a_unit_the_value_is_read_as_measure_424_reads_it() -> None:
    year = shipped_catalogue().for_year(2024)
    assert year is not None
    measure = year.measure("424")
    assert measure is not None
    [near_end] = {
        each.unitless_fahrenheit_from
        for each in measure.definition.rules
        if isinstance(each, TemperatureNearEnd)
    }
    rules = shipped_rules()
    for code in ("AR325", "AR326", "AR327"):
        assert rules[code].given.numbers["fahrenheit_from"] == near_end
