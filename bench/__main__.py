"""Measures this service beside xmllint and psql: python -m bench [--help]."""

import argparse
import sys
from collections.abc import Collection
from typing import Final

from rich.console import Console

from bench.fixed import ROOT
from bench.kept import keep, kept
from bench.measured import Measured
from bench.measuring import PARTS, measure
from bench.report import markdown, print_facts, print_figures
from bench.setting import Sizes
from bench.yardsticks import GET_XMLLINT, has_xmllint

_PAGE: Final = ROOT / "docs" / "reference" / "performance.md"
_TOO_SLOW, _NOT_MEASURED = 1, 2


def main() -> int:
    options = _options()
    wanted = options.parse_args()
    if not has_xmllint():
        print(GET_XMLLINT, file=sys.stderr)
        return _NOT_MEASURED
    sizes = _sizes(wanted)
    measured = _measure(sizes, wanted.only or PARTS)
    if wanted.write_docs:
        parts = {part: kept(part, sizes) for part in PARTS}
        missing = [part for part, figures in parts.items() if figures is None]
        if missing:
            options.error(f"the page is about every part; not measured yet: {', '.join(missing)}")
        joined = Measured.joined([figures for figures in parts.values() if figures is not None])
        _PAGE.write_text(markdown(joined), "utf-8")
    return _TOO_SLOW if wanted.gate and not measured.passes_gates else 0


def _measure(sizes: Sizes, parts: Collection[str]) -> Measured:
    """Print the figures of each part as soon as they are there, and keep them."""
    progress, console = Console(stderr=True), Console()
    found = []
    for part, measured in measure(
        sizes, _command(), lambda text: progress.print(f"... {text}"), parts
    ):
        keep(part, measured, sizes)
        found.append(measured)
        print_figures(measured, console)
    joined = Measured.joined(found)
    print_facts(joined, console)
    return joined


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--records", type=int, help="of the case file (20000)")
    parser.add_argument("--pairs", type=int, help="of our run and the yardstick's (5)")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="measure this part; may be repeated"
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: a try-out")
    parser.add_argument("--gate", action="store_true", help="exit 1 above the ratios of the gate")
    parser.add_argument(
        "--write-docs",
        action="store_true",
        help=f"write {_PAGE.name}, with what was measured of the other parts before",
    )
    return parser


def _sizes(wanted: argparse.Namespace) -> Sizes:
    full = Sizes(records=20_000, pairs=5, few=5_000, many=50_000, requests=200)
    quick = Sizes(records=2_000, pairs=2, few=500, many=5_000, requests=50)
    usual = quick if wanted.quick else full
    return Sizes(
        records=wanted.records or usual.records,
        pairs=wanted.pairs or usual.pairs,
        few=usual.few,
        many=usual.many,
        requests=usual.requests,
    )


def _command() -> str:
    return " ".join(["python -m bench", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
