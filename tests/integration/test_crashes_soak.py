"""Longer files, each seam by itself, and kills at moments that nobody has chosen."""

import random
import time
from collections.abc import Iterator

import pytest

from tests.crash_scene import PRACTICES, Scene, Sender, a_scene
from tests.seams import BEGUN, COPYING, COUNTING, ENDING, KEEPING_VERSIONS, Seam
from tests.sites import await_process, kill

pytestmark = pytest.mark.soak

CASES = 2_500  # two batches and a half


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("soak"), cases=CASES) as built:
        yield built


@pytest.fixture(scope="module")
def numbers() -> Iterator[str]:
    return iter(PRACTICES[1:])


@pytest.fixture(autouse=True)
def _no_worker_stays(scene: Scene) -> Iterator[None]:
    yield
    scene.site.kill_workers()


@pytest.mark.parametrize("victim", ["worker", "database"])
@pytest.mark.parametrize(
    "seam", [BEGUN, KEEPING_VERSIONS, COPYING, COUNTING, ENDING], ids=lambda seam: seam.name
)
def test_each_seam_alone(scene: Scene, numbers: Iterator[str], seam: Seam, victim: str) -> None:
    practice = next(numbers)
    scene.know(practice)
    assert scene.send_large(practice).status_code == 202
    with scene.cluster.connect_as_superuser() as looker, scene.gate(seam, practice) as gate:
        scene.site.start_worker("worker")
        await_process(lambda: gate.waiting(looker))
        take(scene, victim)
    bring_back(scene, victim)
    scene.check_as_without_a_crash(practice)


@pytest.mark.parametrize("seed", range(24))
def test_a_kill_at_any_moment(scene: Scene, numbers: Iterator[str], seed: int) -> None:
    """Twice, while three practices send."""
    scene.site.start_worker("worker")
    chance = random.Random(seed)
    practices = [next(numbers) for _ in range(3)]
    for practice in practices:
        scene.know(practice)
    senders = [Sender(scene=scene, practice=practice).start() for practice in practices]
    for _ in range(2):
        time.sleep(chance.uniform(0, 3))
        victim = chance.choice(["server", "worker", "database"])
        take(scene, victim)
        bring_back(scene, victim)
    for sender in senders:
        sender.answer()
    for practice in practices:
        scene.send_until_taken(practice)
    scene.check_as_without_a_crash(*practices)


def test_what_is_kept_follows_from_the_records(scene: Scene) -> None:
    proof = scene.site.run("verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr


def take(scene: Scene, victim: str) -> None:
    if victim == "database":
        scene.cluster.kill()
    else:
        kill(scene.site.processes[victim])


def bring_back(scene: Scene, victim: str) -> None:
    match victim:
        case "database":
            scene.cluster.start()
        case "worker":
            scene.site.start_worker("worker")
        case "server":
            scene.site.start_server()
