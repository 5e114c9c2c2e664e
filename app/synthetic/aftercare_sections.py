"""PostOp, TimingMilestones and OutcomesEvents: what came of the case."""

from app.synthetic.aftercare import OutcomeEntry
from app.synthetic.cases import Case
from app.synthetic.form import Form
from app.synthetic.quality import QualityEntry
from app.synthetic.timing import Times
from app.synthetic.xml_text import At, escaped, leaf


def postop(case: Case, form: Form, at: At) -> str:
    after, times = case.aftercare, case.facts.times
    stay = f"""\
      <PostOpDisposition>{escaped(after.disposition)}</PostOpDisposition>
      <PostOpDispDateTime>{at(times.end)}</PostOpDispDateTime>
      <PostOpDischarge>{escaped(after.discharge)}</PostOpDischarge>
      <PostOpDischargeDateTime>{at(after.discharge_minute)}</PostOpDischargeDateTime>
      <LengthOfHospitalStay>{after.hospital_days}</LengthOfHospitalStay>
"""
    payments = [
        f"""\
      <PaymentMethod>
        <PaymentCode>{escaped(payment)}</PaymentCode>
      </PaymentMethod>
"""
        for payment in after.payments
    ]
    return f"    <PostOp>\n{stay if form.is_full else ''}{''.join(payments)}    </PostOp>\n"


def timing_milestones(case: Case, form: Form, at: At) -> str:
    if not form.is_full:
        return ""
    lines = [
        f"""\
      <TimingMilestone>
        <TMType>{name}</TMType>
        <TMStartTime>{at(minute)}</TMStartTime>
      </TimingMilestone>
"""
        for name, minute in _milestones(case.facts.times, to_recovery=_to_recovery(case))
    ]
    return f"    <TimingMilestones>\n{''.join(lines)}    </TimingMilestones>\n"


def _to_recovery(case: Case) -> bool:
    return case.aftercare.disposition == "PACU"


def _milestones(times: Times, *, to_recovery: bool) -> list[tuple[str, int]]:
    last = (
        [("PACU arrival", times.end), ("PACU discharge", times.recovery_end)]
        if to_recovery
        else [("Patient out of room", times.end)]
    )
    return [
        ("Patient in room", times.in_room),
        ("Anesthesia start", times.start),
        ("Anesthesia ready", times.ready),
        ("Procedure start", times.procedure_start),
        ("Procedure finish", times.procedure_end),
        ("Anesthesia finish", times.end),
        *last,
    ]


def outcomes_events(case: Case, form: Form, at: At) -> str:
    events = _incidents(case, at) if form.is_full else ""
    outcomes = "".join([_outcome(outcome) for outcome in case.aftercare.outcomes])
    quality = "".join([_quality_code(entry) for entry in case.quality_codes])
    codes = f"      <QCDRSet>\n{quality}      </QCDRSet>\n" if quality else ""
    return f"""\
    <OutcomesEvents>
{events}      <OutcomeSet>
{outcomes}      </OutcomeSet>
{codes}    </OutcomesEvents>
"""


def _incidents(case: Case, at: At) -> str:
    """What went wrong in the operating room is told a second time, as an event with its time."""
    happened = [
        outcome
        for outcome in case.aftercare.outcomes
        if outcome.occurred and outcome.time_frame == "IntraOp"
    ]
    if not happened:
        return ""
    lines = [
        f"""\
        <ICEvent>
          <ICEventTimeDate>{at(case.facts.times.ready)}</ICEventTimeDate>
          <ICCategory>{outcome.category}</ICCategory>
          <ICSeverity>{outcome.severity}</ICSeverity>
        </ICEvent>
"""
        for outcome in happened
    ]
    return f"      <ICEventSet>\n{''.join(lines)}      </ICEventSet>\n"


def _outcome(outcome: OutcomeEntry) -> str:
    return f"""\
        <Outcome>
          <OutcomeID>{outcome.outcome_id}</OutcomeID>
          <OutcomeOccurred>{"true" if outcome.occurred else "false"}</OutcomeOccurred>
{leaf("          ", "OutcomeSeverity", outcome.severity)}\
{leaf("          ", "OutcomeTimeFrame", outcome.time_frame)}        </Outcome>
"""


def _quality_code(entry: QualityEntry) -> str:
    return f"""\
        <QCDR>
          <QCDRMeasure>{entry.measure}</QCDRMeasure>
          <QCDRCodeValue>{entry.code}</QCDRCodeValue>
{leaf("          ", "QCDRModifier", entry.modifier)}        </QCDR>
"""
