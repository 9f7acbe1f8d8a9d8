"""Type errors of cells, as warnings beneath their outputs.

Deno's kernel runs a cell without checking its types. This checker does it meanwhile, and says nothing where it is not certain: it
reports only errors that mean a mistake (see certainty.py), and stays silent after a cell that it could not take apart. It needs
some seconds to start and about 0.6 GB of memory, and ends when it has had nothing to do for a while. The environment variable
FORGER_TYPES=off turns it off.
"""
import asyncio
import html
import os

from certainty import warning_of
from document import Document, Unknown, entry_of
from language_server import LanguageServer

MOST = 3  # warnings beneath a cell
PATIENCE = 1.0  # seconds for which the end of a cell waits for its warnings; later ones appear when they come
IDLE = 600.0  # seconds without a cell after which the language server ends
MEMORY = 1.5e9  # bytes that must be free for it to start


class Checker:
    """Checks cells in the order in which they run."""

    def __init__(self, deno):
        self._deno = deno
        self._entries, self._pending = [], {}
        self._wanted, self._worker, self._server = asyncio.Event(), None, None
        self._late = set()
        self._is_off = os.environ.get("FORGER_TYPES") == "off"

    def add(self, code):
        """Begins to check a cell that is about to run. Returns a future of its warnings, or None if it is not checked."""
        if self._is_off:
            return None
        try:
            entry = entry_of(code)
        except Unknown:
            self._give_up()
            return None
        if entry is None:
            return None
        # The same cell, run again, declares the same names again.
        self._entries = [other for other in self._entries if other.code != code] + [entry]
        future = self._pending[entry] = asyncio.get_running_loop().create_future()
        self._wanted.set()
        self._worker = self._worker or asyncio.create_task(self._work())
        return future

    async def publish(self, cell, publish):
        """Publishes the warnings of a cell that has ended: now, or as soon as they are there."""
        if cell.check is None:
            return
        if cell.is_refused and not cell.stopped:  # it did not run, so that later cells do not see its names
            self._entries = [entry for entry in self._entries if self._pending.get(entry) is not cell.check]
            return
        task = asyncio.create_task(self._publish(cell, publish))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        await asyncio.wait([task], timeout=PATIENCE)

    async def _publish(self, cell, publish):
        warnings = await cell.check
        if warnings:
            await publish("display_data", {"data": _bundle(warnings), "metadata": {}, "transient": {}}, cell.request.header)

    def close(self):
        for task in [*self._late, *([self._worker] if self._worker else [])]:
            task.cancel()
        self._end_server()

    def _give_up(self):
        """After a cell that cannot be taken apart, nobody knows which names there are."""
        self._is_off = True
        self._entries = []
        self._resolve({})
        self.close()

    def _end_server(self):
        server, self._server = self._server, None
        if server:
            server.close()

    def _resolve(self, found, entries=None):
        for entry in list(self._pending) if entries is None else entries:
            future = self._pending.pop(entry, None)
            if future and not future.done():
                future.set_result(found.get(entry, []))

    async def _work(self):
        while True:
            try:
                await asyncio.wait_for(self._wanted.wait(), IDLE)
            except asyncio.TimeoutError:
                self._end_server()
                await self._wanted.wait()
            self._wanted.clear()
            entries = list(self._entries)
            try:
                if self._server is None:
                    if not _has_memory():
                        return self._give_up()
                    self._server = LanguageServer(self._deno, os.getcwd())
                    await self._server.start()
                document = Document(entries)
                found = _warnings(await self._server.diagnostics(document.text), document)
            except (OSError, ConnectionError):
                return self._give_up()
            self._resolve(found, entries)


def _has_memory():
    try:
        import psutil

        return psutil.virtual_memory().available > MEMORY
    except ImportError:
        return True


def _warnings(diagnostics, document):
    """Returns the warnings by entry, each with its line and column in the cell, counted from 1."""
    found = {}
    for item in diagnostics:
        start = item["range"]["start"]
        place = document.places.get(start["line"])
        if not place:
            continue
        entry, line, shift = place
        column = start["character"] + shift
        text = warning_of(item.get("code"), item["message"], entry.code.split("\n")[line][column:])
        if text:
            found.setdefault(entry, []).append((line + 1, column + 1, text))
    return found


def _bundle(warnings):
    """Returns the representations of warnings: text, and HTML in the colours of JupyterLab's warnings."""
    shown = [f"Line {line}, column {column}: {text}" for line, column, text in warnings[:MOST]]
    if len(warnings) > MOST:
        shown.append(f"and {len(warnings) - MOST} more")
    lines = "".join(f"<div>{html.escape(line)}</div>" for line in shown)
    style = "border-left:4px solid var(--jp-warn-color1,#f57c00);padding:2px 0 2px 10px"
    title = "Type warning (the cell runs all the same):"
    return {
        "text/plain": "\n".join([title, *shown]),
        "text/html": f'<div role="note" style="{style}"><div><b>{title}</b></div>{lines}</div>',
    }
