"""`make check`, which CI runs, holds what the documents promise of it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text()


def test_make_check_scans_for_secrets_and_known_holes() -> None:
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert recipe is not None
    for tool in ("tools/scan_secrets.py", "tools/audit.py"):
        assert tool in recipe[1]
        assert (ROOT / tool).exists()
    assert "make check" in (ROOT / ".ci" / "run").read_text()


def test_both_locked_lists_are_audited() -> None:
    audit = (ROOT / "tools" / "audit.py").read_text()
    for path in (ROOT / "requirements").iterdir():
        assert f'"{path.name}"' in audit
