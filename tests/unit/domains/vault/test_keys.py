"""Keys: made safely, loaded strictly, and errors that say what to do."""

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyrage import x25519

from cets.domains.vault import keys
from cets.domains.vault.keys import Identities, KeyProblem, Recipients

KEY = bytes(range(32))


def test_any_one_of_several_recipients_can_unwrap(identities: Identities, stranger: Identities) -> None:
    both = Recipients([*identities.recipients.texts, *stranger.recipients.texts])
    wrapped = both.wrap(KEY)

    assert identities.unwrap(wrapped) == KEY
    assert stranger.unwrap(wrapped) == KEY
    assert KEY not in wrapped


def test_a_stranger_cannot_unwrap_and_is_told_what_was_tried(
    identities: Identities, stranger: Identities
) -> None:
    wrapped = identities.recipients.wrap(KEY)

    with pytest.raises(keys.CannotUnwrap, match=stranger.recipients.texts[0]):
        stranger.unwrap(wrapped)


def test_every_altered_byte_of_a_wrapped_key_is_refused(identities: Identities) -> None:
    wrapped = identities.recipients.wrap(KEY)
    for position in range(len(wrapped)):
        altered = bytearray(wrapped)
        altered[position] ^= 1
        with pytest.raises(keys.CannotUnwrap):
            identities.unwrap(bytes(altered))


def test_an_identity_file_is_private_and_loads(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "identity.txt"
    recipient = keys.create_identity(path)

    loaded = Identities.load(path)

    assert loaded.recipients.texts == (recipient,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert loaded.unwrap(Recipients([recipient]).wrap(KEY)) == KEY


def test_identities_of_several_files_all_open(tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    wrapped = Recipients([keys.create_identity(old)]).wrap(KEY)
    keys.create_identity(new)

    assert Identities.load(new, old).unwrap(wrapped) == KEY


@pytest.mark.parametrize("create", [keys.create_identity, keys.create_signing_key])
def test_no_key_is_ever_overwritten(create: object, tmp_path: Path) -> None:
    assert callable(create)
    path = tmp_path / "key"
    path.write_bytes(b"what was there")

    with pytest.raises(keys.KeyFileExists, match="left as it is"):
        create(path)

    assert path.read_bytes() == b"what was there"


@pytest.mark.parametrize("load", [Identities.load, keys.load_signing_key])
def test_a_missing_key_file_says_where_and_what_to_do(load: object, tmp_path: Path) -> None:
    assert callable(load)
    with pytest.raises(keys.KeyFileMissing, match=r"no key file at .*absent.*Restore it"):
        load(tmp_path / "absent")


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620, 0o666])
def test_a_key_file_open_to_others_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "identity.txt"
    keys.create_identity(path)
    path.chmod(mode)

    with pytest.raises(keys.KeyFileUnsafe, match="chmod 600"):
        Identities.load(path)


def test_a_group_may_share_a_key_file(tmp_path: Path) -> None:
    path = tmp_path / "identity.txt"
    keys.create_identity(path)
    path.chmod(0o640)

    assert Identities.load(path)


@pytest.mark.parametrize(
    "content", [b"", b"# only a comment\n", b"age1notasecret\n", b"\xff\xfe\x00", b"AGE-SECRET-KEY-1BAD"]
)
def test_what_is_not_an_identity_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "identity.txt"
    path.touch(mode=0o600)
    path.write_bytes(content)

    with pytest.raises(keys.KeyFileUnreadable):
        Identities.load(path)


def test_a_folder_is_not_a_key_file(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="cannot be read"):
        Identities.load(tmp_path)


def test_no_recipient_at_all_is_refused() -> None:
    with pytest.raises(keys.RecipientInvalid, match="nothing could ever be opened"):
        Recipients([])


def test_a_secret_given_as_recipient_is_not_repeated() -> None:
    secret = str(x25519.Identity.generate())

    with pytest.raises(keys.RecipientInvalid) as caught:
        Recipients([secret])

    assert secret not in str(caught.value)


def test_a_mistyped_recipient_is_named() -> None:
    with pytest.raises(keys.RecipientInvalid, match="age1mistyped"):
        Recipients(["age1mistyped"])


def test_showing_identities_shows_no_secret() -> None:
    secret = str(x25519.Identity.generate())
    shown = repr(Identities([secret]))

    assert secret not in shown
    assert "AGE-SECRET" not in shown


def test_a_signing_key_signs_and_its_public_half_verifies(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    created = keys.create_signing_key(path)
    signature = keys.load_signing_key(path).sign(b"head")
    verifying = keys.load_verifying_key(keys.public_pem(created))

    verifying.verify(signature, b"head")
    with pytest.raises(InvalidSignature):
        verifying.verify(signature, b"another head")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_signing_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    path.touch(mode=0o600)
    other = generate_private_key(SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    with pytest.raises(keys.KeyFileUnreadable, match="Ed25519"):
        keys.load_signing_key(path)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    path.touch(mode=0o600)
    path.write_bytes(b"not a key")

    with pytest.raises(keys.KeyFileUnreadable, match="PEM"):
        keys.load_signing_key(path)
    with pytest.raises(keys.KeyFileUnreadable, match="PEM"):
        keys.load_verifying_key(b"not a key")
