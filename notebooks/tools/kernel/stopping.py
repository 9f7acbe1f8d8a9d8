"""What the Stop button does: it ends the cell, and keeps the state of the kernel.

1. A training run of the cell, or whatever else it lets listen for SIGINT, is asked to end itself. A second press ends the cell
   without asking. Listeners of earlier cells are not asked: those of the course's notebooks only keep Deno's own kernel alive.
2. Otherwise, the awaits of the cell throw; after a second press, so do those that it begins.
3. If Deno is too busy to do either, V8 ends what runs: a loop that awaits nothing, say.

A call of a native library cannot be ended; the cell ends when the call returns.
"""
import asyncio

ANSWER = 1.0  # seconds in which Deno answers unless a cell keeps it busy
AT_ONCE = 0.5  # seconds in which a loop ends after V8 was told to end it
PATIENCE = 5.0  # seconds after which a cell that was asked to end is mentioned
ENDING = 3.0  # seconds in which a cell ends after its awaits threw, or V8 ended it

AGAIN = "Stop: the cell goes on, since it catches what Stop throws. Press Stop again to end it."
BUSY = "Stop: the cell ends after its current step. Press Stop again to end it at once."
DEAF = (
    "Stop: the cell goes on, since it waits for something that cannot be interrupted. All variables are kept; "
    "to end it at once, restart the kernel, which loses them."
)


class Stopping:
    """Stops the cell that a proxy runs."""

    def __init__(self, proxy):
        self._proxy = proxy
        self._tasks = set()

    def press(self):
        """Does what a press of Stop asks for. Returns at once."""
        cell = self._proxy.cells.running
        if cell is None:
            return
        cell.presses += 1
        if not cell.is_sent:
            return cell.over.set()  # it need not begin
        task = asyncio.create_task(self._stop(cell, force=cell.presses > 1))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop(self, cell, force):
        proxy = self._proxy
        if cell.over.is_set():
            return
        if proxy.asks_input:
            return await self._stop_input(cell)
        answer = await self._ask(cell, force)
        if answer and force and not await self._ends(cell, AT_ONCE):
            answer = await self._ask(cell, force)  # a loop that catches what its awaits throw keeps Deno busy now
        if cell.over.is_set():
            return
        is_asked = answer["asked"] > 0 if answer else not force and proxy.inner.state()["newest"] >= 1000 * cell.began
        if is_asked:
            await self._mention(cell, BUSY, PATIENCE)
        elif answer:
            await self._mention(cell, AGAIN if answer["stopped"] > 0 and not force else DEAF, ENDING)
        else:
            await self._stop_loop(cell)

    async def _ask(self, cell, force, collect=False):
        return await self._proxy.inner.stop(cell.began, force, collect, ANSWER)

    async def _stop_loop(self, cell):
        cell.stopped = "loop"
        await self._terminate()
        if await self._ends(cell, AT_ONCE):
            return
        # V8 leaves the promise pending of the function in which the loop was, and of the cell if it had awaited something before.
        await self._ask(cell, force=True, collect=True)
        await self._mention(cell, DEAF, ENDING)

    async def _stop_input(self, cell):
        """Deno waits for input, which V8 cannot end: an empty answer comes, and then V8 ends the cell."""
        proxy, cell.stopped = self._proxy, "input"
        proxy.asks_input = False
        await self._terminate()
        await proxy.send_own("stdin", "input_reply", {"value": ""})
        await self._mention(cell, DEAF, ENDING)

    async def _terminate(self):
        await self._proxy.send_own("control", "interrupt_request", {})

    async def _mention(self, cell, line, seconds):
        """Prints a line beneath the cell, unless it ends within some seconds or Stop is pressed again."""
        presses = cell.presses
        if not await self._ends(cell, seconds) and cell.presses == presses:
            await self._proxy.cells.say(cell, line)

    async def _ends(self, cell, seconds):
        try:
            await asyncio.wait_for(cell.over.wait(), seconds)
            return True
        except asyncio.TimeoutError:
            return False
