"""Master keys are replaced and everything is sealed anew, while case files come in."""

from functools import partial

import pytest
import zstandard

from app.domain.audit import SOME_OPERATOR
from app.domain.master_keys import MasterKeys
from app.intake.key_rotation import ReEncrypted, Rotation
from app.storage.sealing.data_keys import DataKeys
from app.storage.unit_of_work import UnitOfWork
from tests.case_files import a_case_file, a_record, records
from tests.commands import Nacor, nacor_on
from tests.databases import connect, text_of
from tests.registry import MASTER_KEY, PRACTICE, Caller, Registry
from tests.rotating import BOTH, OLD, files_by_key, files_coming_in
from tests.sealing import keys_used, unseal
from tests.sites import kill, site
from tests.waiting import wait_for


class Killed(Exception):
    """As a process ends that is killed: between two transactions or amid one."""


@pytest.fixture
def before(registry: Registry) -> Caller:
    """A vendor of the service as it was, with the old key alone: three cases, one replaced."""
    vendor = registry.with_settings(registry.vendor(), secret_key=OLD)
    vendor.send(a_case_file(records("A-1", "A-2", "A-3")))
    vendor.send(a_case_file(a_record("A-1", age="50")))
    return vendor


@pytest.fixture
def now(registry: Registry, before: Caller) -> Caller:
    """The same after a restart with the new key before the old one."""
    vendor = registry.with_settings(before, secret_key=BOTH)
    vendor.app.state.intake.keys.fresh_seconds = 0.1
    return vendor


def rotation_of(registry: Registry, service: Caller) -> Rotation:
    """As in a process of its own."""
    keys = DataKeys(registry.engine, MasterKeys([MASTER_KEY, OLD]), fresh_seconds=0.1)
    return Rotation(
        open_work=lambda: UnitOfWork(registry.engine, keys=keys),
        keys=keys,
        blobs=service.app.state.intake.blobs,
        by=SOME_OPERATOR,
    )


def re_encrypt(rotation: Rotation) -> ReEncrypted:
    under_way = rotation.begin()
    records_, files = rotation.seal_records(), rotation.seal_files()
    return rotation.finish(under_way, ReEncrypted(records=records_, files=files))


def masters_in_use(registry: Registry) -> set[str]:
    return {row[0] for row in registry.ask_database("SELECT master_key FROM data_keys")}


def test_wrapped_anew_everything_opens_without_the_old_master(
    registry: Registry, now: Caller
) -> None:
    assert rotation_of(registry, now).wrap_anew() == 2
    assert masters_in_use(registry) == {MasterKeys([MASTER_KEY]).newest}
    assert rotation_of(registry, now).wrap_anew() == 0
    assert keys_used(registry) == {1: 4}  # nothing that is stored was touched
    registry.check_invariants()
    after = registry.with_settings(now, secret_key=MASTER_KEY)
    assert after.send(a_case_file(a_record("A-4")))["status"] == "accepted"


def test_files_come_in_while_all_is_sealed_anew_and_the_process_is_killed(
    registry: Registry, now: Caller
) -> None:
    def kill(_: int) -> None:
        raise Killed

    with files_coming_in(now) as receipts:
        killed = rotation_of(registry, now)
        killed.wrap_anew()
        assert not killed.begin().is_resumed
        with pytest.raises(Killed):
            killed.seal_records(kill)
        with pytest.raises(Killed):
            rotation_of(registry, now).seal_files(kill)
        before = len(receipts)
        resumed = rotation_of(registry, now)
        under_way = resumed.begin()
        assert under_way.is_resumed
        so_far = ReEncrypted(records=resumed.seal_records(), files=resumed.seal_files())
        done = resumed.finish(under_way, so_far)
    assert len(receipts) > before, "the intake went on"
    assert {receipt["status"] for receipt in receipts} == {"accepted"}
    assert done.damaged == 0
    assert set(keys_used(registry)) == {2}, "no key was made for the second run"
    assert files_by_key(registry.intake.blobs) == {2}
    assert masters_in_use(registry) == {MasterKeys([MASTER_KEY]).newest}

    registry.check_invariants()
    after = registry.with_settings(registry.practice(), secret_key=MASTER_KEY)
    assert after.count() == 3 + len(receipts)
    content = after.get(f"/v1/submissions/{receipts[0]['id']}/file").content
    assert b"B-0" in content


def test_it_is_written_down_that_keys_were_renewed(registry: Registry, now: Caller) -> None:
    rotation = rotation_of(registry, now)
    rotation.wrap_anew()
    done = re_encrypt(rotation)
    assert (done.records.sealed, done.files.sealed) == (4, 2)
    entries = registry.admin().read("/v1/audit")["items"]
    ours = [entry for entry in entries if entry["actor"]["kind"] == "operator"]
    told = {entry["action"]: entry["details"] for entry in ours}
    assert told["data_keys.wrapped"]["count"] == "2"
    assert told["re_encryption.ended"] == {"records": "4", "files": "2"}
    assert "re_encryption.begun" in told
    re_encrypt(rotation_of(registry, now))
    assert set(keys_used(registry)) == {3}, "each run that was ended makes new keys"


def test_records_and_files_from_before_are_sealed(registry: Registry) -> None:
    vendor = registry.vendor()
    receipt = vendor.send(a_case_file(a_record("A-1"), a_record("A-2")))
    vendor.send(a_case_file(a_record("A-2", age="51")))
    unseal(registry)
    assert keys_used(registry) == {None: 3}
    registry.check_invariants()
    done = re_encrypt(rotation_of(registry, vendor))
    assert done.records.sealed == 3
    assert None not in keys_used(registry)
    file = registry.practice().get(f"/v1/submissions/{receipt['id']}/file")
    assert b"A-2" in file.content


