"""Names of files at a terminal: they are whatever somebody could write to a disk."""

import json
import os
import pty
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.inputs import name_of, shown
from app.cli.main import app
from tests.case_files import a_case_file, a_record

STEERING = "a\x1b[31mred\x9b2J\u202e.xml"


def test_a_name_is_shown_without_what_steers_a_terminal() -> None:
    assert shown(STEERING) == "a\u241b[31mred\ufffd2J\ufffd.xml"
    assert shown(os.fsdecode(b"M\xe4rz.xml")) == "M\ufffdrz.xml"


def test_a_program_is_told_the_name_as_it_is(tmp_path: Path) -> None:
    (tmp_path / STEERING).write_bytes(a_case_file(a_record()))
    done = CliRunner().invoke(app, ["validate", str(tmp_path), "--format", "json"])
    assert json.loads(done.stdout)["file"] == name_of(str(tmp_path / STEERING))


@pytest.mark.parametrize("command", [["validate"], ["submit", "--practice", "12345"]])
def test_a_file_that_cannot_be_read_is_named_on_stderr(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NACOR_API_KEY", "unused")
    done = CliRunner().invoke(app, [*command, STEERING])
    assert done.exit_code == 2
    assert done.stderr == f"{shown(STEERING)}: cannot be read: No such file or directory\n"


def test_the_label_of_the_bar_steers_no_terminal_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli.progress import watched

    file = tmp_path / STEERING
    file.write_bytes(a_case_file(a_record()))
    ours, terminal = pty.openpty()
    monkeypatch.setenv("TERM", "dumb")
    with os.fdopen(terminal, "w") as stderr, file.open("rb") as content:
        monkeypatch.setattr(sys, "stderr", stderr)
        with watched(content, label=shown(STEERING), total=file.stat().st_size) as source:
            source.read(100)
    drawn = os.read(ours, 65536)
    os.close(ours)
    assert b"\x1b[31mred" not in drawn
    assert b"\xc2\x9b" not in drawn
