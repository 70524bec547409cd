"""What proves who somebody is: passwords, the random secrets that browsers and machines hold, a second factor."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from threading import Semaphore

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from twin.errors import BadInput
from twin.moment import Moment

LEAST, MOST, CLASSES = 8, 128, 3
_BYTES = 32
_STEP_S = 30
_TOGETHER = Semaphore(2)  # each takes 64 MB and a core: many tries at once must not take the server
_hasher = PasswordHasher()  # argon2id, RFC 9106's second choice: 64 MB, three passes
# Of an account that does not exist a password is checked all the same, so that the time tells nothing: against the hash
# of something random that nobody knows, made with the same parameters. Making one at each start would cost 0.13 s.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$GCdx8S6qdDQ8IEhzMUlqwA$DqCLFFxVm0GjxHz/Tm25w/JmofFeOOeXyuKuEQzkucA"


def check_quality(password: str, account: str) -> None:
    """A password is long enough, of several kinds of characters, and not made of the account's name (NF-61).

    Raises:
        BadInput: it is not; ``weak_password``.
    """
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    found = sum(any(each in kind for each in password) for kind in kinds)
    found += any(all(each not in kind for kind in kinds) for each in password)
    if not LEAST <= len(password) <= MOST:
        raise BadInput(f"a password has {LEAST} to {MOST} characters", "password", "weak_password")
    if found < CLASSES:
        said = "a password has three of: small letters, capitals, digits, other characters"
        raise BadInput(said, "password", "weak_password")
    if account.lower() in password.lower():
        raise BadInput("a password does not hold the account's name", "password", "weak_password")


def hashed(password: str) -> str:
    """The form in which a password is kept."""
    with _TOGETHER:
        return _hasher.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether a password is the one kept; takes as long where none is."""
    try:
        with _TOGETHER:
            return _hasher.verify(kept or _NOBODY, password[: MOST + 1]) and kept is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """A random secret for a browser or a machine to hold."""
    return secrets.token_urlsafe(_BYTES)


def key_of(secret: str) -> str:
    """The form in which a random secret is kept: nobody can try 2^256 of them, so a plain hash does."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(secret: str) -> str:
    """What a page has to say besides its cookie: only who can read this server's cookies knows it."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are one; the time it takes tells nothing of them."""
    return hmac.compare_digest(one.encode(), other.encode())


def new_second() -> str:
    """The secret of a second factor, as an app for it takes it."""
    return pyotp.random_base32()


def second_address(second: str, account: str, issuer: str) -> str:
    """What an app reads as a QR code."""
    return pyotp.TOTP(second).provisioning_uri(name=account, issuer_name=issuer)


def second_step(second: str, code: str, now: Moment, used: int) -> int | None:
    """The time step whose code was given, None where it is none of now, the one before or after, or not newer than the
    one used last: a code that was overheard opens nothing (RFC 6238)."""
    at = int(now.timestamp()) // _STEP_S
    steps = (each for each in (at - 1, at, at + 1) if each > used)
    return next((each for each in steps if same(pyotp.TOTP(second).at(each * _STEP_S), code.strip())), None)