def test_a_document_for_cms_is_sealed_anew_and_opens(registry: Registry, now: Caller) -> None:
    staff = registry.with_settings(registry.internal(), secret_key=BOTH)
    asked = {"params": {"practice_id": PRACTICE}, "json": {"performance_year": 2024}}
    made = staff.ask("POST", "/v1/cms-submissions", **asked).json()
    [document] = staff.read(made["links"]["documents"])["items"]
    before = staff.read(document["links"]["self"])
    rotation = rotation_of(registry, now)
    rotation.wrap_anew()
    re_encrypt(rotation)
    assert registry.ask_database("SELECT data_key FROM cms_documents") == [(2,)]
    assert staff.read(document["links"]["self"]) == before


def test_what_is_damaged_is_told_and_stays_as_it_is(registry: Registry, before: Caller) -> None:
    vendor = registry.with_settings(before, secret_key=BOTH)
    rows = "SELECT case_id, data FROM case_payloads ORDER BY case_id LIMIT 1"
    ((case_id, whole),) = registry.ask_database(rows)
    change = "UPDATE case_payloads SET data = %s WHERE case_id = %s"
    with registry.engine.begin() as connection:
        connection.exec_driver_sql(change, (bytes(whole)[:-1] + b"?", case_id))
    rotation = rotation_of(registry, vendor)
    rotation.wrap_anew()
    assert re_encrypt(rotation).records.damaged == 1
    with registry.engine.begin() as connection:
        connection.exec_driver_sql(change, (bytes(whole), case_id))
    assert keys_used(registry) == {1: 1, 2: 3}


@pytest.fixture
def nacor(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Nacor:
    monkeypatch.setenv("NACOR_DATA_DIR", str(registry.folder))
    return nacor_on(registry.engine, monkeypatch)


def test_the_command_tells_when_the_old_master_can_go(
    registry: Registry, before: Caller, nacor: Nacor, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = MasterKeys([OLD]).newest, MasterKeys([MASTER_KEY]).newest
    refused = nacor("encryption", "rotate")
    assert refused.exit_code == 2
    assert f"Records are sealed under {old}" in refused.stderr
    assert f"{old}: MISSING; wraps 2 data keys" in nacor("encryption", "status").stdout

    monkeypatch.setenv("NACOR_SECRET_KEY", BOTH)
    assert f"{old}: known; wraps 2 data keys" in nacor("encryption", "status").stdout
    assert nacor("encryption", "rotate").stdout == f"2 data keys are wrapped anew, by {new}.\n"
    told = nacor("encryption", "status").stdout
    assert f"{old}: known; wraps 0 data keys" in told
    assert f"{new}: known, seals what is new; wraps 2 data keys" in told
    assert "0 records are not sealed." in told

    monkeypatch.setenv("NACOR_SECRET_KEY", MASTER_KEY)
    assert nacor("verify").exit_code == 0
    assert [each for each in (OLD, MASTER_KEY) if each in told] == []


def test_the_command_seals_everything_anew(
    registry: Registry, before: Caller, nacor: Nacor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NACOR_SECRET_KEY", BOTH)
    nobody_to_wait_for = partial(Rotation, wait=lambda _: None)
    monkeypatch.setattr("app.cli.encryption.Rotation", nobody_to_wait_for)
    done = nacor("encryption", "rotate", "--re-encrypt")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "4 records and 2 files are sealed anew."
    assert keys_used(registry) == {2: 4}


def test_what_is_not_sealed_is_a_fault_until_it_is(
    registry: Registry, nacor: Nacor, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.vendor().send(a_case_file(records("A-1", "A-2")))
    registry.vendor().send(a_case_file(a_record("A-1", age="50")))
    monkeypatch.setenv("NACOR_SECRET_KEY", MASTER_KEY)
    whole = nacor("verify")
    assert whole.exit_code == 0, whole.output
    assert whole.stdout.splitlines()[-2:] == ["records in clear: 0", "files in clear: 0"]

    unseal(registry)
    sealed = next((registry.folder / "blobs").glob("??/??/*.zst"))
    with registry.intake.blobs.open(sealed.stem) as file:
        sealed.write_bytes(zstandard.compress(file.read()))
    told = nacor("verify")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-2:] == ["records in clear: 3", "files in clear: 1"]
    assert nacor("verify", "--practice", PRACTICE).exit_code == 1

    nobody_to_wait_for = partial(Rotation, wait=lambda _: None)
    monkeypatch.setattr("app.cli.encryption.Rotation", nobody_to_wait_for)
    assert nacor("encryption", "rotate", "--re-encrypt").exit_code == 0
    assert nacor("verify").exit_code == 0


@pytest.mark.soak
def test_a_command_that_is_killed_amid_it_goes_on_when_started_again(registry: Registry) -> None:
    """It is stopped between records and their versions by a lock, and killed there."""
    vendor = registry.vendor()
    vendor.send(a_case_file(records("A-1", "A-2", "A-3")))
    vendor.send(a_case_file(a_record("A-1", age="50")))
    words = ("encryption", "rotate", "--re-encrypt")
    url = text_of(registry.engine.url.set(drivername="postgresql"))
    with site(registry.folder, database_url=url) as built, connect(registry.engine.url) as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE case_versions IN EXCLUSIVE MODE")
        process = built.start(*words, name="rotation")
        wait_for(lambda: keys_used(registry) == {1: 1, 2: 3})
        kill(process)
        other.execute("ROLLBACK")
        assert vendor.send(a_case_file(a_record("A-4")))["status"] == "accepted"
        done = built.run(*words)
    assert done.returncode == 0, done.stderr
    assert "Going on with what was begun before." in done.stdout
    assert keys_used(registry) == {2: 5}
