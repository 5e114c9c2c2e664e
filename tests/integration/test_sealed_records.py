"""Records are kept sealed, for their practice and their case, under the keys of the deployment."""

import logging
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.domain.errors.service import KeysMissing
from app.domain.identifiers import PracticeId
from app.domain.master_keys import MasterKeys
from app.opening import master_keys_of
from app.settings import Settings
from app.storage.sealing.data_keys import DataKeys, KeysOf
from app.storage.sealing.records import RecordDamaged, RecordSeals
from tests.case_files import TIN, a_case_file, a_record
from tests.registry import MASTER_KEY, OTHER_PRACTICE, PRACTICE, Registry
from tests.sealing import execute, unreadable_records, unseal

OTHER_MASTER = "another master key which nobody here was told of"
SWAP = """UPDATE case_payloads one SET data = other.data FROM case_payloads other
    WHERE one.case_id <> other.case_id"""
BORN = {"PatientID": "P-4711", "DOB": "1977-05-14", "HomeZip": "60173"}


def sealed_rows(registry: Registry) -> list[tuple[bytes, int | None]]:
    rows = registry.ask_database("SELECT data, data_key FROM case_payloads ORDER BY case_id")
    return [(bytes(data), data_key) for data, data_key in rows]


def case_of(registry: Registry, practice: str = PRACTICE) -> str:
    ((case_id,),) = registry.ask_database(
        "SELECT case_id FROM cases WHERE practice_id = :id", id=practice
    )
    return str(case_id)


def test_a_record_is_sealed_with_the_key_of_its_practice(registry: Registry) -> None:
    registry.vendor().send(a_case_file(a_record(more=BORN)))
    ((stored, data_key),) = sealed_rows(registry)
    assert data_key == 1
    with pytest.raises(RecordDamaged):
        RecordSeals(PracticeId(OTHER_PRACTICE), KeysOf(registry.intake.keys, PRACTICE)).open(
            UUID(case_of(registry)), data_key, stored
        )
    owners = registry.ask_database("SELECT practice_id, number FROM data_keys ORDER BY 1")
    assert owners == [("", 1), (PRACTICE, 1)]


def test_who_a_case_is_about_is_told_from_the_sealed_record(registry: Registry) -> None:
    vendor, practice = registry.vendor(), registry.practice()
    vendor.send(a_case_file(a_record(more=BORN, procedure_id="S-1")))
    vendor.send(a_case_file(a_record(more={**BORN, "PatientID": "P-4712"}, age="47")))
    address = f"/v1/cases/{case_of(registry)}"
    fields = practice.read(address)["fields"]
    told = (fields["patient_id"], fields["date_of_birth"], fields["home_zip"])
    assert told == ("P-4712", "1977-05-14", "60173")
    versions = practice.read(f"{address}/history")["items"]
    assert [version["fields"]["patient_id"] for version in versions] == ["P-4712", "P-4711"]
    assert [version["fields"]["procedure_id"] for version in versions] == [None, "S-1"]
    columns = {
        column
        for (column,) in registry.ask_database(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'cases'"
        )
    }
    assert "age_years" in columns
    assert columns.isdisjoint({"patient_id", "date_of_birth", "home_zip", "procedure_id"})


def test_records_that_change_their_cases_are_noticed(registry: Registry) -> None:
    registry.vendor().send(a_case_file(a_record("A-1", more=BORN), a_record("A-2", age="50")))
    execute(registry, SWAP)
    (case_id, _) = (row[0] for row in registry.ask_database("SELECT case_id FROM cases"))
    shown = registry.practice().read(f"/v1/cases/{case_id}")
    assert shown["fields"]["patient_id"] is None  # not that of another patient
    assert unreadable_records(registry) == 2
    execute(registry, SWAP)


def test_a_damaged_record_is_mended_by_sending_it_again(registry: Registry) -> None:
    vendor = registry.vendor()
    vendor.send(a_case_file(a_record(more=BORN)))
    execute(registry, "UPDATE case_payloads SET data = set_byte(data, 30, get_byte(data, 30) # 1)")
    assert unreadable_records(registry) == 1
    assert (
        vendor.send(a_case_file(a_record(more=BORN), a_record("A-2")))["records"]["replaced"] == 1
    )
    assert unreadable_records(registry) == 0


