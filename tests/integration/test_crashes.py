"""Whatever dies, and wherever in the way of a large file: it ends as if nothing had died.

Real servers, workers and a real database are killed with SIGKILL, each while many files are at once
at every seam that it can leave them at. Then it is started again, and what is stored is compared
with what a file without a crash left.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import psycopg
import pytest

from tests.crash_scene import REFERENCE, Scene, Sender, a_scene, terminate
from tests.seams import (
    BEGUN,
    COPYING,
    COUNTING,
    ENDING,
    KEEPING_VERSIONS,
    RECORDING,
    Gate,
    Seam,
    is_committed_untold,
)
from tests.sites import PATIENCE_SECONDS, Process, await_process, end, kill

IN_A_WORKER = (BEGUN, KEEPING_VERSIONS, COPYING, COUNTING, ENDING)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("site"), cases=120) as built:
        yield built


@pytest.fixture(autouse=True)
def _no_worker_stays(scene: Scene) -> Iterator[None]:
    yield
    scene.site.kill_workers()


@pytest.fixture
def looker(scene: Scene) -> Iterator[psycopg.Connection]:
    with scene.cluster.connect_as_superuser() as connection:
        yield connection


def test_the_large_file_does_everything_that_a_file_can_do(scene: Scene) -> None:
    """Else the comparisons below would prove little."""
    receipt = scene.read("/v1/submissions", practice_id=REFERENCE)["items"][0]
    assert receipt["status"] == "partially_accepted"
    assert min(receipt["records"].values()) > 0, receipt["records"]
    assert receipt["findings"]["error"] > 0
    assert scene.expected["stored"]["case_versions"]


def test_a_server_killed(scene: Scene, looker: psycopg.Connection) -> None:
    half_sent, recording, untold, answered = "10001", "10002", "10003", "10004"
    small = "10005"
    everybody = (half_sent, recording, untold, answered)
    for practice in everybody:
        scene.know(practice)
    promised = scene.send_large(answered).json()["id"]
    with ExitStack() as gates:
        all_gates = enter_all(gates, scene, {recording: RECORDING, small: BEGUN})
        senders = {half_sent: Sender(scene=scene, practice=half_sent).start_and_pause()}
        await_process(scene.is_receiving)
        senders[recording] = Sender(scene=scene, practice=recording).start()
        small_file = scene.small_file(small)
        senders[small] = Sender(scene=scene, practice=small, file=small_file).start()
        await_process(lambda: are_reached(looker, *all_gates.values()))
        scene.cluster.hold_commits()
        sha256 = scene.sha256(untold)
        senders[untold] = Sender(scene=scene, practice=untold).start()
        await_process(lambda: is_committed_untold(looker, sha256, seed=1))
        kill(scene.site.server)
        scene.cluster.let_commits_go()
    for sender in senders.values():
        sender.go_on.set()
        assert isinstance(sender.answer(), httpx.TransportError)

    scene.site.start_server()
    answers = {practice: scene.send_until_taken(practice) for practice in everybody}
    assert {practice: answer.status_code for practice, answer in answers.items()} == {
        half_sent: 202,
        recording: 202,
        untold: 200,  # it was received, though the sender could not know
        answered: 200,
    }
    assert answers[answered].json()["id"] == promised
    assert scene.send(small, small_file).json()["status"] == "processing"  # nobody is at it
    worker = scene.site.start_worker("afterwards")
    scene.wait_for_end(small)
    assert scene.send_large(small).status_code == 202
    scene.check_as_without_a_crash(*everybody, small)
    assert end(worker) == 0


def test_a_worker_killed(scene: Scene, looker: psycopg.Connection) -> None:
    """Another one begins its files anew. One that kills its worker three times ends as failed."""
    at_seams = {str(10_011 + n): seam for n, seam in enumerate(IN_A_WORKER)}
    untold, deadly = "10018", "10019"
    for practice in (*at_seams, untold, deadly):
        scene.know(practice)
        assert scene.send_large(practice).status_code == 202
    with ExitStack() as opened_last:
        at_end = opened_last.enter_context(scene.gate(BEGUN, deadly))
        with ExitStack() as gates:
            all_gates = enter_all(gates, scene, {**at_seams, untold: ENDING})
            first = start_worker(scene, "first")
            await_process(lambda: are_reached(looker, *all_gates.values(), at_end))
            of_first = scene.listed_workers()
            second = start_worker(scene, "second")
            await_process(lambda: workers(looker) == {"first", "second"})
            scene.cluster.hold_commits()
            all_gates[untold].open()
            await_process(lambda: is_committed_untold(looker, f"cases of {untold}", seed=0))
            kill(first)
            scene.cluster.let_commits_go()
        terminate(looker, at_end.waiting(looker))
        scene.let_silence_pass(of_first)
        await_process(lambda: at_end.waiting(looker))
        scene.check_as_without_a_crash(*at_seams, untold)

        of_second = scene.listed_workers()
        third = start_worker(scene, "third")
        await_process(lambda: workers(looker) == {"second", "third"})
        kill(second)
        terminate(looker, at_end.waiting(looker))
        scene.let_silence_pass(of_second)
        await_process(lambda: at_end.waiting(looker))
        kill(third)
        terminate(looker, at_end.waiting(looker))
        scene.let_silence_pass(scene.listed_workers())
    fourth = start_worker(scene, "fourth")
    scene.wait_for_end(deadly)
    (receipt,) = scene.read("/v1/submissions", practice_id=deadly, limit=1)["items"]
    assert (receipt["status"], set(receipt["records"].values())) == ("failed", {0})
    cause = "its process ended without a word 3 times"
    assert scene.ask_database("SELECT failure_cause FROM submissions WHERE status = 'failed'") == [
        (cause,)
    ]
    assert cause not in str(receipt)

    with scene.running_to_the_end(BEGUN, "10010") as gate:
        await_process(lambda: gate.waiting(looker))
        fourth.terminate()
        await_process(lambda: not workers(looker))
    assert fourth.wait(timeout=PATIENCE_SECONDS) == 0
    scene.check_as_without_a_crash("10010")


def test_a_database_killed_under_a_server(scene: Scene, looker: psycopg.Connection) -> None:
    """Senders are told to come again, whatever was reached; the server goes on by itself."""
    half_sent, recording, untold = everybody = ("10021", "10022", "10023")
    small = "10024"
    for practice in everybody:
        scene.know(practice)
    with ExitStack() as gates:
        all_gates = enter_all(gates, scene, {recording: RECORDING, small: BEGUN})
        senders = [Sender(scene=scene, practice=half_sent).start_and_pause()]
        await_process(scene.is_receiving)
        senders.append(Sender(scene=scene, practice=recording).start())
        small_file = scene.small_file(small)
        at_work = Sender(scene=scene, practice=small, file=small_file).start()
        await_process(lambda: are_reached(looker, *all_gates.values()))
        scene.cluster.hold_commits()
        sha256 = scene.sha256(untold)
        senders.append(Sender(scene=scene, practice=untold).start())
        await_process(lambda: is_committed_untold(looker, sha256, seed=1))
        scene.cluster.kill()

    for sender in senders:
        sender.go_on.set()
        answer = sender.answer()
        assert isinstance(answer, httpx.Response)
        assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    promise = at_work.answer()
    assert isinstance(promise, httpx.Response)
    assert (promise.status_code, promise.json()["status"]) == (202, "processing")
    assert scene.send_large(half_sent).status_code == 503
    assert not scene.is_receiving()
    ready = {path: scene.ask("GET", path).status_code for path in ("/healthz", "/readyz")}
    assert ready == {"/healthz": 200, "/readyz": 503}

    scene.cluster.start()
    scene.cluster.let_commits_go()
    answers = {practice: scene.send_until_taken(practice) for practice in everybody}
    assert {practice: answer.status_code for practice, answer in answers.items()} == {
        half_sent: 202,
        recording: 202,
        untold: 200,
    }
    worker = scene.site.start_worker("afterwards")
    scene.wait_for_end(small)
    assert scene.send_large(small).status_code == 202
    scene.check_as_without_a_crash(*everybody, small)
    assert scene.site.server.poll() is None
    assert end(worker) == 0


@pytest.mark.soak
def test_a_database_killed_under_a_worker(scene: Scene) -> None:
    """The worker waits for its return and begins its files anew."""
    at_seams = {str(10_031 + n): seam for n, seam in enumerate(IN_A_WORKER)}
    untold = "10038"
    everybody = (*at_seams, untold)
    for practice in everybody:
        scene.know(practice)
        assert scene.send_large(practice).status_code == 202
    with ExitStack() as gates:
        looker = gates.enter_context(scene.cluster.connect_as_superuser())
        all_gates = enter_all(gates, scene, {**at_seams, untold: ENDING})
        worker = scene.site.start_worker("survivor")
        await_process(lambda: are_reached(looker, *all_gates.values()))
        scene.cluster.hold_commits()
        all_gates[untold].open()
        await_process(lambda: is_committed_untold(looker, f"cases of {untold}", seed=0))
        scene.cluster.kill()

    scene.cluster.start()
    scene.cluster.let_commits_go()
    scene.check_as_without_a_crash(*everybody)
    assert (scene.site.server.poll(), worker.poll()) == (None, None)
    assert end(worker) == 0


def test_what_is_kept_follows_from_the_records(scene: Scene) -> None:
    """After everything above, or whichever part of it ran."""
    proof = scene.site.run("verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr


def start_worker(scene: Scene, name: str) -> Process:
    """One that only the test takes for dead, however slow it is."""
    return scene.site.start_worker(name, worker_silence_seconds=300)


def enter_all(gates: ExitStack, scene: Scene, seams: dict[str, Seam]) -> dict[str, Gate]:
    return {
        practice: gates.enter_context(scene.gate(seam, practice))
        for practice, seam in seams.items()
    }


def are_reached(looker: psycopg.Connection, *gates: Gate) -> bool:
    return all(gate.waiting(looker) for gate in gates)


def workers(looker: psycopg.Connection) -> set[str]:
    """Those that listen for jobs, by their names.

    Who has heard nothing for half a minute asks `SELECT 1`, to see whether the line is dead.
    """
    found = looker.execute(
        """SELECT application_name FROM pg_stat_activity
           WHERE (query LIKE 'LISTEN%' OR query = 'SELECT 1') AND application_name <> 'server'"""
    )
    return {row[0] for row in found}
