"""What the product is made of: the screens, panels and layers that were found, held together."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import NotFound, TwinError
from twin.person import Person
from twin.screen import Layer, Panel, Screen


@dataclass(frozen=True)
class House:
    """All declarations by key; a screen that names something unknown fails at start."""

    screens: dict[str, Screen]
    panels: dict[str, Panel]
    layers: dict[str, Layer]

    def __post_init__(self) -> None:
        for screen in self.screens.values():
            for key in screen.panels:
                if screen.compute is None and key not in self.panels:
                    raise TwinError(f"screen '{screen.key}' names an unknown panel '{key}'", code="registry")
            for key in screen.layers:
                if key not in self.layers:
                    raise TwinError(f"screen '{screen.key}' names an unknown layer '{key}'", code="registry")

    def screen(self, key: str) -> Screen:
        """The screen of that key.

        Raises:
            NotFound: there is none.
        """
        if key not in self.screens:
            raise NotFound(f"no screen '{key[:60]}'", "screen", "unknown_screen")
        return self.screens[key]

    def layer(self, key: str) -> Layer:
        """The layer of that key.

        Raises:
            NotFound: there is none.
        """
        if key not in self.layers:
            raise NotFound(f"no layer '{key[:60]}'", "layer", "unknown_layer")
        return self.layers[key]

    @property
    def paged(self) -> list[Screen]:
        """Screens with an address, in the order of the navigation."""
        return sorted((each for each in self.screens.values() if each.path), key=lambda each: (each.order, each.key))

    def seen_by(self, viewer: Person) -> list[Screen]:
        """Those of them that are somebody's to see."""
        return [each for each in self.paged if viewer.may(each.right)]

    def at(self, path: str) -> Screen | None:
        """The screen of an address, None where there is none."""
        return next((each for each in self.paged if each.path == path), None)
