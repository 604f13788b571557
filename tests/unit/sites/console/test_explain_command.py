"""`cets explain`: no instance, one line a finding, real text by standard input."""

import json

from typer.testing import CliRunner

from cets.sites.console.commands import app


def run(*arguments: str, given: str = "") -> list[dict]:
    result = CliRunner().invoke(app, ["explain", "--json", *arguments], input=given)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_finding_is_a_line_with_its_reasons() -> None:
    (first, second) = run("--country", "gb", "ring 07700 900644, IMEI 490154203237519")

    assert (first["state"], first["value"], first["cue"]) == ("found", "+447700900644", "ring")
    assert (second["state"], second["value"], second["checked"]) == ("not_valid", None, None)
    assert second["reason"]


def test_text_comes_by_standard_input() -> None:
    (one,) = run("-", given="wren[at]post[.]example\n")

    assert one["value"] == "wren@post.example"
    assert len(one["undone"]) == 1


def test_platform_of_the_text_is_its_context() -> None:
    assert [one["value"] for one in run("--platform", "Riverchat", "reed_77 on riverchat")] == [
        "riverchat/reed_77"
    ]


def test_too_long_a_text_is_refused() -> None:
    result = CliRunner().invoke(app, ["explain", "-"], input="a" * 1_000_001)

    assert result.exit_code == 2
