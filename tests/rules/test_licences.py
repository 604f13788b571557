"""The product holds only packages that may be reused."""

import importlib.util
from email.message import Message
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/licences.py"


@pytest.fixture(scope="module")
def licences():
    spec = importlib.util.spec_from_file_location("licences_script", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def about(expression=None, labels=(), text=None):
    message = Message()
    if expression:
        message["License-Expression"] = expression
    for label in labels:
        message["Classifier"] = f"License :: OSI Approved :: {label}"
    if text:
        message["License"] = text
    return message


def test_every_package_of_the_product_may_be_in_it(licences, capsys):
    status = licences.main()
    assert status == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    "given",
    [
        about("MIT"),
        about("Apache-2.0 OR BSD-3-Clause"),
        about("GPL-3.0-only OR MIT"),
        about("BSD-2-Clause AND Unlicense AND MIT"),
        about(labels=["MIT License"]),
        about(labels=["BSD License", "Mozilla Public License 2.0 (MPL 2.0)"]),
        about(labels=["GNU Lesser General Public License v2 or later (LGPLv2+)"]),
        about(text="BSD-3-Clause"),
        about(text="Apache 2.0"),
    ],
)
def test_licences_that_may_be(licences, given):
    assert licences.is_allowed(licences.licence(given))


@pytest.mark.parametrize(
    "given",
    [
        about("AGPL-3.0-only"),
        about("GPL-3.0-or-later"),
        about("MIT AND GPL-3.0-only"),
        about("MIT AND (Apache-2.0 OR GPL-3.0-only)"),
        about("GPL-2.0-only WITH Classpath-exception-2.0"),
        about("Elastic-2.0"),
        about(labels=["GNU Affero General Public License v3"]),
        about(labels=["MIT License", "GNU General Public License v3 (GPLv3)"]),
        about(labels=["Other/Proprietary License"]),
        about(text="see the file LICENSE"),
        about(),
    ],
)
def test_licences_that_may_not(licences, given):
    assert not licences.is_allowed(licences.licence(given))


def test_a_package_that_may_not_is_named_with_what_to_do(licences, monkeypatch):
    monkeypatch.setattr(licences.metadata, "metadata", lambda _name: about("AGPL-3.0-only"))
    assert list(licences.problems("somebody")) == [
        "somebody: AGPL-3.0-only. Take another package, or settle it in scripts/licences.py."
    ]


def test_a_package_that_is_not_installed_is_not_passed(licences):
    assert "not installed" in next(licences.problems("no-such-package-here"))


def test_a_settled_package_is_still_in_the_lock(licences):
    named = {line.name for line in licences.requirements(licences.LOCK.read_text())}
    assert set(licences.SETTLED) <= named


def test_the_whole_lock_is_read(licences):
    lock = (
        "one==1 \\\n    --hash=sha256:00\ntwo[extra]==2 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    )
    assert [line.name for line in licences.requirements(lock)] == ["one", "two"]
