"""`nacor audit`: the trail proved, its heads printed, and the trail itself."""

import sys
from datetime import date
from pathlib import Path
from typing import Final

import typer

from app.access.audit_lines import AuditFormat, audit_lines
from app.access.audit_service import chains_of, export_entries, list_heads, prove_chains
from app.access.operators import operator
from app.cli.databases import open_database
from app.cli.outcome import UNREADABLE
from app.domain.audit import ChainHead
from app.domain.audit_chain import ChainProof
from app.domain.identifiers import PracticeId, parse_practice_id
from app.storage.access.audit_queries import AuditQuestion

_NO_PRACTICE: Final = "-"


def verify(practice: str | None, *, heads: Path | None) -> bool:
    """Print what came of each chain; return whether all are whole."""
    chosen = _parsed(practice)
    known = [] if heads is None else _known_heads(heads.read_text(), chosen)
    all_whole = True
    with open_database() as open_work:
        chains = chains_of(chosen, known, open_work=open_work)
        for proof in prove_chains(chains, known, open_work=open_work):
            typer.echo(_told(proof))
            all_whole = all_whole and proof.fault is None
    return all_whole


def print_heads(practice: str | None) -> None:
    with open_database() as open_work:
        chains = chains_of(_parsed(practice), (), open_work=open_work)
        heads = list_heads(chains, open_work=open_work)
    for head in heads:
        typer.echo(f"{head.practice_id or _NO_PRACTICE} {head.number} {head.hash.hex()}")


def export(
    practice: str | None, *, first_day: date | None, last_day: date | None, format_: str
) -> None:
    question = AuditQuestion(practice=_parsed(practice), first_day=first_day, last_day=last_day)
    chosen = AuditFormat(format_)
    with open_database() as open_work:
        batches = export_entries(question, chosen, operator(), open_work=open_work)
        for piece in audit_lines(batches, chosen):
            sys.stdout.buffer.write(piece)


def _told(proof: ChainProof) -> str:
    whose = "no practice" if proof.practice_id is None else f"practice {proof.practice_id}"
    if proof.fault is None:
        return f"{whose}: {proof.entries} {'entry' if proof.entries == 1 else 'entries'}, whole"
    return f"{whose}: broken at entry {proof.fault.number}: {proof.fault.what}"


def _known_heads(text: str, practice: PracticeId | None) -> list[ChainHead]:
    known = [_known_head(line) for line in text.splitlines() if line.strip()]
    return [head for head in known if practice is None or head.practice_id == practice]


def _known_head(line: str) -> ChainHead:
    try:
        chain, number, hash_ = line.split()
        practice = None if chain == _NO_PRACTICE else parse_practice_id(chain)
        return ChainHead(practice_id=practice, number=int(number), hash=bytes.fromhex(hash_))
    except ValueError:
        typer.echo("nacor: --heads is not what `nacor audit head` prints", err=True)
        raise typer.Exit(UNREADABLE) from None


def _parsed(practice: str | None) -> PracticeId | None:
    if practice is None:
        return None
    try:
        return parse_practice_id(practice)
    except ValueError as error:
        typer.echo(f"nacor: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
