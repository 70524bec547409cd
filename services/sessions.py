"""Signing in, staying signed in, and the ends of it (NF-61 … NF-64)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import RLock

from cache.accounts import Account, Accounts, Session, Tries
from services.accounts import By, Keeper
from services.audit import Audit, Caller
from services.credentials import is_password, key_of, new_secret, second_step
from twin.errors import NotSignedIn
from twin.moment import Moment, iso
from twin.person import Person
from twin.roles import Right
from twin.settings import LoginSettings

_SEEN_EVERY = timedelta(seconds=60)  # how exactly it is known when somebody was last there, at most
_WRONG = "the account or the password is wrong"
# why a session is over, as the page says it (people.ended.<why>)
WHY = {"out": "signed_out", "idle": "session_idle", "old": "session_old", "elsewhere": "signed_in_elsewhere"}
WHY |= {"changed": "rights_changed", "disabled": "account_locked"}


class Ended(NotSignedIn):
    """A session that is over; ``told`` says since when, and from where it was ended."""

    def __init__(self, session: Session) -> None:
        code = WHY.get(session.ended_why or "", "signed_out")
        super().__init__("this session has ended; sign in again", None, code)
        self.told = {"at": iso(session.ended_at) if session.ended_at else "", "by": session.ended_by or ""}


class Locked(NotSignedIn):
    """Too many wrong tries; ``told`` says for how many minutes nobody is let in."""

    def __init__(self, left_min: int) -> None:
        super().__init__(f"too many wrong tries; locked for {left_min} min", None, "locked")
        self.told = {"min": left_min}


@dataclass(frozen=True)
class Signed:
    """Somebody who is signed in. ``must_change``: nothing is open to them but another password."""

    person: Person
    session: Session
    must_change: bool


class Sessions:
    """Every method may be called from any thread; ``find`` never waits for the file."""

    def __init__(
        self, accounts: Accounts, keeper: Keeper, settings: LoginSettings, clock: Callable[[], Moment], audit: Audit
    ) -> None:
        self._accounts = accounts
        self._keeper = keeper
        self._settings = settings
        self._clock = clock
        self._audit = audit
        self._lock = RLock()
        self._seen_every = min(_SEEN_EVERY, timedelta(minutes=settings.idle_min / 10))

    def sign_in(self, id: str, password: str, code: str, caller: Caller) -> tuple[str, Signed]:
        """The secret of a new session, and who has signed in; a session that the account had elsewhere ends.

        Raises:
            NotSignedIn: unknown, wrong, locked, or without the code of the second factor; the message does not tell
            an unknown account from a wrong password.
        """
        with self._lock:
            self._refuse_locked(id, caller)
        account = self._accounts.find(Account, id)
        right = is_password(account.secret if account else None, password)
        with self._lock:
            self._refuse_locked(id, caller)  # many at once were let in to be checked
            if not right or account is None or account.disabled:
                self._wrong(id, caller, _WRONG, "wrong_password")
            assert account is not None
            self._check_second(account, code, caller)
            return self._begin(account, caller)

    def sign_in_by(self, account: Account, caller: Caller) -> tuple[str, Signed]:
        """The same for somebody for whom an identity provider has vouched.

        Raises:
            NotSignedIn: the account is locked.
        """
        with self._lock:
            if account.disabled:
                self._audit.account("refused", account.id, account.id, caller, why="account_locked")
                raise NotSignedIn("this account is locked", None, "account_locked")
            return self._begin(account, caller)

    def _check_second(self, account: Account, code: str, caller: Caller) -> None:
        if account.second is None:
            if account.role not in self._settings.second_factor:
                return
            self._audit.account("refused", account.id, account.id, caller, why="second_missing")
            raise NotSignedIn("this role needs a second factor; an administrator gives one", None, "second_missing")
        if not code:
            raise NotSignedIn("this account needs the code of its second factor", "code", "second_needed")
        second = self._keeper.second_of(account)
        if second is None:
            self._audit.account("refused", account.id, account.id, caller, why="second_unreadable")
            said = "this server's key does not open the second factor; an administrator gives a new one"
            raise NotSignedIn(said, None, "second_unreadable")
        step = second_step(second, code, self._clock(), account.second_used)
        if step is None:
            self._wrong(account.id, caller, "the code of the second factor is wrong", "wrong_code")
        else:
            self._accounts.put(replace(account, second_used=step))

    def _refuse_locked(self, id: str, caller: Caller) -> None:
        now = self._clock()
        for subject in (f"account:{id[:64]}", f"address:{caller.address}"):
            found = self._accounts.find(Tries, subject)
            if found and found.until and found.until > now:
                self._audit.refused(id[:64], caller, "sign in", "locked", 401)
                left_min = -(-int((found.until - now).total_seconds()) // 60)
                raise Locked(left_min)

    def _wrong(self, id: str, caller: Caller, said: str, code: str) -> None:
        """Count a wrong try; always raises."""
        # also of an account that does not exist: that none is locked would tell it
        counted = [self._counted(each) for each in (f"address:{caller.address}", f"account:{id[:64]}")]
        self._accounts.put(*counted)
        locked = [each.subject for each in counted if each.until]
        self._audit.account("refused", id[:64], id[:64], caller, why=code, locked=locked)
        raise NotSignedIn(said, None, code)

    def _counted(self, subject: str) -> Tries:
        """One more wrong try of a subject; those of long ago count no more."""
        now, span = self._clock(), timedelta(minutes=self._settings.lock_min)
        before = self._accounts.find(Tries, subject)
        over = before is None or now - before.last_at > span or before.until is not None
        tries = 1 if over or before is None else before.tries + 1
        most = self._settings.address_tries if subject.startswith("address:") else self._settings.tries
        return Tries(subject, tries, now, now + span if tries >= most else None)

    def _begin(self, account: Account, caller: Caller) -> tuple[str, Signed]:
        now, secret = self._clock(), new_secret()
        others = [each for each in self._accounts.all(Session) if each.account == account.id and not each.ended_at]
        ended = [
            replace(each, ended_at=now, ended_why="elsewhere", ended_by=caller.address)
            for each in others
            if self._over(each, account) is None
        ]
        made = Session(key_of(secret), account.id, now, now, caller.address, caller.agent[:120])
        self._accounts.put(*ended, made, Tries(f"account:{account.id}", 0, now))
        for each in ended:
            self._keeper.gone(each.key, "elsewhere")
        self._audit.account("signed_in", account.id, account.id, caller, ended=len(ended))
        return secret, self._signed(account, made)

    def _signed(self, account: Account, session: Session) -> Signed:
        return Signed(self._keeper.person(account), session, self._keeper.expired(account))

    def find(self, secret: str, active: bool = True) -> Signed:
        """Who holds a session's secret; ``active``: somebody is there, so it does not end for being idle.

        Raises:
            NotSignedIn: nobody. Ended: the session is over, and why.
        """
        session = self._accounts.find(Session, key_of(secret))
        account = self._accounts.find(Account, session.account) if session else None
        if session is None or account is None:
            raise NotSignedIn("sign in first", None, "not_signed_in")
        if session.ended_at is not None:
            raise Ended(session)
        why = self._over(session, account)
        if why is not None:
            raise Ended(self._end(session, why))
        return self._signed(account, self._seen(session) if active else session)

    def _over(self, session: Session, account: Account) -> str | None:
        """Why an open session is over by now."""
        now, limits = self._clock(), self._settings
        if account.disabled:
            return "disabled"
        if self._keeper.person(account).may(Right.stay):
            return None
        if now - session.seen_at > timedelta(minutes=limits.idle_min):
            return "idle"
        return "old" if now - session.begun_at > timedelta(hours=limits.longest_h) else None

    def _seen(self, session: Session) -> Session:
        now = self._clock()
        if now - session.seen_at < self._seen_every:
            return session
        with self._lock:
            current = self._accounts.find(Session, session.key)
            if current is None or current.ended_at is not None:
                return session
            seen = replace(current, seen_at=now)
            self._accounts.put_soon(seen)
        return seen

    def _end(self, session: Session, why: str, by: str | None = None) -> Session:
        with self._lock:
            current = self._accounts.find(Session, session.key) or session
            if current.ended_at is not None:
                return current
            ended = replace(current, ended_at=self._clock(), ended_why=why, ended_by=by)
            self._accounts.put_soon(ended)
        self._keeper.gone(ended.key, why)
        self._audit.account("session_ended", session.account, session.account, Caller(session.address), why=why)
        return ended

    def last_visit(self, session: Session) -> Moment | None:
        """When somebody was last there before this session began; None where nothing is known of that."""
        before = [
            each.seen_at
            for each in self._accounts.all(Session)
            if each.account == session.account and each.key != session.key and each.begun_at < session.begun_at
        ]
        return max(before, default=None)

    def sign_out(self, secret: str) -> None:
        """End a session as its holder wishes; nothing where there is none."""
        session = self._accounts.find(Session, key_of(secret))
        if session is not None and session.ended_at is None:
            self._end(session, "out")

    def end_others(self, account: str, but: str, by: By) -> None:
        """End what else an account has open, after a change of its password."""
        for each in self._accounts.all(Session):
            if each.account == account and each.key != but and each.ended_at is None:
                self._end(each, "changed", by.caller.address)

    def sweep(self) -> None:
        """End what is over, and forget what ended long ago; called now and then."""
        for each in self._accounts.all(Session):
            account = self._accounts.find(Account, each.account)
            if each.ended_at is None and account is not None:
                why = self._over(each, account)
                if why is not None:
                    self._end(each, why)
        self._accounts.tidy(self._clock())
