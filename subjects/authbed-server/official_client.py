"""Calls read_file on an MCP server with the official Python client, in both eras (pip install mcp).

Usage: official_client.py URL CA-FILE [TOKEN-FILE]
"""
import asyncio
import ssl
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def call(url: str, ca: str, token: str, mode: str) -> str:
    http = httpx2.AsyncClient(
        verify=ssl.create_default_context(cafile=ca), headers={"Authorization": f"Bearer {token}"}
    )
    async with http, Client(streamable_http_client(url, http_client=http), mode=mode) as client:
        result = await client.call_tool("read_file", {"path": "hello.txt"})
        return f"{mode}: {'error' if result.is_error else 'ok'}: {result.content[0].text.strip()}"


async def main() -> None:
    url, ca = sys.argv[1], sys.argv[2]
    token = open(sys.argv[3]).read().strip()
    for mode in ["auto", "legacy"]:
        print(await call(url, ca, token, mode))


asyncio.run(main())
