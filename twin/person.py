"""Who asks: a person who has signed in, or a machine that holds a token."""

from __future__ import annotations

from dataclasses import dataclass

from twin.roles import DEMO_RIGHTS, DEMO_ROLE, ENTERPRISE_RIGHTS, ROLES, SCOPES, Right, Rights

PARK, MASKED = "park", "masked"
RESERVED = frozenset({PARK, MASKED, "PARK"})  # scopes and owners that are no enterprise's id


@dataclass(frozen=True)
class Person:
    """Who asks. ``enterprise``: whose data they are held to, None for the park's own people; ``kind``: person or
    machine."""

    id: str
    name: str
    role: str
    enterprise: str | None
    rights: Rights
    kind: str = "person"

    @property
    def scope(self) -> str:
        """Whose eyes see: ``park`` (all), ``masked`` (all, without names of persons), or an enterprise's id."""
        if self.enterprise is not None:
            return self.enterprise
        return PARK if Right.view_park in self.rights else MASKED

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        return right in self.rights


DEMO = Person("demo", "演示操作员 Demo operator", DEMO_ROLE, None, DEMO_RIGHTS)


def person_of(id: str, name: str, role: str, enterprise: str | None) -> Person:
    """A person with the rights of a role; of a role that is known no more, with none."""
    return Person(id, name, role, enterprise, ROLES.get(role, frozenset()))


def machine_of(id: str, name: str, scopes: tuple[str, ...], enterprise: str | None) -> Person:
    """A machine with the rights of its token's scopes."""
    rights = frozenset[Right]().union(*(SCOPES.get(each, frozenset[Right]()) for each in scopes))
    held = rights if enterprise is None else rights & ENTERPRISE_RIGHTS
    return Person(id, name, "machine", enterprise, held, "machine")
