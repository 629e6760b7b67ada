"""Every fetch of a pass is noted and its bytes are kept, without the secrets that the watch file took from outside."""

from __future__ import annotations

import asyncio

from connectors.http import Exchange
from domain.model import Fetch
from flows.context import Context
from warehouse.captures import RawFetch, pack

MOST_UNKEPT = 8_000_000  # bytes of captures that wait to be written


async def record(ctx: Context, exchange: Exchange) -> None:
    """Note a fetch and its bytes, without the secrets that the watch file took from the environment."""
    hide = ctx.watch.hide
    body = exchange.body
    ctx.fetches.append(
        Fetch(
            exchange.source,
            hide(exchange.address),
            exchange.at,
            exchange.status,
            exchange.sha256,
            None if body is None else len(body),
            hide(exchange.error) if exchange.error else None,
        )
    )
    if body is not None and exchange.sha256 is not None:
        await keep(
            ctx,
            RawFetch(
                hide(exchange.final_address),
                exchange.at,
                exchange.status,
                exchange.headers,
                body,
                exchange.sha256,
            ),
        )


async def keep(ctx: Context, raw: RawFetch) -> None:
    ctx.unkept.append(await asyncio.get_running_loop().run_in_executor(ctx.http.workers, pack, raw))
    if sum(len(one.record) for one in ctx.unkept) > MOST_UNKEPT:
        keep_captures(ctx)


def keep_captures(ctx: Context) -> None:
    """Write the bytes of the last fetches to the disk."""
    fetched, ctx.unkept = ctx.unkept, []
    if fetched:
        ctx.warehouse.sources.keep(fetched, ctx.clock())
