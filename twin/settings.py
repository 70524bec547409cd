"""Settings of one run: what the operator may set, with its defaults in one table."""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.alarm_settings import AlarmSettings, read_alarms
from twin.duty_settings import DutySettings, ExpirySettings
from twin.errors import ParkError
from twin.notify_settings import Channel, NotifySettings, read_notify
from twin.source import SourceSettings
from twin.warning_settings import WarningSettings


@dataclass(frozen=True)
class ReadingSettings:
    """How fresh a measured value must be. All in seconds."""

    period_s: float = 1.0
    stale_s: float = 15.0
    offline_s: float = 60.0
    future_s: float = 300.0  # a reading stamped further ahead than this is refused
    past_s: float = 31 * 86400.0  # and one older than this


@dataclass(frozen=True)
class MapSettings:
    """First view and optional background tiles (WMTS/XYZ) of the operator's own choice."""

    center: tuple[float, float] | None = None  # lon, lat
    zoom: float | None = None
    tiles: str | None = None
    attribution: str = ""


@dataclass(frozen=True)
class StoreSettings:
    """Group commit, queue and disk."""

    group_s: float = 0.1  # writes are gathered so long at least …
    group_most_s: float = 0.5  # … and so long at most while many thousands come a second
    group_rows: int = 100_000
    queue_batches: int = 2_000
    snapshot_s: float = 60.0
    log_bytes: int = 16 * 1024 * 1024  # the log is brought into the file when it is so long
    close_after_s: float = 20.0  # a minute is closed so long after its end
    raw_days: float = 32.0  # every reading is kept so long, then five minutes at a time
    sampled_days: float = 400.0  # these stay in the file so long, then go to a file a day
    min_free_bytes: int = 512 * 1024 * 1024
    memory_limit: str = "1GB"
    threads: int = 2
    last_hour_bytes: int = 1024 * 1024 * 1024  # closed readings of the last hour of every point, in memory
    at_hand_bytes: int = 128 * 1024 * 1024  # closed readings of points that are looked at, in memory


@dataclass(frozen=True)
class BackupSettings:
    """Backups by the clock, into the data folder unless another is named."""

    every_h: float = 0.0  # hours; 0: none by itself
    keep: int = 7  # so many of those made by the clock stay
    folder: str = ""

    def place(self, data: Path) -> Path:
        """The folder that they lie in."""
        return Path(self.folder) if self.folder else data / "backups"


@dataclass(frozen=True)
class EconomySettings:
    """Yearly figures of the park's economy, which no exchange table carries; None: not reported."""

    year: int | None = None
    output_yuan: float | None = None  # value of the industrial output of that year
    tax_yuan_per_mu: float | None = None  # 15 mu are a hectare
    source_zh: str = ""
    source_en: str = ""


@dataclass(frozen=True)
class LoginSettings:
    """Accounts and sessions (NF-61 … NF-64), and how the server stands in its network."""

    password_days: float = 90.0  # a password holds so long; 0: for ever
    tries: int = 5  # wrong ones in a row until an account is locked
    address_tries: int = 5  # and an address; more where many people come from one
    lock_min: float = 15.0
    idle_min: float = 30.0  # a session without anybody at it ends
    longest_h: float = 16.0  # and each ends after so long, whoever is at it
    calls_a_minute: int = 20  # sign-ins of one address
    writes_a_minute: int = 240  # of one session
    machine_writes_a_second: int = 200  # of one token
    second_factor: tuple[str, ...] = ()  # roles that must have one
    hosts: tuple[str, ...] = ()  # names that the server is called by, besides its address
    proxies: tuple[str, ...] = ()  # addresses of proxies whose X-Forwarded-For is believed


@dataclass(frozen=True)
class OidcSettings:
    """Sign-in by an OpenID Connect provider; off without an issuer. The secret comes from ``PARKTWIN_OIDC_SECRET``."""

    issuer: str = ""
    client_id: str = ""
    name_zh: str = "统一身份认证"
    name_en: str = "Single sign-on"
    scope: str = "openid profile"
    id_claim: str = "preferred_username"
    name_claim: str = "name"
    role_claim: str = "roles"
    enterprise_claim: str = "enterprise"
    roles: Mapping[str, str] = field(default_factory=dict)  # what the claim says -> a role of ours
    enterprises: Mapping[str, str] = field(default_factory=dict)  # what the claim says -> an enterprise's id


THINNING_METHODS = ("swinging_door", "deadband")


@dataclass(frozen=True)
class Thinning:
    """One ``[[thinning]]`` entry: points whose closed minutes are kept with a promised error instead of in full.

    ``deviation`` is in the points' unit, ``percent`` of their measuring range; one of them is given.
    """

    method: str = "swinging_door"  # or deadband
    kinds: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    deviation: float = 0.0
    percent: float = 0.0


@dataclass(frozen=True)
class Mask:
    """One ``[[masks]]`` entry: alarms of these kinds (none named: all) at these points or within this area of the
    park are not raised, such as heat at a known source of steam (R-AL-16)."""

    name: str = ""
    kinds: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    zone: str = ""  # id of an area


@dataclass(frozen=True)
class Merge:
    """One ``[[merges]]`` entry: of these kinds, what one device says again within ``within_s`` seconds is the same
    alarm (R-AL-16)."""

    kinds: tuple[str, ...] = ()
    within_s: float = 0.0


