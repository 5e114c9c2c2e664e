"""The generated case files that everything is measured on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.identifiers import PracticeId
from app.synthetic.generate import (
    GenerationPlan,
    generate_case_file,
    generate_records,
    generate_start,
)
from app.synthetic.writer import CASE_FILE_END
from bench.fixed import OUT, PRACTICE, ROOT, SEED, VERSION

_GENERATOR: Final = ROOT / "app" / "synthetic"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    path: Path
    records: int

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size


def plan_for(records: int, practice: PracticeId = PRACTICE) -> GenerationPlan:
    return GenerationPlan(cases=records, version=VERSION, practice_id=practice, seed=SEED)


def case_file(records: int, practice: PracticeId = PRACTICE) -> CaseFile:
    """Return the file of `records`, generated unless plan and generator are as they were."""
    plan = plan_for(records, practice)
    name = f"{VERSION}-{practice}-{records}"
    path = OUT / f"{name}-{_fingerprint(plan)}.xml"
    if not path.exists():
        OUT.mkdir(exist_ok=True)
        for outdated in OUT.glob(f"{name}-*"):
            outdated.unlink()
        growing = path.with_suffix(".part")
        with growing.open("wb") as file:
            file.writelines(generate_case_file(plan))
        growing.rename(path)
    return CaseFile(path=path, records=records)


def files_of_one_record(records: int) -> list[bytes]:
    """Return as many case files, each with one record of its own."""
    plan = plan_for(records)
    start, end = generate_start(plan), CASE_FILE_END.encode()
    return [start + record.xml + end for record in generate_records(plan)]


def _fingerprint(plan: GenerationPlan) -> str:
    digest = hashlib.sha256(repr(plan).encode())
    for module in sorted(_GENERATOR.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:12]
