"""One kind of thing of the network API: list, create, show, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from defcore.kit.match import Each
from defcore.kit.names import parse
from defcore.kit.owing import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.kit.answer import Answer
    from defcore.kit.network.client import Networks

Thing = dict[str, Any]
_ITEMS = Each({"id": str})


class Collection:
    """The things of one kind, such as all ports.

    ``one`` is what one of them is wrapped in. ``kind`` is that of the ledger, or empty for what belongs to something
    that stands there and goes with it: a subnet to its network, a rule to its security group. ``name`` is the member
    that holds our name.
    """

    def __init__(self, client: Networks, one: str, kind: str = "", name: str = "name") -> None:
        """Speak of the things through ``client``."""
        self.client = client
        self.one, self.many = one, f"{one}s"
        self._kind, self._name = kind, name
        self._path = f"/{self.many.replace('_', '-')}"
        self._member = f"{self._path}/{{{one}_id}}"

    def list(self, *fields: str, **filters: str | Sequence[str]) -> Answer:
        """GET /v2.0/{things}: those that fit the filters (of several values: any of them), with these members only."""
        return self.client.request(f"GET /v2.0{self._path}", self._path + _query(fields, filters))

    def listing(self, wanted: str, member: str = "id") -> Answer:
        """List all, page by page where the cloud gives pages; return the page with what is wanted, else the last one.

        The page is one of status 200 whose items have ids.
        """
        marker: dict[str, str] = {}
        while True:
            answer = self.list(**marker).status(200)
            items = answer.shape({self.many: _ITEMS}).json()[self.many]
            following = {"marker": items[-1]["id"]} if items else marker
            if wanted in self.found(answer, member) or following == marker or f"{self.many}_links" not in answer.json():
                return answer
            marker = following

    def found(self, answer: Answer, member: str = "id") -> Sequence[Any]:
        """Return what a list tells of one member."""
        return [item.get(member) for item in answer.shape({self.many: _ITEMS}).json()[self.many]]

    def follow(self, page: Answer, link: str) -> Answer:
        """GET /v2.0/{things} at the address that a page gives for another one, such as ``next``.

        Its path and query are taken: by which name a client reaches the service is known. Raises the page's failure
        when nothing is there.
        """
        place = f"$.{self.many}_links"
        page.shape({f"{self.many}_links": Each({"rel": str, "href": str})})
        found = next((item["href"] for item in page.json()[f"{self.many}_links"] if item["rel"] == link), None)
        page.require(place, str, found)
        parts = urlsplit(str(found))
        answer = self.client.request(f"GET /v2.0{self._path}", urljoin(self.client.url, f"{parts.path}?{parts.query}"))
        if answer.exchange.status == 404:  # noqa: PLR2004 - HTTP
            raise page.wrong(place, f"where the {link} page is", f"{found}, where nothing is")
        return answer

    def show(self, thing: str, *fields: str) -> Answer:
        """GET /v2.0/{things}/{id}, with these members only."""
        return self.client.request(f"GET /v2.0{self._member}", self._at(thing) + _query(fields, {}))

    def create(self, **members: Any) -> Answer:  # noqa: ANN401 - members of the thing
        """POST /v2.0/{things}. It gets a fresh name of ours if it has none, and is entered in the ledger first."""
        return self._post(self.one, self._own(members), [members])

    def create_all(self, *things: Thing) -> Answer:
        """POST /v2.0/{things}: several at once."""
        return self._post(self.many, [self._own(item) for item in things], things)

    def update(self, thing: str, **members: Any) -> Answer:  # noqa: ANN401 - members of the thing
        """PUT /v2.0/{things}/{id}."""
        return self.client.request(f"PUT /v2.0{self._member}", self._at(thing), {self.one: members})

    def delete(self, thing: str) -> Answer:
        """DELETE /v2.0/{things}/{id}. What is gone by that is no longer owed."""
        return self.client.delete(f"DELETE /v2.0{self._member}", self._at(thing), thing)

    def new(self, **members: Any) -> Thing:  # noqa: ANN401 - members of the thing
        """Prepare one; return it as it was made."""
        with self.client.session.setting_up():
            made: Thing = self.create(**members).status(201).shape({self.one: {"id": str}}).json()[self.one]
            return made

    def _at(self, thing: str) -> str:
        return f"{self._path}/{quote(thing, safe='')}"

    def _own(self, members: Thing) -> Thing:
        """Give it a name, where it can carry one."""
        if self._name and self._name not in members:
            members[self._name] = self.client.session.name()
        return members

    def _post(self, key: str, value: Any, things: Sequence[Thing]) -> Answer:  # noqa: ANN401 - a JSON value
        given = [str(item.get(self._name, "")) for item in things if self._kind]
        return self.client.create(
            self._kind,
            # By a name that does not begin as ours do, somebody else's would be found.
            [{"name": name if parse(name.partition(" ")[0]) else self.client.session.name()} for name in given],
            lambda: self.client.request(f"POST /v2.0{self._path}", self._path, {key: value}),
            lambda answer: [item.get("id") for item in self._made(answer, key)],
        )

    @staticmethod
    def _made(answer: Answer, key: str) -> Sequence[Thing]:
        found = told(answer, key)
        return [item for item in (found if isinstance(found, list) else [found]) if isinstance(item, dict)]


def _query(fields: Sequence[str], filters: Mapping[str, str | Sequence[str]]) -> str:
    words = urlencode([("fields", fields), *filters.items()], doseq=True)
    return f"?{words}" if words else ""
