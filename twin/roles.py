"""Who may do what: roles and their rights as data (RO-2), and what a machine's token opens.

Each role has what its work needs and no more. Administrator, auditor and operator are kept apart (NF-67): who makes
accounts cannot act on the park, who reads the log can change nothing, who acts can do neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Right(StrEnum):
    """One thing that somebody may do. ``view_park`` and ``view_masked`` say whose data are seen: all of the park's, or
    all of them without names of persons; who has neither sees those of his own enterprise."""

    view = "view"
    view_park = "view_park"
    view_masked = "view_masked"
    export = "export"
    act_alarm = "act_alarm"
    judge_alarm = "judge_alarm"
    second_look = "second_look"
    close_alarm = "close_alarm"
    hold_alarm = "hold_alarm"
    apply_fault = "apply_fault"
    approve_fault = "approve_fault"
    propose_limit = "propose_limit"
    approve_limit = "approve_limit"
    issue_danger = "issue_danger"
    delay_danger = "delay_danger"
    accept_danger = "accept_danger"
    rectify_danger = "rectify_danger"
    command = "command"  # change the park's mode, send a view to a wall
    pass_gate = "pass_gate"
    keep_closure = "keep_closure"
    diagnose = "diagnose"  # the product's own figures, what was refused of any source
    backup = "backup"
    ingest = "ingest"
    manage_accounts = "manage_accounts"
    read_audit = "read_audit"
    send_notice = "send_notice"  # write to people by hand
    manage_recipients = "manage_recipients"  # who is told of what: address book, routes
    manage_duty = "manage_duty"  # rosters: import, swap
    hand_over = "hand_over"  # sign a shift
    handle_warning = "handle_warning"  # feedback, measures and report of a gas warning
    close_warning = "close_warning"  # raise, lower and close it for the park
    report = "report"  # have a report written
    stay = "stay"  # the session of an unattended screen does not end by itself (NF-64)


Rights = frozenset[Right]
_SEE = frozenset({Right.view, Right.view_park})
_WATCH = frozenset({Right.view, Right.view_masked})
_HANDLE = frozenset({Right.act_alarm, Right.judge_alarm, Right.close_alarm, Right.hold_alarm})
_TELL = frozenset({Right.send_notice, Right.hand_over, Right.handle_warning})
_OWN = frozenset({Right.view, Right.export, Right.act_alarm})

ROLES: Mapping[str, Rights] = MappingProxyType(
    {
        "park_leader": _SEE | {Right.export, Right.command, Right.report, Right.close_warning},
        "safety_bureau": _SEE
        | _HANDLE
        | {Right.export, Right.second_look, Right.approve_fault, Right.approve_limit}
        | {Right.issue_danger, Right.delay_danger, Right.accept_danger}
        | _TELL
        | {Right.manage_recipients, Right.manage_duty, Right.close_warning, Right.report},
        "duty_leader": _SEE
        | _HANDLE
        | {Right.export, Right.second_look, Right.approve_fault, Right.command}
        | _TELL
        | {Right.manage_duty, Right.close_warning, Right.report},
        "operator": _SEE | _HANDLE | {Right.export, Right.propose_limit, Right.issue_danger} | _TELL | {Right.report},
        "safety_engineer": _SEE
        | _HANDLE
        | {Right.export, Right.second_look, Right.apply_fault, Right.propose_limit, Right.diagnose}
        | {Right.handle_warning, Right.report},
        "grid_officer": _SEE | {Right.issue_danger},
        "expert": _SEE | {Right.export, Right.issue_danger, Right.delay_danger, Right.accept_danger},
        "enterprise_head": _OWN
        | {Right.apply_fault, Right.propose_limit, Right.rectify_danger}
        | {Right.handle_warning, Right.manage_duty, Right.hand_over},
        "enterprise_safety": _OWN
        | {Right.apply_fault, Right.propose_limit, Right.rectify_danger}
        | {Right.handle_warning, Right.manage_duty, Right.hand_over},
        "enterprise_line": frozenset({Right.view, Right.act_alarm, Right.rectify_danger}),
        "closure_clerk": _SEE | {Right.export, Right.keep_closure, Right.pass_gate},
        "gate": _SEE | {Right.pass_gate},
        "kiosk": _WATCH | {Right.stay},
        "administrator": _WATCH | {Right.manage_accounts, Right.backup, Right.diagnose},
        "auditor": _WATCH | {Right.read_audit},
    }
)
ENTERPRISE_ROLES = frozenset({"enterprise_head", "enterprise_safety", "enterprise_line"})

# While login is off, on the machine itself, one named demo operator does what all who act on the park do together.
DEMO_ROLE = "demo"
DEMO_RIGHTS: Rights = frozenset(Right) - {
    Right.ingest,
    Right.backup,
    Right.manage_accounts,
    Right.read_audit,
    Right.view_masked,
    Right.stay,
}

# What somebody who is held to one enterprise may ever do, whatever else a token says.
ENTERPRISE_RIGHTS: Rights = frozenset({Right.ingest}).union(*(ROLES[each] for each in ENTERPRISE_ROLES))

# What a machine's token opens, by its scopes.
SCOPES: Mapping[str, Rights] = MappingProxyType(
    {
        "ingest": frozenset({Right.ingest}),
        "read": _SEE | {Right.export, Right.diagnose},
        "operate": ROLES["operator"] | {Right.backup, Right.diagnose},
        "accounts": frozenset({Right.manage_accounts}),
    }
)
