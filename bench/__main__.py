"""Measures this service beside xmllint and psql: python -m bench [--help]."""

import argparse
import sys
from typing import Final

from rich.console import Console

from bench.fixed import ROOT
from bench.measuring import PARTS, measure
from bench.report import markdown, print_report
from bench.setting import Sizes
from bench.yardsticks import GET_XMLLINT, has_xmllint

_PAGE: Final = ROOT / "docs" / "reference" / "performance.md"
_TOO_SLOW, _NOT_MEASURED = 1, 2


def main() -> int:
    options = _options()
    wanted = options.parse_args()
    if wanted.only and wanted.write_docs:
        options.error("the page is about every part: --write-docs goes without --only")
    if not has_xmllint():
        print(GET_XMLLINT, file=sys.stderr)
        return _NOT_MEASURED
    progress = Console(stderr=True)
    measured = measure(
        _sizes(wanted),
        _command(),
        lambda text: progress.print(f"... {text}"),
        parts=wanted.only or PARTS,
    )
    print_report(measured, Console())
    if wanted.write_docs:
        _PAGE.write_text(markdown(measured), "utf-8")
    return _TOO_SLOW if wanted.gate and not measured.passes_gates else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--records", type=int, help="of the case file (20000)")
    parser.add_argument("--pairs", type=int, help="of our run and the yardstick's (5)")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="measure this part; may be repeated"
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: a try-out")
    parser.add_argument("--gate", action="store_true", help="exit 1 above the ratios of the gate")
    parser.add_argument("--write-docs", action="store_true", help=f"write {_PAGE.name}")
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
