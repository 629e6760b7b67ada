"""One visit to a source: its requests are asked only if changed, and what the servers said is kept for the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.base import FetchError, Listing, SourceError
from connectors.exchange import NotModified, Response
from connectors.http import Http
from domain.identity import hash64
from domain.model import Failure, FetchState, Item, Validators


@dataclass(slots=True)
class Visit:
    """The requests of one listing. ``delay_seconds`` is the least time between two requests to one host."""

    slug: str
    http: Http
    known: FetchState
    delay_seconds: float = 0.0
    unchanged: int = 0  # answers that nothing changed
    changed: int = 0
    _said: dict[str, Validators] = field(default_factory=dict)

    @classmethod
    def begin(cls, slug: str, http: Http, known: FetchState | None, *, delay_seconds: float = 0.0) -> Visit:
        """A visit that knows what the last one was told."""
        return cls(slug, http, known or FetchState(), delay_seconds)

    async def get(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        whole: bool = False,
    ) -> Response | None:
        """The answer at an address, None where nothing changed since the last visit; raises FetchError.

        With ``whole`` it is asked for even if nothing changed.
        """
        key = f"{hash64('address', address):016x}"
        nothing = Validators(None, None)
        last = nothing if whole else self.known.validators.get(key, nothing)
        answer = await self.http.get(
            address,
            source=self.slug,
            etag=last.etag,
            last_modified=last.last_modified,
            headers=headers,
            delay_seconds=self.delay_seconds,
            max_bytes=max_bytes,
        )
        if isinstance(answer, NotModified):
            self._said[key] = last
            self.unchanged += 1
            return None
        if answer.etag or answer.last_modified:
            self._said[key] = Validators(answer.etag, answer.last_modified)
        self.changed += 1
        return answer

    async def need(
        self, address: str, *, headers: Mapping[str, str] | None = None, whole: bool = False
    ) -> Response | None:
        """As ``get`` for an address without which the source cannot be listed; raises SourceError."""
        try:
            return await self.get(address, headers=headers, whole=whole)
        except FetchError as e:
            raise SourceError(self.slug, str(e), e.status) from e

    def listing(
        self, items: Sequence[Item], failures: Sequence[Failure] = (), *, cursor: str | None = None
    ) -> Listing:
        """What the visit found; ``cursor`` is how far the source has been read."""
        state = FetchState(self._said, cursor) if self._said or cursor is not None else None
        nothing = not items and not failures and self.unchanged > 0 and self.changed == 0
        return Listing(tuple(items), tuple(failures), state, nothing)
