"""Accounts and tokens: made, changed, locked and revoked, by who has the right to, each time with a note in the log."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from cache.accounts import Account, Accounts, MachineToken, Session, Tries
from services.audit import Audit, Caller
from services.credentials import check_quality, hashed, is_password, key_of, new_second, new_secret
from services.sealing import FILE, VARIABLE, Seal, is_sealed
from twin.errors import BadInput, Conflict, NotAllowed, NotFound
from twin.moment import Moment
from twin.person import RESERVED, Person, machine_of, person_of
from twin.roles import ENTERPRISE_ROLES, ROLES, SCOPES, Right
from twin.settings import LoginSettings

_log = logging.getLogger("parktwin.people")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_NAME_MOST = 80
LOCAL = Caller("terminal")
NOBODY = "nobody"


def token_session(name: str) -> str:
    """What stands for a session where a machine holds a token."""
    return f"token:{name}"


@dataclass(frozen=True)
class By:
    """Who does it, and from where."""

    who: str
    caller: Caller


class Keeper:
    """Keeps accounts and tokens. ``enterprises``: the ids that the park knows; none known, none is checked; ``seal``:
    what closes the secrets of second factors."""

    def __init__(
        self,
        accounts: Accounts,
        settings: LoginSettings,
        clock: Callable[[], Moment],
        audit: Audit,
        seal: Seal,
        enterprises: Collection[str] = (),
    ) -> None:
        self.accounts = accounts
        self._seal = seal
        self._settings = settings
        self._clock = clock
        self._audit = audit
        self._enterprises = frozenset(enterprises)
        # whom to tell, from any thread, that a session (its key), a machine's token or (``NOBODY``) the time without
        # login is over, and why
        self.gone: Callable[[str, str], None] = lambda key, why: None

    def add(self, id: str, name: str, role: str, enterprise: str | None, password: str | None, by: By) -> Account:
        """A new account; its password has to be changed at the first sign-in. Without one an identity provider vouches.

        Raises:
            BadInput: an id, name, role, enterprise or password that cannot be. Conflict: there is one of that id.
        """
        if not _ID.fullmatch(id):
            raise BadInput("id: 1 to 64 letters, digits, dots, dashes or @", "id")
        if self.accounts.find(Account, id) is not None:
            raise Conflict(f"there is an account '{id}' already", "id")
        self._check(name, role, enterprise)
        if password is not None:
            check_quality(password, id)
        now, secret = self._clock(), None if password is None else hashed(password)
        made = Account(id, name, role, enterprise, secret, password is not None, now, now, by.who)
        self.accounts.put(made)
        self.gone(NOBODY, "login_on")
        self._audit.account("made", id, by.who, by.caller, role=role, enterprise=enterprise)
        return made

    def _check(self, name: str, role: str, enterprise: str | None) -> None:
        if not 0 < len(name.strip()) <= _NAME_MOST:
            raise BadInput(f"name: 1 to {_NAME_MOST} characters", "name")
        if role not in ROLES:
            raise BadInput(f"role: '{role[:40]}' is none of {', '.join(ROLES)}", "role", "unknown_role")
        if (enterprise is not None) != (role in ENTERPRISE_ROLES):
            said = "needs an enterprise" if role in ENTERPRISE_ROLES else "belongs to the park, to no enterprise"
            raise BadInput(f"enterprise: the role '{role}' {said}", "enterprise")
        self._check_enterprise(enterprise)

    def _check_enterprise(self, enterprise: str | None) -> None:
        if enterprise is None:
            return
        if not enterprise or enterprise in RESERVED or (self._enterprises and enterprise not in self._enterprises):
            raise BadInput(f"enterprise: the park has no '{enterprise[:40]}'", "enterprise", "unknown_enterprise")

    def vouched(self, id: str, name: str, role: str, enterprise: str | None, by: By) -> Account:
        """The account of somebody for whom an identity provider vouches, with the role that it gives.

        Raises:
            BadInput: an id, role or enterprise that cannot be. NotAllowed: an account with a password has that id.
        """
        held = enterprise if role in ENTERPRISE_ROLES else None
        before = self.accounts.find(Account, id)
        if before is None:
            return self.add(id, name, role, held, None, by)
        if before.secret is not None:
            raise NotAllowed(f"'{id}' is an account of this server's own", "id", "oidc_role")
        told = (before.name, before.role, before.enterprise)
        return before if told == (name, role, held) else self.change(id, name, role, held, by)

    def account(self, id: str) -> Account:
        """The account of that id.

        Raises:
            NotFound: there is none.
        """
        found = self.accounts.find(Account, id)
        if found is None:
            raise NotFound(f"no account '{id[:64]}'", "id", "unknown_account")
        return found

    def change(self, id: str, name: str, role: str, enterprise: str | None, by: By) -> Account:
        """Another name, role or enterprise; what is open with the old rights ends.

        Raises:
            NotFound, BadInput: as ``add``. Conflict: the last administrator would go.
        """
        before = self.account(id)
        self._check(name, role, enterprise)
        after = replace(before, name=name, role=role, enterprise=enterprise)
        self._keep_one_administrator(before, after)
        self.accounts.put(after)
        if (before.role, before.enterprise) != (role, enterprise):
            self.end_all(id, "changed", by)
        self._audit.account("changed", id, by.who, by.caller, role=role, enterprise=enterprise, was=before.role)
        return after

    def _keep_one_administrator(self, before: Account, after: Account) -> None:
        def administers(each: Account) -> bool:
            return each.role == "administrator" and not each.disabled

        others = (each for each in self.accounts.all(Account) if each.id != before.id)
        if administers(before) and not administers(after) and not any(map(administers, others)):
            raise Conflict("this is the last administrator; make another one first", "id", "last_administrator")

    def disable(self, id: str, disabled: bool, by: By) -> Account:
        """Lock an account for good, or open it again; an open one's wrong tries are forgotten.

        Raises:
            NotFound: no such account. Conflict: the last administrator.
        """
        before = self.account(id)
        after = replace(before, disabled=disabled)
        self._keep_one_administrator(before, after)
        self.accounts.put(after)
        if disabled:
            self.end_all(id, "disabled", by)
        else:
            self.forgive(id)
        self._audit.account("locked" if disabled else "opened", id, by.who, by.caller)
        return after

    def reset(self, id: str, password: str, by: By) -> Account:
        """Another password, to be changed at the next sign-in; a second factor has to be set up again.

        Raises:
            NotFound: no such account. BadInput: a weak password.
        """
        before = self.account(id)
        check_quality(password, id)
        after = replace(before, secret=hashed(password), must_change=True, changed_at=self._clock(), second=None)
        self.accounts.put(after)
        self.forgive(id)
        self.end_all(id, "changed", by)
        self._audit.account("reset", id, by.who, by.caller)
        return after

    def change_password(self, id: str, password: str, by: By) -> Account:
        """One's own password, after signing in with the old one.

        Raises:
            BadInput: a weak one, or the old one again.
        """
        before = self.account(id)
        check_quality(password, id)
        if is_password(before.secret, password):
            raise BadInput("the new password is the old one", "password", "same_password")
        after = replace(before, secret=hashed(password), must_change=False, changed_at=self._clock())
        self.accounts.put(after)
        self._audit.account("password_changed", id, by.who, by.caller)
        return after

    def give_second(self, id: str, by: By) -> str:
        """A new secret for a second factor; the account needs its codes from now on.

        Raises:
            NotFound: no such account.
        """
        second = new_second()
        self.accounts.put(replace(self.account(id), second=self._seal.seal(second, id), second_used=0))
        self._audit.account("second_given", id, by.who, by.caller)
        return second

    def second_of(self, account: Account) -> str | None:
        """The secret of an account's second factor; None where it was sealed with another key."""
        return self._seal.open(account.second or "", account.id)

    def seal_old(self) -> None:
        """Seal what older versions kept as it is, and say of how many the key is another one."""
        held = [each for each in self.accounts.all(Account) if each.second]
        old = [each for each in held if not is_sealed(each.second or "")]
        if old:
            self.accounts.put(*(replace(each, second=self._seal.seal(each.second or "", each.id)) for each in old))
            said = "%d second factors are sealed now; old copies and backups may hold them as they were: %s"
            _log.info(said, len(old), "give new ones where somebody could have read these")
        lost = [each.id for each in held if self.second_of(each) is None]
        if lost:
            _log.warning(
                "the second factors of %s were sealed with another key: put it back (%s, %s) or give new ones",
                ", ".join(lost), FILE, VARIABLE,
            )  # fmt: skip

    def forgive(self, id: str) -> None:
        """Forget the wrong tries of an account."""
        subject = f"account:{id}"
        if self.accounts.find(Tries, subject):
            self.accounts.put(Tries(subject, 0, self._clock()))

    def end_all(self, id: str, why: str, by: By) -> None:
        """End all open sessions of an account."""
        now = self._clock()
        ended = [each for each in self.accounts.all(Session) if each.account == id and each.ended_at is None]
        over = [replace(each, ended_at=now, ended_why=why, ended_by=by.caller.address) for each in ended]
        if over:
            self.accounts.put(*over)
        for each in over:
            self.gone(each.key, why)

    def expired(self, account: Account) -> bool:
        """Whether its password has to be changed: the first one, or one that is too old; at an unattended screen is
        nobody who could."""
        days = 0.0 if self.person(account).may(Right.stay) else self._settings.password_days
        old = days > 0 and self._clock() - account.changed_at > timedelta(days=days)
        return account.secret is not None and (account.must_change or old)

    def person(self, account: Account) -> Person:
        """Who the account stands for."""
        return person_of(account.id, account.name, account.role, account.enterprise)

    def add_token(self, name: str, scopes: Collection[str], enterprise: str | None, by: By) -> tuple[str, MachineToken]:
        """A new token for a machine, told this once, and how it is kept.

        Raises:
            BadInput: a name, scope or enterprise that cannot be. Conflict: a machine of that name has one.
        """
        if not _ID.fullmatch(name):
            raise BadInput("name: 1 to 64 letters, digits, dots, dashes or @", "name")
        unknown = sorted(set(scopes) - set(SCOPES))
        if unknown or not scopes:
            raise BadInput(f"scopes: some of {', '.join(SCOPES)}", "scopes", "unknown_scope")
        self._check_enterprise(enterprise)
        if any(each.name == name and each.revoked_at is None for each in self.accounts.all(MachineToken)):
            raise Conflict(f"'{name}' has a token; revoke it first", "name")
        secret = new_secret()
        key = key_of(secret)
        kept = MachineToken(key, key[:12], name, tuple(sorted(set(scopes))), enterprise, self._clock(), by.who)
        self.accounts.put(kept)
        self._audit.account(
            "token_made", name, by.who, by.caller, token=kept.id, scopes=list(kept.scopes), enterprise=enterprise
        )
        return secret, kept

    def revoke(self, id: str, by: By) -> MachineToken:
        """A token opens nothing any more.

        Raises:
            NotFound: no token of that id is in use.
        """
        live = (each for each in self.accounts.all(MachineToken) if each.revoked_at is None)
        found = next((each for each in live if each.id == id), None)
        if found is None:
            raise NotFound(f"no token '{id[:40]}' is in use", "id", "unknown_token")
        ended = replace(found, revoked_at=self._clock(), revoked_by=by.who)
        self.accounts.put(ended)
        self.gone(token_session(found.name), "revoked")
        self._audit.account("token_revoked", found.name, by.who, by.caller, token=found.id)
        return ended

    def machine(self, token: MachineToken) -> Person:
        """Who holds a token."""
        return machine_of(token.name, token.name, token.scopes, token.enterprise)
