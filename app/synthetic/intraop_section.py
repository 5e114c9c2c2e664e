"""IntraOp: drugs, vital signs, outputs."""

from app.synthetic.cases import Case
from app.synthetic.form import Form
from app.synthetic.medication import Dose
from app.synthetic.monitoring import Round, Temperature
from app.synthetic.xml_text import At, escaped, leaf


def intraop(case: Case, form: Form, at: At) -> str:
    facts = case.facts
    doses = "".join([_medication(dose, form, at) for dose in facts.doses])
    medications = f"      <MedicationsSet>\n{doses}      </MedicationsSet>\n" if doses else ""
    physiology = ""
    lines = _vital_signs(case.vital_signs, at) + _temperatures(facts.temperatures, at)
    if lines:
        physiology = f"      <MonitoringPhysiologicSet>\n{lines}      </MonitoringPhysiologicSet>\n"
    outputs = _outputs(case, at) if form.is_full and case.blood_loss_ml else ""
    return f"    <IntraOp>\n{medications}{physiology}{outputs}    </IntraOp>\n"


def _medication(dose: Dose, form: Form, at: At) -> str:
    drug = dose.drug
    if not form.is_full:
        return f"""\
        <Medication>
          <MedicationName>{escaped(drug.name)}</MedicationName>
          <DoseStart>{at(dose.start)}</DoseStart>
        </Medication>
"""
    end = "" if dose.end is None else leaf("          ", "DoseEnd", at(dose.end))
    return f"""\
        <Medication>
          <MedicationName>{escaped(drug.name)}</MedicationName>
          <MedicationType>{escaped(drug.type)}</MedicationType>
          <MedDose>{dose.amount}</MedDose>
          <DoseUnits>{drug.unit}</DoseUnits>
          <DoseStart>{at(dose.start)}</DoseStart>
{end}{_concentration(dose)}          <MedicationRoute>{drug.route}</MedicationRoute>
{_mixture(dose)}        </Medication>
"""


def _concentration(dose: Dose) -> str:
    if dose.drug.concentration is None:
        return ""
    return f"""\
          <MedConcentration>{dose.drug.concentration:g}</MedConcentration>
          <MedConcentrationUnit>mg/mL</MedConcentrationUnit>
"""


def _mixture(dose: Dose) -> str:
    additive = dose.drug.additive
    if additive is None:
        return ""
    return f"""\
          <MixtureMedication>
            <MixtureMedicationName>{escaped(additive.name)}</MixtureMedicationName>
            <MixtureMedicationType>{escaped(additive.type)}</MixtureMedicationType>
            <MixtureMedConcentration>{additive.concentration:g}</MixtureMedConcentration>
            <MixtureMedConcentrationUnit>{additive.unit}</MixtureMedConcentrationUnit>
          </MixtureMedication>
"""


def _vital_signs(rounds: tuple[Round, ...], at: At) -> str:
    # More than half of a file is made here: no call for each value, one clock time for each round.
    return "".join(
        [
            f"""\
        <Monitoring>
          <MonitoringName>{sign.name}</MonitoringName>
          <MonitoringTime>{time}</MonitoringTime>
          <MonitoringUnits>{sign.unit}</MonitoringUnits>
          <MonitoringValueNumeric>{value}</MonitoringValueNumeric>
          <MonitoringSource>Electronic</MonitoringSource>
        </Monitoring>
"""
            for minute, signs, values in rounds
            for time in (at(minute),)
            for sign, value in zip(signs, values, strict=False)
        ]
    )


def _temperatures(temperatures: tuple[Temperature, ...], at: At) -> str:
    return "".join(
        [
            f"""\
        <Monitoring>
          <MonitoringName>Temperature</MonitoringName>
          <MonitoringTime>{at(reading.minute)}</MonitoringTime>
          <MonitoringUnits>{reading.unit}</MonitoringUnits>
          <MonitoringValueNumeric>{reading.value}</MonitoringValueNumeric>
          <MonitoringSource>Electronic</MonitoringSource>
        </Monitoring>
"""
            for reading in temperatures
        ]
    )


def _outputs(case: Case, at: At) -> str:
    times = case.facts.times
    return f"""\
      <OutputsSet>
        <OutputEvent>
          <OutputEventName>Estimated blood loss</OutputEventName>
          <OutputUnits>mL</OutputUnits>
          <OutputValueNumeric>{case.blood_loss_ml}</OutputValueNumeric>
          <OutputStartDateTime>{at(times.procedure_start)}</OutputStartDateTime>
          <OutputEndDateTime>{at(times.procedure_end)}</OutputEndDateTime>
        </OutputEvent>
      </OutputsSet>
"""
