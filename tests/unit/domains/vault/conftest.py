from uuid import UUID

import pytest
from pyrage import x25519

from cets.domains.vault.keys import Identities
from cets.domains.vault.sealing import Binding


def make_identities() -> Identities:
    return Identities([str(x25519.Identity.generate())])


@pytest.fixture(scope="session")
def identities() -> Identities:
    return make_identities()


@pytest.fixture(scope="session")
def stranger() -> Identities:
    return make_identities()


@pytest.fixture
def binding() -> Binding:
    return Binding(
        object_id=UUID("5f0c2b1e-0000-4000-8000-000000000001"),
        agency_id=UUID("a9e4c700-0000-4000-8000-000000000001"),
    )
