"""Which names of readings are those of a temperature of the patient."""

import pytest

from app.domain.temperature_names import is_patient_temperature


@pytest.mark.parametrize(
    "name",
    [
        "Temperature",
        "TEMPERATURE",
        "temp",
        "Temps",
        "Temperatures, skin",
        "Core temp",
        "Temp1",
        "TEMP_2",
        "Temp(C)",
        "TempF",
        "TempEsoph",
        "CoreTemp",
        "SkinTemp",
        "BodyTemperature",
        "tempesoph",
        "CORETEMP",
        "Esophageal temperature probe",
        "Temporal artery temperature",
        "Bladder catheter temp",
        "Gastric temp",
        "T°",
        "T °C",
    ],
)
def test_a_temperature_of_the_patient(name: str) -> None:
    assert is_patient_temperature(name)


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "Heart rate",
        "Intubation attempts",
        "Temporary pacemaker rate",
        "Temp pacing threshold",
        "NIRS temporal left",
        "TemporalLeft",
        "Contemporary BP",
        "Tempo",
        "Humidifier temperature",
        "CPB arterial line temp",
        "RF ablation probe temp",
        "CryoProbe temperature",
        "Cryoprobe temperature",
        "Dialysate temp",
        "Water bath temp",
        "BlanketTemp",
        "ROOM TEMP",
        "Set temperature",
        "Injectate temperature",
        "TOF T1",
        "BIST°",
    ],
)
def test_no_temperature_of_the_patient(name: str | None) -> None:
    assert not is_patient_temperature(name)


def test_of_a_name_without_end_the_beginning_is_read() -> None:
    assert is_patient_temperature("Temperature " + "x" * 1_000_000)
    assert not is_patient_temperature("x" * 1_000_000 + " temperature")
