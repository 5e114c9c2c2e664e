"""Case files of surgical centers in 2025, in a few words."""

from collections.abc import Iterable

from tests.case_files import NPI, TIN

CENTER, OTHER_CENTER = "12345-A1", "12345-A2"
GENERAL, NEURAXIAL, MONITORED = "General Anesthesia", "Neuraxial", "Monitored Anesthesia Care"

Reading = tuple[str | None, str, str | None]
"""Time of day, value, unit."""
Event = int | tuple[int, str]
"""An OutcomeID that occurred, or with its OutcomeTimeFrame."""


def an_asc_record(
    record_id: str = "A-1",
    *,
    day: str = "2025-03-03",
    center: str = CENTER,
    place: int | None = 24,
    age: int = 50,
    methods: Iterable[tuple[str, str, str]] = ((GENERAL, "08:00", "10:00"),),
    milestones: Iterable[tuple[str, str]] = (),
    temperatures: Iterable[Reading] = (),
    procedures: Iterable[str] = ("47562",),
    diagnoses: Iterable[str] = (),
    events: Iterable[Event] = (),
    not_occurred: Iterable[int] = (),
    discharge: str | None = None,
) -> str:
    """Return one AnesthesiaRecord. A modifier follows its CPT code after a hyphen: 45378-53."""
    return f"""\
  <AnesthesiaRecord>
    <Demographic><PatientSex>Female</PatientSex></Demographic>
    <Procedure>
      <FacilityID>{center}</FacilityID>{_place(place)}
      <ProcStatus>Elective</ProcStatus>
      <CPTSet>{"".join(map(_procedure, procedures))}</CPTSet>
    </Procedure>
    <AnesthesiaCase>
      <AnesthesiaRecordID>{record_id}</AnesthesiaRecordID>
      <AnesthesiaStaffSet><AnesthesiaStaff><TaxID>{TIN}</TaxID><NPI>{NPI}</NPI>
        <ProviderCredentials>Anesthesiologist</ProviderCredentials>
      </AnesthesiaStaff></AnesthesiaStaffSet>
      <AnesthesiaMethodSet>{"".join(_method(day, *each) for each in methods)}</AnesthesiaMethodSet>
    </AnesthesiaCase>
    <PreOp>
      <Age>{age}</Age>
      <ASAClass>II</ASAClass>{_set("ICDSet", map(_diagnosis, diagnoses))}
    </PreOp>
    <IntraOp>
      {_set("MonitoringPhysiologicSet", (_reading(day, *each) for each in temperatures))}
    </IntraOp>
    <PostOp>
      {f"<PostOpDischarge>{discharge}</PostOpDischarge>" if discharge else ""}
      <PaymentMethod><PaymentCode>Commercial</PaymentCode></PaymentMethod>
    </PostOp>
    {_set("TimingMilestones", (_milestone(day, *each) for each in milestones))}
    {_events([*map(_event, events), *(_outcome(each, "false", None) for each in not_occurred)])}
  </AnesthesiaRecord>
"""


def _set(name: str, parts: Iterable[str]) -> str:
    inside = "".join(parts)
    return f"<{name}>{inside}</{name}>" if inside else ""


def _place(place: int | None) -> str:
    if place is None:
        return ""
    return f"""
      <ProcedureLocation><LocationType>{place}</LocationType>
        <LocationDetails>Room 1</LocationDetails></ProcedureLocation>"""


def _procedure(code: str) -> str:
    value, _, modifier = code.partition("-")
    told = f"<CPTModifier>{modifier}</CPTModifier>" if modifier else ""
    return f"<CPT><CPTValue>{value}</CPTValue>{told}</CPT>"


def _diagnosis(code: str) -> str:
    return f"<ICD><ICDValue>{code}</ICDValue><ICDVersion>10</ICDVersion></ICD>"


def _method(day: str, category: str, start: str, end: str) -> str:
    return f"""
        <AnesthesiaMethod><AnesthesiaCategory>{category}</AnesthesiaCategory>
          <AnesthesiaStartTime>{_at(day, start)}</AnesthesiaStartTime>
          <AnesthesiaEndTime>{_at(day, end)}</AnesthesiaEndTime></AnesthesiaMethod>"""


def _reading(day: str, at: str | None, value: str, unit: str | None) -> str:
    time = f"<MonitoringTime>{_at(day, at)}</MonitoringTime>" if at else ""
    units = f"<MonitoringUnits>{unit}</MonitoringUnits>" if unit else ""
    return f"""
        <Monitoring><MonitoringName>Temperature</MonitoringName>{time}{units}
          <MonitoringValueNumeric>{value}</MonitoringValueNumeric></Monitoring>"""


def _milestone(day: str, name: str, at: str) -> str:
    return f"""
        <TimingMilestone><TMType>{name}</TMType>
          <TMStartTime>{_at(day, at)}</TMStartTime></TimingMilestone>"""


def _event(event: Event) -> str:
    outcome_id, frame = (event, None) if isinstance(event, int) else event
    return _outcome(outcome_id, "true", frame)


def _outcome(outcome_id: int, occurred: str, frame: str | None) -> str:
    when = f"<OutcomeTimeFrame>{frame}</OutcomeTimeFrame>" if frame else ""
    return f"""
        <Outcome><OutcomeID>{outcome_id}</OutcomeID>
          <OutcomeOccurred>{occurred}</OutcomeOccurred>{when}</Outcome>"""


def _events(outcomes: list[str]) -> str:
    return _set("OutcomesEvents", [_set("OutcomeSet", outcomes)] if outcomes else [])


def _at(day: str, time: str) -> str:
    return f"{day}T{time}" if time.count(":") == 2 else f"{day}T{time}:00"
