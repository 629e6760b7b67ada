"""The watch file: read once, checked wholly, turned into frozen settings.

A mistake is reported with the file, the line, what was wrong and what is allowed. ``${NAME}`` in a value is replaced
by the environment variable of that name, ``${prefect:NAME}`` by the value of that Secret block, so that secrets stay
out of the file.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from domain.alert_text import Wording, packaged_wording, read_wording
from flows.catalogue import pick
from flows.secret_blocks import SecretError, prefect_secret
from flows.source_tables import AnySource, FolderTable
from flows.tables import (
    MODELS,
    SECRETS,
    AlertsTable,
    AnyChannel,
    AtomTable,
    CapturesTable,
    HttpTable,
    StdoutTable,
    WatchFile,
    WatchTable,
)

DEFAULT_WATCH = "watch.toml"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*|prefect:[a-z0-9][a-z0-9-]*)\}")
_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([A-Za-z0-9_.\-]+)\s*(\]\]|\])")
_SHORTEST_SECRET = 4  # characters; shorter values would be found everywhere
_KEY = re.compile(r"^\s*\"?([A-Za-z0-9_\-]+)\"?\s*=")


class WatchError(Exception):
    """A watch file that cannot be used; the text names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched. ``base`` is the folder to which relative paths of sources refer.

    ``shown`` has the address of each source as it stands in the file: what an environment variable put into it may
    be a secret and goes neither into the database nor on the screen. ``secrets`` are those values with their names.
    """

    path: Path | None
    base: Path
    sha256: str
    watch: WatchTable
    http: HttpTable
    sources: tuple[AnySource, ...]
    channels: tuple[AnyChannel, ...]
    shown: Mapping[str, str]
    wording: Wording
    captures: CapturesTable
    secrets: tuple[tuple[str, str], ...] = ()

    def hide(self, text: str) -> str:
        """The text with the names of environment variables (``${NAME}``) in place of what they put into the file."""
        for value, name in self.secrets:
            text = text.replace(value, name)
        return text


def load_watch(path: Path, environment: Mapping[str, str] | None = None) -> Watch:
    """The settings of a watch file. Raises ``WatchError`` that names the line for everything that is wrong in it."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WatchError(f"{path}: cannot be read: {error}. Name a watch file with --watch FILE.") from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WatchError(f"{path}: not TOML: {error}") from error
    lines = _Lines(text)
    used: dict[str, str] = {}
    filled = _fill(tables, environment if environment is not None else os.environ, path, lines, (), used)
    try:
        file = WatchFile.model_validate(filled)
    except ValidationError as error:
        raise WatchError("\n".join(_explain(path, lines, dict(e), tables) for e in error.errors())) from None
    _check_unique(path, lines, "source", [s.slug for s in file.source])
    _check_unique(path, lines, "channel", [c.name for c in file.channel])
    sources = (*file.source, *_picked(path, lines, file))
    if not sources:
        raise WatchError(
            f"{path}: no [[source]] and nothing picked in [catalogue]: nothing would be watched (see docs/watch.md)."
        )
    digest = hashlib.sha256(raw).hexdigest()
    written = {table["slug"]: table for table in tables.get("source", ())}
    shown = {source.slug: _place(written.get(source.slug) or source.model_dump()) for source in sources}
    return Watch(
        path=path,
        base=path.resolve().parent,
        sha256=digest,
        watch=file.watch,
        http=file.http,
        sources=sources,
        channels=file.channel,
        shown=shown,
        wording=_wording(path, lines, file.alerts),
        captures=file.captures,
        secrets=_secrets(used),
    )


def _picked(path: Path, lines: _Lines, file: WatchFile) -> tuple[AnySource, ...]:
    """What the watch picks from the catalogue, without those that it describes itself."""
    if file.catalogue is None:
        return ()
    own = {source.slug for source in file.source}
    try:
        return tuple(source for source in pick(file.catalogue) if source.slug not in own)
    except ValueError as error:
        raise WatchError(f"{_where(path, lines.find(('catalogue',)))}: {error}") from error


def _place(table: Mapping[str, Any]) -> str:
    """Where a source lies, in the words of its table."""
    found = table.get("address") or table.get("path") or table.get("channel") or table.get("kind", "")
    return str(found)


