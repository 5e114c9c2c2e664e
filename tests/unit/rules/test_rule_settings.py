"""What a deployment decides about the rules, in the file that NACOR_RULES_FILE names."""

import io
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sample_records import a_record, codes_of, sample_record, sized, with_staff
from typer.testing import CliRunner

from app.checking.checker import CheckedRecord, Expectation, check_case_file
from app.checking.standards import Standards
from app.cli.main import app
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import FindingCode, Severity
from app.rules.definition import RulesFileWrong
from app.rules.loading import load_rule_book, shipped_rules
from app.xsd.catalogue import shipped_schemas
from app.xsd.samples import sample_case_file

RULES = shipped_rules()


def close_up(xml: str) -> str:
    return re.sub(r">\s+<", "><", xml)


SCHEMAS = shipped_schemas()
SAMPLE = close_up(sample_case_file(SCHEMAS.get("2020V1.0")).decode())


def at_fault(code: FindingCode) -> bytes:
    """The sample case file with the bad example of the code in place of the good one."""
    entry = finding_catalogue()[code]
    assert entry.bad is not None
    assert entry.good is not None
    return SAMPLE.replace(close_up(entry.good), close_up(entry.bad), 1).encode()


def checked(case_file: bytes, rules_file: Path) -> Iterator[CheckedRecord]:
    standards = Standards(schemas=SCHEMAS, rules=load_rule_book(rules_file))
    expectation = Expectation(day=date(2020, 6, 1))
    for each in check_case_file(io.BytesIO(case_file), standards, expectation):
        if isinstance(each, CheckedRecord):
            yield each


@pytest.fixture
def rules_file(tmp_path: Path) -> Path:
    return tmp_path / "rules.toml"


@pytest.mark.parametrize("code", RULES)
def test_every_rule_warns_as_it_is_shipped(code: FindingCode, rules_file: Path) -> None:
    rules_file.touch()
    first, _ = checked(at_fault(code), rules_file)
    assert {(each.code, each.severity) for each in first.findings} == {(code, Severity.WARNING)}
    assert first.is_valid


@pytest.mark.parametrize("code", RULES)
def test_every_rule_can_be_switched_off(code: FindingCode, rules_file: Path) -> None:
    rules_file.write_text(f"{code}.enabled = false\n")
    first, _ = checked(at_fault(code), rules_file)
    assert code not in {each.code for each in first.findings}


@pytest.mark.parametrize("code", RULES)
def test_a_rule_that_is_an_error_rejects_the_record_alone(
    code: FindingCode, rules_file: Path
) -> None:
    rules_file.write_text(f'{code}.severity = "error"\n')
    first, second = checked(at_fault(code), rules_file)
    assert (first.is_valid, second.is_valid) == (False, True)


FIGURES = [
    # settings                                     record                              as shipped
    ("AR306.lists.dummies = []", a_record(TaxID="123456789"), ["AR306"]),
    (
        'AR308.lists."MD-DIRECTING" = ["physician"]',
        with_staff(sample_record(), "Anesthesiologist"),
        ["AR308"],
    ),
    (
        'AR309.lists.clinicians = ["Registered Nurse"]',
        with_staff(sample_record(), "Registered Nurse"),
        ["AR309"],
    ),
    (
        "AR311.numbers.hours = 48",
        a_record(AnesthesiaEndTime="2020-03-02T09:30:00.000", PostOpDischargeDateTime=None),
        ["AR311"],
    ),
    (
        "AR318.numbers.hours = 48",
        a_record(ProcStartTime=None, ProcEndTime="2020-02-29T08:00:00", AdmissionDate=None),
        ["AR318"],
    ),
    (
        "AR319.numbers.minutes = 60",
        a_record(AnesthesiaInductionStartTime="2020-03-01T07:00:00"),
        ["AR319"],
    ),
    ("AR320.numbers.years = 2", a_record(Age="48"), ["AR320"]),
    ("AR321.numbers.adult_least = 0", sized(WeightInKg="7.5"), ["AR321"]),
    ("AR322.numbers.adult_least = 60", sized(HeightInCm="89"), ["AR322"]),
    ("AR323.numbers = { percent = 10, kg = 1, cm = 3 }", a_record(Weight="175"), ["AR323"]),
    ("AR324.numbers.from_years = 60", a_record(Weight=None, WeightInKg="25"), ["AR324"]),
    ("AR325.numbers.celsius_most = 50", a_record(MonitoringValueNumeric="46"), ["AR325"]),
    (
        "AR331.numbers.icd_10_from = 20210101",
        a_record(ICDValue="574.20", ICDVersion="9"),
        ["AR331"],
    ),
    ('AR332.lists.others = ["47000-48000"]', a_record(CPTAnesValue="47562"), ["AR332"]),
    (
        'AR333.lists.status_without_e = ["Emergency", "Elective"]',
        a_record(ProcStatus="Emergency"),
        ["AR333"],
    ),
    ("AR334.lists.Epidural = []", a_record(AnesthesiaSubCategory="Epidural"), ["AR334"]),
    ('AR335.lists.any_day = ["patient"]', a_record(TMStartTime="2020-01-01T07:00:00"), ["AR335"]),
    (
        "AR336.lists.comes_first = []",
        a_record(AdmissionDate="2020-03-01T16:00:00"),
        ["AR336"],
    ),
    ('AR340.lists.none = ["Mild Harm", "No Harm"]', a_record(OutcomeOccurred="false"), ["AR340"]),
    ('AR360.lists.without_surgeon = ["00790"]', a_record(CPTSet=None), ["AR360"]),
]


