"""The pages of signing in; they are no part of the contract, for only people look at them."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from api._deps import Deps, Resource
from api._gate import OPEN, csrf_cookie_of
from dashboards._login import CHANGE, SIGN_IN, Door, login_page

_NEXT_MOST = 4000


def next_address(said: str | None) -> str:
    """An address of ours; what leads elsewhere leads to the first page."""
    address = said or "/"
    parts = urlsplit(address)
    odd = parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\"))
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


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("pages", __name__)

    @pages.get("/login")
    @deps.needs(OPEN)
    def login() -> Answer:
        return _page(deps, SIGN_IN) if deps.people.login_on else redirect("/", 302)

    @pages.get("/login/password")
    @deps.needs(OPEN)
    def password() -> Answer:
        return _page(deps, CHANGE) if deps.people.login_on else redirect("/", 302)

    return pages


RESOURCE = Resource("pages", _routes)
