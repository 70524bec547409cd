"""Words for whom a gas warning was told, the same in panels and details."""

from __future__ import annotations

from collections.abc import Sequence

from layers._card import owner_text
from twin.content import Text, text
from twin.screen import Look


def addressee(said: str, look: Look) -> Text:
    """Somebody that a notice is for: a post, and of which enterprise."""
    post, _, enterprise = said.removeprefix("post:").partition("@")
    named = text(f"post.{post}")
    return text("warning.post_of", post=named, owner=owner_text(look, enterprise)) if enterprise else named


def addressees(said: Sequence[str] | None, look: Look) -> list[Text]:
    """All of them."""
    return [addressee(each, look) for each in said or ()]


def where_text(owner: str | None, look: Look) -> Text:
    """Public, or inside which enterprise (R-GAS-1)."""
    return text("warning.inside_of", owner=owner_text(look, owner)) if owner else text("warning.public")