@dataclass(frozen=True)
class ParkSettings:
    """What ``park.toml`` may say; without one everything comes from the data or from here."""

    id: str = "park"
    name_zh: str = ""
    name_en: str = ""
    zone: str = "Asia/Shanghai"
    map: MapSettings = field(default_factory=MapSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    economy: EconomySettings = field(default_factory=EconomySettings)
    login: LoginSettings = field(default_factory=LoginSettings)
    oidc: OidcSettings = field(default_factory=OidcSettings)
    duty: DutySettings = field(default_factory=DutySettings)
    expiry: ExpirySettings = field(default_factory=ExpirySettings)
    levels: Mapping[str, str] = field(default_factory=dict)  # "gas.HH" -> "A"
    limits: Mapping[str, float] = field(default_factory=dict)  # panel thresholds, e.g. "alarms_per_hour" -> 6
    sources: tuple[SourceSettings, ...] = ()
    thinning: tuple[Thinning, ...] = ()
    masks: tuple[Mask, ...] = ()
    merges: tuple[Merge, ...] = ()
    alarms: AlarmSettings = field(default_factory=AlarmSettings)
    gas_warning: WarningSettings = field(default_factory=WarningSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)


LISTED = ("sources", "thinning", "masks", "merges", "alarms", "notify", "channels", "routes")  # read by themselves
# The tables of park.toml, and what each fills.
SECTIONS: Mapping[str, type] = {
    "map": MapSettings,
    "reading": ReadingSettings,
    "store": StoreSettings,
    "backup": BackupSettings,
    "economy": EconomySettings,
    "login": LoginSettings,
    "oidc": OidcSettings,
    "gas_warning": WarningSettings,
    "duty": DutySettings,
    "expiry": ExpirySettings,
}


def _section(kind: type, raw: Mapping[str, Any], name: str) -> Any:
    known = set(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    unknown = set(raw) - known
    if unknown:
        raise ParkError(f"park.toml: [{name}] knows no '{sorted(unknown)[0]}'", f"{name}.{sorted(unknown)[0]}")
    return kind(**{key: tuple(each) if isinstance(each, list) else each for key, each in raw.items()})


def _source(raw: Mapping[str, Any]) -> SourceSettings:
    try:
        return SourceSettings(raw["id"], raw["protocol"], {k: v for k, v in raw.items() if k not in ("id", "protocol")})
    except KeyError as error:
        raise ParkError(f"park.toml: a source without {error.args[0]}", f"sources.{error.args[0]}") from error


def _thinning(raw: Mapping[str, Any]) -> Thinning:
    said: Thinning = _section(Thinning, raw, "thinning")
    if said.method not in THINNING_METHODS:
        raise ParkError(
            f"park.toml: thinning.method '{said.method}' is none of {', '.join(THINNING_METHODS)}", "thinning.method"
        )
    if (said.deviation > 0) == (said.percent > 0):
        raise ParkError("park.toml: a [[thinning]] needs either a deviation or a percent above 0", "thinning.deviation")
    return said


def _mask(raw: Mapping[str, Any]) -> Mask:
    said: Mask = _section(Mask, raw, "masks")
    if not (said.points or said.zone):
        raise ParkError("park.toml: a [[masks]] needs points or a zone", "masks.zone")
    return said


def read_park_settings(folder: Path) -> ParkSettings:
    """Settings of a park folder; defaults where there is no ``park.toml``.

    Raises:
        ParkError: the file is not TOML, names something unknown, or has a limit that nothing can be held against.
    """
    path = folder / "park.toml"
    if not path.exists():
        return ParkSettings(id=folder.resolve().name)
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParkError(f"park.toml: {error}", "park.toml") from error
    _above_zero(raw.get("limits"))
    plain = {key: each for key, each in raw.items() if key not in (*SECTIONS, *LISTED)}
    plain.setdefault("id", folder.resolve().name)
    return _section(
        ParkSettings,
        plain
        | {name: _section(kind, raw.get(name, {}), name) for name, kind in SECTIONS.items()}
        | {
            "sources": tuple(_source(each) for each in raw.get("sources", [])),
            "thinning": tuple(_thinning(each) for each in raw.get("thinning", [])),
            "masks": tuple(_mask(each) for each in raw.get("masks", [])),
            "merges": tuple(_section(Merge, each, "merges") for each in raw.get("merges", [])),
            "alarms": read_alarms(raw.get("alarms", {})),
            "notify": read_notify(raw),
        },
        "park.toml",
    )


def not_above_zero(limits: Any) -> dict[str, float]:
    """Limits of alarms that are nought or less: a rate or a share is held against each of them."""
    told = limits.items() if isinstance(limits, Mapping) else ()
    return {name: most for name, most in told if name.startswith("alarms_") and _is_nought(most)}


def _is_nought(most: Any) -> bool:
    return isinstance(most, (int, float)) and not isinstance(most, bool) and most <= 0


def _above_zero(limits: Any) -> None:
    for name, most in not_above_zero(limits).items():
        raise ParkError(f"park.toml: limits.{name} = {most} must be above zero", f"limits.{name}")


@dataclass(frozen=True)
class RunSettings:
    """One run of the server."""

    park: Path
    data: Path
    host: str = "127.0.0.1"
    port: int = 8050
    extra_sources: tuple[SourceSettings, ...] = ()
    demo: bool = False
    start_empty: bool = False  # where the cache is damaged
    extra_channels: tuple[Channel, ...] = ()


_passed: Counter[str] = Counter()  # of the places where one may be asked to die


def crash_point(name: str) -> None:
    """Die here when a crash test asks for it (``PARKTWIN_CRASH=name``, or ``name*20`` the twentieth time); nothing
    otherwise."""
    asked, _, times = os.environ.get("PARKTWIN_CRASH", "").partition("*")
    if asked != name:
        return
    _passed[name] += 1
    if _passed[name] >= int(times or 1):
        os.kill(os.getpid(), 9)
