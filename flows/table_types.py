"""What the values of a watch file may be: the types that its tables are made of."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.channels.mail import check_mail_address
from connectors.channels.services import check_service
from connectors.channels.webhook import check_secret
from connectors.sources.html_list import check_selector
from flows.pairs import pair_named

SLUG = r"^[a-z0-9][a-z0-9_-]*$"


def _checked(check: Callable[[str], object]) -> AfterValidator:
    """A value that is kept as it is written, once ``check`` raises no ValueError for it."""

    def validate(written: str) -> str:
        check(written)
        return written

    return AfterValidator(validate)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("must be a time zone such as Europe/Paris") from error


def hours_of(written: str) -> tuple[time, time]:
    """The begin and the end of hours such as ``22:00-07:00``; raises ValueError for anything else."""
    begin, _, end = written.partition("-")
    try:
        hours = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError as error:
        raise ValueError("must be hours such as 22:00-07:00") from error
    if hours[0] == hours[1]:
        raise ValueError("must end at another time than it begins: it would never be quiet, or always")
    return hours


Selector = Annotated[str, _checked(check_selector)]
Network = Annotated[str, _checked(ipaddress.ip_network)]
PairSlug = Annotated[str, _checked(pair_named)]
Zone = Annotated[str, _checked(_check_zone)]
Slug = Annotated[str, Field(pattern=SLUG)]
WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
QuietHours = Annotated[str, _checked(hours_of)]
MailAddress = Annotated[str, _checked(check_mail_address)]
ServiceAddress = Annotated[str, _checked(check_service)]
SigningSecret = Annotated[str, _checked(check_secret)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
