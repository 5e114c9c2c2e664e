"""Asks PyPI which versions that are locked have known holes, for `make audit` and `make check`.

Exit 0: none; 1: some, they are listed; 2: PyPI could not be asked. With --go-on-offline the last is
said and no failure, so that `make check` runs without a network; CI has one and asks.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_REQUIREMENTS = Path(__file__).parents[1] / "requirements"
_LOCKED = [_REQUIREMENTS / "dev.txt", _REQUIREMENTS / "run.txt"]
_FOUND, _NOT_ASKED = 1, 2


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--go-on-offline", action="store_true")
    go_on_offline = options.parse_args().go_on_offline
    asked = subprocess.run(  # noqa: S603 - its words are those below
        _command(), capture_output=True, check=False, text=True
    )
    try:
        report = json.loads(asked.stdout)
    except ValueError:
        reason = (asked.stderr.strip().splitlines() or ["it said nothing"])[-1]
        _say(f"NOT AUDITED, PyPI could not be asked for known holes: {reason}")
        return 0 if go_on_offline else _NOT_ASKED
    holes = [_line(each, hole) for each in report["dependencies"] for hole in each.get("vulns", ())]
    _say(
        "\n".join(sorted(set(holes))) or f"no known hole in {len(report['dependencies'])} packages"
    )
    return _FOUND if holes else 0


def _command() -> list[str]:
    files = [word for path in _LOCKED for word in ("--requirement", str(path))]
    plain = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    return [sys.executable, "-m", "pip_audit", *files, *plain]


def _line(package: dict[str, Any], hole: dict[str, Any]) -> str:
    mended = ", ".join(hole["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


def _say(text: str) -> None:
    sys.stdout.write(f"audit: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
