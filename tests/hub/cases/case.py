"""One valid request for one row of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hub.table import Route
from tests.hub.world import World


@dataclass(frozen=True)
class Prepared:
    """A TwinSpace in which everything exists that a request can name."""

    world: World
    ids: dict[str, str]

    def without(self) -> Prepared:
        """The same requests, for things that are not there."""
        return Prepared(self.world, {name: "absent" for name in self.ids})


@dataclass(frozen=True)
class Case:
    """`ids` says which prepared thing a path parameter names; `succeeds` is false where only a refusal can be shown."""

    body: Callable[[dict[str, str]], Any] = lambda ids: None
    ids: tuple[tuple[str, str], ...] = ()
    succeeds: bool = True
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, route: Route, ids: dict[str, str]) -> dict[str, Any]:
        """What `Person.call` needs beside method and path."""
        body = self.body(ids)
        if route.body == "json":
            return {"body": body, "headers": self.headers}
        types = {"sdp": "application/sdp", "sdpfrag": "application/trickle-ice-sdpfrag"}
        more = {"Content-Type": types[route.body]} if route.body in types and body is not None else {}
        return {"data": body, "headers": {**more, **self.headers}}

    query: str = ""

    def path(self, template: str, prepared: Prepared) -> str:
        names = dict(self.ids)
        path = template
        for part in template.split("/"):
            if part.startswith("{"):
                name = part.strip("{}")
                path = path.replace(part, prepared.ids[names.get(name, name)])
        return f"{path}?{self.query}" if self.query else path
