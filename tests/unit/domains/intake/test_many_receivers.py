"""A mail to very many people goes the whole way: each of them is kept."""

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import Holding
from cets.domains.reports.models import Message

COUNT = 5_000


@pytest.fixture
def one(db, as_process):
    factories.agency("ESX")
    with as_process("worker"), factories.intake() as intake:
        yield intake


def test_every_receiver_of_a_mail_is_held(one):
    many = [f"k{number:05}@mailhouse.example" for number in range(COUNT)]
    one.take(
        "ESX",
        "From: robin@mail.example\r\nDate: Fri, 03 Apr 2026 21:16:04 +0100\r\nSubject: x\r\n"
        f"To: {', '.join(many)}\r\n\r\nhi\r\n",
    )

    with acting(factories.service("ESX")[1]):
        held = set(Holding.objects.filter(kind="email").values_list("value", flat=True))
        message = Message.objects.get()
    assert held == {"robin@mail.example", *many}
    assert message.recipients == many
