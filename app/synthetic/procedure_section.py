"""Procedure: what was done, where, and its codes."""

from app.synthetic.cases import Case
from app.synthetic.clinical import ClinicalFacts
from app.synthetic.form import Form
from app.synthetic.practice import PLACE_OF_SERVICE, Setting
from app.synthetic.xml_text import At, escaped, leaf

_CENTRAL_LINE_CPT = "36556"


def procedure(case: Case, form: Form, at: At) -> str:
    facts, times = case.facts, case.facts.times
    name = leaf("      ", "ProcedureName", facts.procedure.name) if form.has_procedure_name else ""
    transfer = admission_date = notes = ""
    if form.is_full:
        transfer = leaf("      ", "TransferStatus", case.aftercare.transfer)
        notes = leaf("      ", "ProcedureNotes", case.note)
        if facts.setting is Setting.INPATIENT:
            admission_date = leaf("      ", "AdmissionDate", at(max(0, times.start - 120)))
    return f"""\
    <Procedure>
      <ProcedureID>{case.record_id}-P1</ProcedureID>
      <FacilityID>{escaped(facts.facility.facility_id)}</FacilityID>
      <ProcedureLocation>
        <LocationType>{PLACE_OF_SERVICE[facts.setting]}</LocationType>
        <LocationDetails>{escaped(facts.facility.name)}, room {case.room}</LocationDetails>
      </ProcedureLocation>
      <ProcStartTime>{at(times.procedure_start)}</ProcStartTime>
      <ProcEndTime>{at(times.procedure_end)}</ProcEndTime>
      <AdmissionStatus>{_admission_status(facts)}</AdmissionStatus>
      <ProcStatus>{facts.status}</ProcStatus>
{transfer}{admission_date}{notes}{name}{_procedure_codes(facts)}    </Procedure>
"""


def _admission_status(facts: ClinicalFacts) -> str:
    return "Inpatient" if facts.setting is Setting.INPATIENT else "Ambulatory"


def _procedure_codes(facts: ClinicalFacts) -> str:
    codes: list[tuple[str, str | None]] = [(facts.procedure.surgical_cpt, None)]
    if facts.procedure.central_line:
        codes.append((_CENTRAL_LINE_CPT, None))
    if facts.block and facts.procedure.block_cpt:
        # 59: a service apart from the anesthetic, which the block is not part of.
        codes.append((facts.procedure.block_cpt, "59"))
    lines = [
        f"""\
        <CPT>
          <CPTRank>{rank}</CPTRank>
          <CPTValue>{code}</CPTValue>
{leaf("          ", "CPTModifier", modifier)}        </CPT>
"""
        for rank, (code, modifier) in enumerate(codes, start=1)
    ]
    return f"      <CPTSet>\n{''.join(lines)}      </CPTSet>\n"
