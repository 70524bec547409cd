"""The pages of signing in; they are no part of the contract, for only people look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from api._deps import Deps, Resource
from api._gate import OPEN, caller, csrf_cookie_of, oidc_cookie_of
from api.session import give_cookies
from dashboards._login import CHANGE, SIGN_IN, Door, login_page
from services.accounts import By
from twin.errors import BadInput, Conflict, NotAllowed, NotSignedIn, TwinError
from twin.registry import later

if TYPE_CHECKING:
    from services.oidc import Oidc

_NEXT_MOST = 4000


def next_address(said: str | None) -> str:
    """An address of ours; what leads elsewhere leads to the first page."""
    address = said or "/"
    parts = urlsplit(address)
    odd = parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\"))
    odd = odd or any(each <= " " for each in address)  # browsers leave some of these out
    return "/" if odd or len(address) > _NEXT_MOST or address.startswith("/login") else address


def _lang(next: str) -> str:
    """As asked for, else as the address to which one goes back."""
    said = request.args.get("lang")
    return said if said in ("zh", "en") else ("en" if "lang=en" in urlsplit(next).query.split("&") else "zh")


def _page(deps: Deps, form: str) -> Response:
    next, oidc = next_address(request.args.get("next")), deps.park.settings.oidc
    provider = (oidc.name_zh, oidc.name_en) if oidc.issuer else None
    names = deps.park.name_zh, deps.park.name_en
    why, csrf = request.args.get("why", "")[:40], csrf_cookie_of(deps.settings.port)
    said = login_page(Door(form, *names, _lang(next), next, why, csrf, provider))
    return Response(said, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _away(deps: Deps, oidc: Oidc) -> Answer:
    """To the identity provider; the browser holds the state, so that nobody else's sign-in can be slipped to it."""
    scheme, port = "https" if caller().secure else "http", deps.settings.port
    try:
        address, begun = oidc.begin(
            f"{scheme}://{request.host}/login/oidc/back", next_address(request.args.get("next"))
        )
    except NotSignedIn as error:
        return _refused(deps, error)
    answer = redirect(address, 302)
    name, state, secure = oidc_cookie_of(port), begun.state, caller().secure
    answer.set_cookie(name, state, httponly=True, secure=secure, max_age=600, samesite="Lax", path="/login")
    return answer


def _back(deps: Deps, oidc: Oidc) -> Answer:
    """From the identity provider, with somebody for whom it vouches or without."""
    port, said = deps.settings.port, request.args
    held = request.cookies.get(oidc_cookie_of(port), "")
    try:
        who, next = oidc.finish(said.get("state", ""), held, said.get("code", ""))
        by = By("oidc", caller())
        account = deps.people.keeper.vouched(who.id, who.name, who.role, who.enterprise, by)
        secret, _ = deps.people.sessions.sign_in_by(account, caller())
    except (NotSignedIn, NotAllowed, BadInput, Conflict) as error:
        return _refused(deps, error)
    answer = redirect(next, 302)
    answer.delete_cookie(oidc_cookie_of(port), path="/login", samesite="Lax")
    give_cookies(answer, secret, port, caller().secure)
    return answer


def _refused(deps: Deps, error: TwinError) -> Answer:
    code = error.code if error.code in ("oidc", "account_locked") else "oidc_role"
    deps.people.audit.refused("", caller(), "sign in by the identity provider", code, error.status)
    return redirect(f"/login?why={code}", 302)


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("pages", __name__)
    settings = deps.park.settings.oidc
    oidc = later("services.oidc", "Oidc")(settings, deps.clock) if settings.issuer else None

    @pages.get("/login")
    @deps.needs(OPEN)
    def login() -> Answer:
        return _page(deps, SIGN_IN) if deps.people.login_on else redirect("/", 302)

    @pages.get("/login/oidc")
    @deps.needs(OPEN)
    def away() -> Answer:
        deps.people.sign_ins.take(caller().address)
        return _away(deps, oidc) if oidc else redirect("/login", 302)

    @pages.get("/login/oidc/back")
    @deps.needs(OPEN)
    def back() -> Answer:
        return _back(deps, oidc) if oidc else redirect("/login", 302)

    @pages.get("/login/password")
    @deps.needs(OPEN)
    def password() -> Answer:
        return _page(deps, CHANGE) if deps.people.login_on else redirect("/", 302)

    return pages


RESOURCE = Resource("pages", _routes)
