"""What sites ask of robots is done: rules, delays, answers that fail, rules of earlier passes, and hostile ones."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import FetchError
from connectors.http import Http, HttpSettings
from connectors.robots import KEPT, Site
from domain.model import Outcome, SiteRules

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def get(
    *addresses: str, known: dict[str, SiteRules] | None = None, now: datetime = NOW, **changes: Any
) -> Http:
    """Fetch these addresses one after the other; gives the client, for what it has learned."""
    base: dict[str, Any] = {"allow_private": True, "requests_per_second": 0, "backoff_seconds": 0.01}

    async def run() -> Http:
        settings = HttpSettings(**(base | changes))
        async with Http(settings, clock=lambda: now, known_rules=known) as http:
            for address in addresses:
                await http.get(address)
            return http

    return asyncio.run(run())


def fail(*addresses: str, **changes: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(*addresses, **changes)
    return caught.value


def test_what_is_forbidden_is_not_asked_for(site: Any) -> None:
    site.serve("/robots.txt", body=b"User-agent: *\nDisallow: /private\nAllow: /private/open\n")
    for path in ("/public", "/private/open"):
        get(site.serve(path, body=b"x"))
    error = fail(site.serve("/private/x", body=b"x"))
    assert error.outcome is Outcome.REFUSED
    assert "robots.txt forbids it" in str(error)
    assert "/private/x" not in [one.path for one in site.asked]


def test_rules_for_our_name_come_before_those_for_all(site: Any) -> None:
    site.serve("/robots.txt", body=b"User-agent: *\nDisallow: /\n\nUser-agent: Parley\nDisallow: /no\n")
    get(site.serve("/yes", body=b"x"))
    assert fail(site.serve("/no", body=b"x")).outcome is Outcome.REFUSED


def test_a_site_is_asked_once_however_many_wait(site: Any) -> None:
    site.route("/robots.txt", lambda h: (h.wait(0.1), h.reply(404))[1])
    pages = [site.serve(f"/{n}", body=b"x") for n in range(5)]

    async def run() -> None:
        settings = HttpSettings(allow_private=True, requests_per_second=0, concurrency_per_host=5)
        async with Http(settings) as http:
            await asyncio.gather(*(http.get(page) for page in pages))

    asyncio.run(run())
    assert [one.path for one in site.asked].count("/robots.txt") == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_client_error_means_that_there_are_no_rules(site: Any, status: int) -> None:
    site.serve("/robots.txt", status)
    get(site.serve("/a", body=b"x"))


def test_a_server_error_means_that_nobody_may_fetch_for_now(site: Any) -> None:
    site.serve("/robots.txt", 503)
    error = fail(site.serve("/a", body=b"x"))
    assert error.outcome is Outcome.FETCH_FAILED  # and is tried again
    assert "robots.txt: answered 503" in str(error)
    assert "/a" not in [one.path for one in site.asked]


def test_where_a_redirect_leads_is_checked_too(site: Any) -> None:
    site.serve("/robots.txt", body=b"User-agent: *\nDisallow: /there\n")
    site.serve("/there", body=b"x")
    assert fail(site.serve("/here", 302, location="/there")).outcome is Outcome.REFUSED


def test_a_delay_is_kept_and_an_absurd_one_is_cut(site: Any) -> None:
    site.serve("/robots.txt", body=b"User-agent: *\nCrawl-delay: 0.3\n")
    started = time.monotonic()
    get(site.serve("/a", body=b"x"), site.serve("/b", body=b"x"), site.serve("/c", body=b"x"))
    assert 0.6 <= time.monotonic() - started < 5
    rules = SiteRules("http://a.example", "User-agent: *\nCrawl-delay: 86400\n", "", NOW)
    assert Site(rules, "parley").delay_seconds == 60


def test_rules_of_an_earlier_pass_hold_for_a_day(site: Any) -> None:
    origin = site.url("")
    known = {origin: SiteRules(origin, "User-agent: *\nDisallow: /a\n", "", NOW - timedelta(hours=23))}
    page = site.serve("/a", body=b"x")
    assert fail(page, known=known).outcome is Outcome.REFUSED
    assert site.asked == []
    http = get(page, known=known, now=NOW + KEPT)  # asked again, and there are none any more
    assert [one.path for one in site.asked] == ["/robots.txt", "/a"]
    assert http.robots.learned[origin].text == ""


def test_five_megabytes_are_read_to_their_limit_and_bind_all_the_same(site: Any) -> None:
    body = b"User-agent: *\nDisallow: /first\n" + b"Disallow: /x\n" * 400_000 + b"Disallow: /last\n"
    assert len(body) > 5_000_000
    site.serve("/robots.txt", body=body)
    assert fail(site.serve("/first", body=b"x")).outcome is Outcome.REFUSED
    started = time.monotonic()
    get(site.serve("/last", body=b"x"))
    assert time.monotonic() - started < 5


def test_patterns_that_would_be_tried_for_minutes_are_passed_over() -> None:
    text = "User-agent: *\nDisallow: /" + "*a" * 500 + "\nDisallow: /" + "a*" * 8 + "b\nDisallow: /no\n"
    site = Site(SiteRules("http://a.example", text, "", NOW), "parley")
    started = time.monotonic()
    assert site.allows("http://a.example/" + "a" * 3000)
    assert not site.allows("http://a.example/no")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "body", [b"\x00\xff\xfe" * 1000, b"<html>not found</html>", b"Disallow", b"\n" * 10_000]
)
def test_what_is_no_robots_txt_forbids_nothing(site: Any, body: bytes) -> None:
    site.serve("/robots.txt", body=body)
    get(site.serve("/a", body=b"x"))


def test_a_robots_txt_that_leads_to_this_machine_is_not_followed(site: Any) -> None:
    site.serve("/robots.txt", 302, location="http://169.254.169.254/robots.txt")
    error = fail(
        site.serve("/a", body=b"x"), allow_private=False, private_networks=("127.0.0.0/8",)
    )  # fmt: skip
    assert "169.254.169.254" in str(error)


def test_ones_own_hosts_can_be_exempt(site: Any) -> None:
    site.serve("/robots.txt", body=b"User-agent: *\nDisallow: /\n")
    page = site.serve("/a", body=b"x")
    get(page, robots_exempt=("127.0.0.1",))
    get(page, obey_robots=False)
    assert [one.path for one in site.asked] == ["/a", "/a"]