@pytest.mark.parametrize(("settings", "record", "shipped"), FIGURES)
def test_a_rule_takes_other_figures(
    settings: str, record: str, shipped: list[str], rules_file: Path
) -> None:
    assert codes_of(record) == shipped
    rules_file.write_text(settings)
    changed = codes_of(record, book=load_rule_book(rules_file))
    assert changed == [] or settings.startswith("AR331")  # its other diagnoses are of ICD-10 now
    assert changed != shipped


def test_a_cause_that_is_switched_off_hides_nothing(rules_file: Path) -> None:
    """As shipped, the rule about the date of birth speaks for the one about the age."""
    record = a_record(DOB="2073-05-14")
    assert codes_of(record) == ["AR314"]
    rules_file.write_text("AR314.enabled = false")
    assert codes_of(record, book=load_rule_book(rules_file)) == ["AR320"]


WRONG = [
    # the file                                what is said of it
    ("AR999.enabled = false", "AR999 is not the code of a finding"),
    ("AR201.enabled = false", "AR201 is no rule that can be switched or graded"),
    ("AR311.enable = false", "AR311.enable: Extra inputs are not permitted"),
    ('AR311.severity = "fatal"', "AR311.severity: Input should be 'error', 'warning' or 'info'"),
    ('AR311.enabled = "perhaps"', "AR311.enabled: Input should be a valid boolean"),
    ("AR311.numbers.days = 2", "AR311 takes no days"),
    ("AR306.lists.tins = []", "AR306 takes no tins"),
    ("AR311.numbers.hours = true", "AR311.numbers.hours: Value error, a number is asked for"),
    ("AR311.numbers.hours = nan", "AR311.numbers.hours: Input should be a finite number"),
    ('AR311.numbers.hours = "a day"', "AR311.numbers.hours: Input should be a valid decimal"),
    ('AR306.lists.dummies = "111"', "AR306.lists.dummies: Input should be a valid tuple"),
    ("AR311 = 24", "AR311: a table is asked for"),
    ("AR311", "is not TOML: "),
    (b"\xff", "is not TOML: "),
]


@pytest.mark.parametrize(("content", "said"), WRONG)
def test_a_file_that_cannot_be_followed_is_refused_with_the_reason(
    content: str | bytes, said: str, rules_file: Path
) -> None:
    rules_file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(RulesFileWrong, match=f"^{re.escape(str(rules_file))}:? {re.escape(said)}"):
        load_rule_book(rules_file)


@pytest.mark.parametrize("command", ["validate", "serve", "worker"])
@pytest.mark.parametrize("fault", ["wrong", "missing"])
def test_a_command_ends_with_one_line(
    command: str, fault: str, rules_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "wrong":
        rules_file.write_text("AR999.enabled = false")
    case_file = rules_file.with_name("sample.xml")
    case_file.write_text(SAMPLE)
    monkeypatch.setenv("NACOR_RULES_FILE", str(rules_file))
    monkeypatch.setenv("NACOR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    words = [command, str(case_file)] if command == "validate" else [command]
    done = CliRunner().invoke(app, words)
    what = (
        ": AR999 is not the code of a finding"
        if fault == "wrong"
        else " cannot be read: No such file or directory"
    )
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"nacor: {rules_file}{what}\n"


def test_the_example_of_the_handbook_is_followed(rules_file: Path) -> None:
    how_to = Path(__file__).parents[3] / "docs" / "how-to" / "grade-rules.md"
    rules_file.write_text(how_to.read_text().partition("```toml\n")[2].partition("```")[0])
    rules = {rule.code.value: rule for rule in load_rule_book(rules_file).rules}
    assert rules["AR321"].given.numbers["infant_least"] == Decimal("0.25")
    assert rules["AR321"].given.numbers["infant_most"] == 20
    assert rules["AR305"].severity is Severity.ERROR
    assert rules["AR308"].given.lists["MD-DIRECTING"] == ("physician",)
    assert "AR360" not in rules


def test_validate_follows_the_file(rules_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case_file = rules_file.with_name("sample.xml")
    case_file.write_bytes(at_fault(FindingCode.EMERGENCY_DISAGREES))
    assert CliRunner().invoke(app, ["validate", str(case_file)]).exit_code == 0
    rules_file.write_text('AR333.severity = "error"')
    monkeypatch.setenv("NACOR_RULES_FILE", str(rules_file))
    assert CliRunner().invoke(app, ["validate", str(case_file)]).exit_code == 1


def test_the_shipped_rules_say_nothing_that_nobody_reads() -> None:
    read = {
        "severity",
        "source",
        "assumed",
        "echo_of",
        "first_year",
        "last_year",
        "numbers",
        "lists",
    }
    files = (Path(__file__).parents[3] / "app" / "rules" / "data").glob("*.toml")
    entries = [entry for file in files for entry in tomllib.loads(file.read_text()).values()]
    assert entries != []
    assert [set(entry) - read for entry in entries if set(entry) - read] == []
