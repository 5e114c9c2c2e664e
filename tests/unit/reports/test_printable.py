"""Text of others on a terminal or a page: what cannot be seen is shown as a sign."""

import pytest

from app.reports.printable import printable


def test_what_prints_stays_as_it_is() -> None:
    assert printable("<Notes>Müller 麻酔 🩺</Notes>") == "<Notes>Müller 麻酔 🩺</Notes>"


def test_control_characters_of_ascii_have_pictures() -> None:
    assert printable("a\x00b\x1b[31mc\x7f") == "a\u2400b\u241b[31mc\u2421"


def test_a_tab_is_four_columns() -> None:
    assert printable("\t<Age>") == "    <Age>"


@pytest.mark.parametrize(
    "character",
    [
        "\x85",
        "\x9b",
        "\u00ad",
        "\u061c",
        "\u200b",
        "\u200e",
        "\u200f",
        "\u202e",
        "\u2028",
        "\u2067",
    ],
)
def test_what_steers_a_terminal_or_turns_text_around_is_a_sign(character: str) -> None:
    assert printable(f"user{character}gpj.exe") == "user\ufffdgpj.exe"
