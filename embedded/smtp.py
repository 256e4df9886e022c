"""The mail server of the outbox (RFC 5321, as much as is needed): it takes every mail and sends none."""

import asyncio
import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

from psycopg_pool import AsyncConnectionPool

_LONGEST_LINE, _LONGEST_MAIL, _MOST_RECIPIENTS = 4_096, 1_000_000, 20
_SECONDS = 60
_ADDRESS = re.compile(rb"<([^<>]{1,254})>")


async def serve(pool: AsyncConnectionPool[Any], host: str, port: int) -> asyncio.Server:
    """Take mails until the server that is returned is closed."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Session(pool, reader, writer).run()
        except (OSError, EOFError, ValueError, TimeoutError):
            # The client has gone, or speaks something else.
            pass
        finally:
            writer.close()

    return await asyncio.start_server(talk, host, port, limit=_LONGEST_MAIL)


class _Session:
    def __init__(
        self, pool: AsyncConnectionPool[Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._pool, self._reader, self._writer = pool, reader, writer
        self._recipients: list[str] = []

    async def run(self) -> None:
        await self._say("220 outbox")
        while True:
            line = await self._line()
            verb = line[:4].upper()
            if verb in {b"HELO", b"EHLO"}:
                await self._say("250 outbox")
            elif verb == b"MAIL" or verb in {b"NOOP", b"RSET"}:
                self._recipients = []
                await self._say("250 OK")
            elif verb == b"RCPT":
                await self._recipient(line)
            elif verb == b"DATA":
                await self._data()
            elif verb == b"QUIT":
                await self._say("221 Bye")
                return
            else:
                await self._say("502 Not known")

    async def _recipient(self, line: bytes) -> None:
        found = _ADDRESS.search(line)
        if found is None or len(self._recipients) == _MOST_RECIPIENTS:
            await self._say("550 No")
            return
        self._recipients.append(found[1].decode(errors="replace"))
        await self._say("250 OK")

    async def _data(self) -> None:
        if not self._recipients:
            await self._say("503 To whom?")
            return
        await self._say("354 Go on")
        data = await asyncio.wait_for(self._reader.readuntil(b"\r\n.\r\n"), _SECONDS)
        mail = email.message_from_bytes(data[:-3].replace(b"\r\n..", b"\r\n."), policy=email.policy.default)
        await self._keep(mail)
        self._recipients = []
        await self._say("250 Kept")

    async def _keep(self, mail: EmailMessage) -> None:
        body = mail.get_body(("plain",))
        text = body.get_content() if body else ""
        values = (", ".join(self._recipients), str(mail["Subject"] or ""), text.replace("\0", ""))
        async with self._pool.connection() as connection:
            await connection.execute(
                "insert into auth.outbox (recipient, subject, link, code, text) values (%s, %s, '', '', %s)",
                values,
            )

    async def _line(self) -> bytes:
        line = await asyncio.wait_for(self._reader.readuntil(b"\n"), _SECONDS)
        if len(line) > _LONGEST_LINE:
            raise ValueError("too long")
        return line.rstrip(b"\r\n")

    async def _say(self, text: str) -> None:
        self._writer.write(text.encode() + b"\r\n")
        await self._writer.drain()