def _secrets(used: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Values of the environment that are long enough to be one, also as they stand in an address; longest first."""
    values = {value: name for value, name in used.items() if len(value) >= _SHORTEST_SECRET}
    quoted = {quote(value, safe=""): name for value, name in values.items()}
    return tuple(sorted((quoted | values).items(), key=lambda pair: -len(pair[0])))


def _wording(path: Path, lines: _Lines, table: AlertsTable) -> Wording:
    """The words of alerts; raises ``WatchError`` for a file or a language that cannot be used."""
    try:
        if table.wording is None:
            return packaged_wording(table.language)
        return read_wording((path.resolve().parent / table.wording).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        key = "wording" if table.wording is not None else "language"
        where = _where(path, lines.find(("alerts", key)))
        raise WatchError(f"{where}: {key} = {getattr(table, key)!r}: {error}") from error


def folders_watch(folders: list[Path], base: Watch | None) -> Watch:
    """A watch over folders only, with the pair and channels of ``base`` (or the defaults and stdout and Atom)."""
    slugs: dict[str, Path] = {}
    for folder in folders:
        stem = re.sub(r"[^a-z0-9_-]+", "-", folder.resolve().name.lower()).strip("-") or "folder"
        slug, n = stem, 2
        while slug in slugs:
            slug, n = f"{stem}-{n}", n + 1
        slugs[slug] = folder.resolve()
    sources = tuple(FolderTable(kind="folder", slug=slug, path=str(path)) for slug, path in slugs.items())
    channels: tuple[AnyChannel, ...] = (
        base.channels if base else (StdoutTable(kind="stdout"), AtomTable(kind="atom"))
    )
    digest = hashlib.sha256("\n".join(s.path for s in sources).encode()).hexdigest()
    return Watch(
        path=base.path if base else None,
        base=Path.cwd(),
        sha256=digest,
        watch=base.watch if base else WatchTable(),
        http=base.http if base else HttpTable(),
        sources=sources,
        channels=channels,
        shown={source.slug: source.path for source in sources},
        wording=base.wording if base else packaged_wording("en"),
        captures=base.captures if base else CapturesTable(),
        secrets=base.secrets if base else (),
    )


def choose_watch(path: Path, folders: list[Path]) -> Watch:
    """The watch of a pass: the file's, or these folders with the pair and channels of the file if there is one."""
    if not folders:
        return load_watch(path)
    return folders_watch(folders, load_watch(path) if path.exists() else None)


class _Lines:
    """Finds the line of a table or key in TOML text; good enough for error messages."""

    def __init__(self, text: str) -> None:
        self._tables: dict[tuple[str, int], int] = {}
        self._keys: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, index = "", 0
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                table = header.group(2)
                index = counts.get(table, 0)
                counts[table] = index + 1
                self._tables[table, index] = number
            elif key := _KEY.match(line):
                self._keys.setdefault((table, index, key.group(1)), number)

    def find(self, location: tuple[Any, ...]) -> int | None:
        """The line of a location such as ``("source", 1, "feed", "address")``; of its table if the key is absent."""
        names = [part for part in location if isinstance(part, str)]
        index = next((part for part in location if isinstance(part, int)), 0)
        if not names:
            return None
        table = names[0]
        for name in reversed(names[1:]):
            if (line := self._keys.get((table, index, name))) is not None:
                return line
        return self._tables.get((table, index)) or self._keys.get(("", 0, table))


def _fill(
    value: Any,
    environment: Mapping[str, str],
    path: Path,
    lines: _Lines,
    at: tuple[Any, ...],
    used: dict[str, str],
) -> Any:
    """The value with variables replaced; ``used`` gathers what was put in, with the name it stands for."""
    if isinstance(value, dict):
        return {key: _fill(v, environment, path, lines, (*at, key), used) for key, v in value.items()}
    if isinstance(value, list):
        return [_fill(v, environment, path, lines, (*at, i), used) for i, v in enumerate(value)]
    if not isinstance(value, str):
        return value

    def replace(found: re.Match[str]) -> str:
        name = found.group(1)
        if name.startswith("prefect:"):
            try:
                secret = prefect_secret(name.removeprefix("prefect:"))
            except SecretError as error:
                raise WatchError(f"{_where(path, lines.find(at))}: {error}") from None
            used[secret] = found.group(0)
            return secret
        if name not in environment:
            raise WatchError(
                f"{_where(path, lines.find(at))}: the environment variable {name} is not set; set it, "
                "or write the value itself"
            )
        used[environment[name]] = found.group(0)
        return environment[name]

    return _VARIABLE.sub(replace, value)


def _where(path: Path, line: int | None) -> str:
    return f"{path}, line {line}" if line else str(path)


def _explain(path: Path, lines: _Lines, error: dict[str, Any], written: dict[str, Any]) -> str:
    location = tuple(error["loc"])
    where = _where(path, lines.find(location))
    name = next((part for part in reversed(location) if isinstance(part, str)), "?")
    kind = error["type"]
    if kind == "extra_forbidden":
        allowed = ", ".join(_allowed(location))
        return f"{where}: {name!r} is no key of {_table(location)}; allowed: {allowed}"
    if kind == "missing":
        return f"{where}: {_table(location)} needs the key {name!r}"
    if kind == "union_tag_not_found":
        return f"{where}: {_table(location)} needs the key 'kind'; allowed: {', '.join(_kinds(location))}"
    if kind == "union_tag_invalid":
        where = _where(path, lines.find((*location, "kind")))
        tag = error["ctx"]["tag"]
        return f"{where}: kind = {tag!r} is not known; allowed: {', '.join(_kinds(location))}"
    message = str(error["msg"]).removeprefix("Value error, ")
    shown = "..." if name in SECRETS else repr(_as_written(written, location))
    return f"{where}: {name} = {shown}: {message[0].lower()}{message[1:]}"


def _as_written(value: Any, location: tuple[Any, ...]) -> Any:
    """The value as it stands in the file: what an environment variable put into it may be a secret."""
    for part in location:
        if (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        ):
            value = value[part]
    return value


def _table(location: tuple[Any, ...]) -> str:
    if len(location) < 2 and location[0] not in ("source", "channel"):
        return "the file"
    return f"[[{location[0]}]]" if location[0] in ("source", "channel") else f"[{location[0]}]"


def _kinds(location: tuple[Any, ...]) -> list[str]:
    return list(MODELS[str(location[0])])


def _allowed(location: tuple[Any, ...]) -> list[str]:
    if len(location) < 2:
        return list(WatchFile.model_fields)
    models = MODELS[str(location[0])]
    tag = next((str(part) for part in location[1:] if part in models), "")
    return list(models[tag].model_fields)


def _check_unique(path: Path, lines: _Lines, table: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            line = lines.find((table, index, "slug" if table == "source" else "name"))
            raise WatchError(
                f"{_where(path, line)}: the {table} {name!r} stands twice; give it a name of its own"
            )