def test_a_record_from_before_records_were_sealed_is_read_as_it_is(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record(more=BORN)))
    unseal(registry)
    assert sealed_rows(registry)[0][1] is None
    address = f"/v1/cases/{case_of(registry)}"
    assert practice.read(address)["fields"]["patient_id"] == "P-4711"
    assert practice.get(f"{address}/record").content.startswith(b"<AnesthesiaRecord>")
    again = practice.send(a_case_file(a_record(more=BORN), a_record("A-2")))
    assert again["records"]["unchanged"] == 1


def test_nothing_is_sealed_with_another_key_where_the_right_one_is_missing(
    registry: Registry,
) -> None:
    registry.vendor().send(a_case_file())
    registry.register(OTHER_PRACTICE, TIN)
    wrong = registry.with_settings(registry.vendor(OTHER_PRACTICE), secret_key=OTHER_MASTER)
    answer = wrong.submit(a_case_file(practice_id=OTHER_PRACTICE), practice_id=OTHER_PRACTICE)
    ready = wrong.get("/readyz")
    for refused in (answer, ready):
        assert refused.status_code == 503
        assert refused.json()["type"].endswith("/docs/problems/keys-missing")
        assert MasterKeys([MASTER_KEY]).newest in refused.json()["detail"]
        assert MASTER_KEY not in refused.text
    assert {row[0] for row in registry.ask_database("SELECT practice_id FROM data_keys")} == {
        "",
        PRACTICE,
    }
    assert registry.vendor().get("/readyz").status_code == 200


def test_all_masters_open_and_the_first_seals(registry: Registry) -> None:
    registry.vendor().send(a_case_file())
    both = MasterKeys([OTHER_MASTER, MASTER_KEY])
    keys = DataKeys(registry.engine, both)
    assert keys.newest(PRACTICE).key == registry.intake.keys.newest(PRACTICE).key
    keys.newest(OTHER_PRACTICE)
    rows = registry.ask_database("SELECT practice_id, master_key FROM data_keys")
    assert dict(rows)[OTHER_PRACTICE] == both.newest
    with pytest.raises(KeysMissing, match=both.newest):
        registry.intake.keys.check()


def test_two_processes_make_one_data_key(registry: Registry) -> None:
    masters = MasterKeys([MASTER_KEY])
    one, other = (DataKeys(registry.engine, masters) for _ in range(2))
    assert one.newest("1").key == other.newest("1").key


def test_a_damaged_data_key_is_told(registry: Registry) -> None:
    registry.intake.keys.newest(PRACTICE)
    execute(registry, "UPDATE data_keys SET wrapped = set_byte(wrapped, 20, 0)")
    execute(registry, "UPDATE data_keys SET wrapped = set_byte(wrapped, 21, 0)")
    with pytest.raises(KeysMissing, match="damaged"):
        DataKeys(registry.engine, MasterKeys([MASTER_KEY])).newest(PRACTICE)


def test_a_deployment_without_a_key_makes_one_and_says_to_keep_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    with caplog.at_level(logging.WARNING):
        made = master_keys_of(settings)
    assert "without it every record" in caplog.text
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert settings.key_file.read_text().strip() not in caplog.text
    assert master_keys_of(settings).newest == made.newest
    later = master_keys_of(Settings(data_dir=tmp_path / "var", secret_key=OTHER_MASTER))
    assert later.newest == MasterKeys([OTHER_MASTER]).newest
    assert later.names == {later.newest, made.newest}
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["master.key"]


def test_a_database_of_ones_own_needs_the_setting(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://registry@db.example/registry")
    with pytest.raises(KeysMissing, match="NACOR_SECRET_KEY"):
        master_keys_of(settings)
    assert list(tmp_path.iterdir()) == []


def test_no_two_records_are_sealed_alike(registry: Registry) -> None:
    seals = RecordSeals(PracticeId(PRACTICE), KeysOf(registry.intake.keys, PRACTICE))
    case_id = uuid4()
    assert len({seals.seal(case_id, b"the same record") for _ in range(100)}) == 100
