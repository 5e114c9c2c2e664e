"""Everything is sealed anew while case files come in, and the process is killed at any moment."""

import random
import time

import pytest

from tests.case_files import a_case_file, a_record, records
from tests.databases import text_of
from tests.registry import MASTER_KEY, PRACTICE, Registry
from tests.rotating import BOTH, OLD, files_by_key, files_coming_in
from tests.sealing import keys_used
from tests.sites import await_process, kill, site

pytestmark = pytest.mark.soak

FILES, ROUNDS, KILLS = 150, 3, 4
ROTATION = ("encryption", "rotate", "--re-encrypt")


def is_at_work(registry: Registry) -> bool:
    question = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'rotation'"
    return bool(registry.ask_database(question))


def re_encryptions(registry: Registry) -> tuple[int, int]:
    """How many were begun, and how many of them have ended."""
    [row] = registry.ask_database("SELECT count(*), count(ended_at) FROM re_encryptions")
    return row[0], row[1]


def test_killed_again_and_again_it_ends_with_everything_under_the_new_keys(
    registry: Registry,
) -> None:
    """In its last seconds, too, when it waits until everybody knows the new keys."""
    chance = random.Random(23)
    before = registry.with_settings(registry.vendor(), secret_key=OLD)
    sent = [before.send(a_case_file(records(f"{each}-A", f"{each}-B"))) for each in range(FILES)]
    for each in range(FILES):
        before.send(a_case_file(a_record(f"{each}-A", age="50")))
    now = registry.with_settings(before, secret_key=BOTH)
    reader = registry.with_settings(registry.practice(), secret_key=BOTH)
    [cases, *_] = reader.pages("/v1/cases", practice_id=PRACTICE, limit=500)
    url = text_of(registry.engine.url.set(drivername="postgresql"))
    with (
        site(registry.folder, database_url=url, secret_key=BOTH) as built,
        files_coming_in(now, every_seconds=0.2) as receipts,
    ):
        for _ in range(ROUNDS):
            for _ in range(KILLS):
                process = built.start(*ROTATION, name="rotation")
                await_process(lambda: is_at_work(registry))
                time.sleep(chance.choice((chance.uniform(0, 3), chance.uniform(9, 13))))
                kill(process)
                assert reader.get(chance.choice(sent)["links"]["file"]).status_code == 200
                record = f"/v1/cases/{chance.choice(cases)['case_id']}/record"
                assert reader.get(record).status_code == 200
            done = built.run(*ROTATION)
            assert done.returncode == 0, done.stdout + done.stderr
            begun, ended = re_encryptions(registry)
            assert begun == ended
            assert set(keys_used(registry)) == {begun + 1}, "one new key for each that was begun"
            assert files_by_key(registry.intake.blobs) == {begun + 1}
    assert {receipt["status"] for receipt in receipts} == {"accepted"}
    with site(registry.folder, database_url=url, secret_key=MASTER_KEY) as after:
        proof = after.run("verify")
        assert proof.returncode == 0, proof.stdout + proof.stderr
        assert after.run("audit", "verify").returncode == 0
    alone = registry.with_settings(reader, secret_key=MASTER_KEY)
    for receipt in (*sent, *receipts):
        assert b"<AnesthesiaRecords" in alone.get(receipt["links"]["file"]).content
