"""The queue of cells, and what is done before and after Deno runs one.

While a cell runs, no other request of a client goes to Deno. The reply to the cell and its "idle" are held back until its last
outputs have come, and until the error or the warning is published that belongs to it: front ends drop what comes later.
"""
import asyncio
import time
from dataclasses import dataclass, field

from message import Message
from problems import STOPPED_NAME, refusal, stopped_problem, syntax_problem

QUIET = 0.015  # seconds without an output after which a cell has sent all of its outputs
PATIENCE = 0.5  # seconds for which the end of a cell waits for its warnings; later ones appear when they come
ABORTED = {"status": "aborted", "execution_count": 0}
NUDGE = 0.5  # seconds after which Deno is asked again whether it is there


@dataclass(eq=False)
class Cell:
    """A cell that runs."""

    request: Message
    code: str
    sent: str = ""  # the code that Deno gets
    syntax: "dict | None" = None  # the syntax error that the helper found
    warnings: "asyncio.Future | None" = None  # what the helper says of its types
    is_sent: bool = False  # whether Deno has got it
    began: float = 0.0  # when Deno got it, in seconds since 1970
    last_output: float = 0.0
    presses: int = 0  # of Stop
    stopped: str = ""  # what Stop ended, a key of problems.STOPPED
    has_error: bool = False  # whether an error message was published
    reply: "Message | None" = None
    idle: "Message | None" = None
    over: asyncio.Event = field(default_factory=asyncio.Event)  # when Deno has replied and is idle, or need not begin

    def note_output(self, message):
        self.last_output = time.monotonic()
        self.has_error = self.has_error or message.type == "error"

    def end(self, reply=None, idle=None):
        self.reply, self.idle = reply or self.reply, idle or self.idle
        if self.reply and self.idle:
            self.over.set()

    def is_stopped(self, content):
        """Whether an error or a reply is that of an await that Stop ended."""
        if self.presses == 0 or content.get("ename") != STOPPED_NAME:
            return False
        self.stopped = self.stopped or "wait"
        return True

    @property
    def is_refused(self):
        """Whether Deno replied with an error and published none: it could not parse the cell, or V8 ended it."""
        return self.reply.content["status"] == "error" and not self.has_error


class Cells:
    """Runs the cells that clients send to a proxy, one after another."""

    def __init__(self, proxy):
        self._proxy = proxy
        self._queue = asyncio.Queue()
        self._late = set()
        self.running = None

    def add(self, message):
        """Takes a request from shell: a cell, or something else that must not overtake a cell."""
        self._queue.put_nowait(message)

    def is_running(self, request_id):
        return self.running is not None and self.running.request.id == request_id

    async def work(self):
        await self._prepare()
        while True:
            message = await self._queue.get()
            if message.type == "execute_request":
                await self._execute(message)
            else:
                await self._proxy.pass_on("shell", message)

    async def _prepare(self):
        """Waits until Deno's kernel is there, and runs `inside.js` in it."""
        proxy = self._proxy
        while not proxy.ready.is_set():  # an output that comes before iopub is connected would be lost
            await proxy.send_own("shell", "kernel_info_request", {})
            try:
                await asyncio.wait_for(proxy.ready.wait(), NUDGE)
            except asyncio.TimeoutError:
                pass
        await self._run_own(proxy.inner.prelude())

    async def _run_own(self, code):
        """Lets Deno run code that is no cell."""
        content = {"code": code, "silent": True, "store_history": False}
        await self._proxy.send_own("shell", "execute_request", content)

    async def _execute(self, message):
        code, check = message.content.get("code", ""), not message.content.get("silent", False)
        cell = self.running = Cell(message, code)
        look = asyncio.create_task(self._look_at(cell, check))
        await self._first(look, cell.over.wait())
        problem = None
        if cell.over.is_set():
            problem = stopped_problem("before")
        else:
            await look
            if cell.syntax and cell.syntax.get("isTooDeep"):  # Deno would end
                problem = syntax_problem(code, cell.syntax)
        if problem:
            self.running = None
            await self._end_early(message, problem)
            return await self._abort_after(message)
        cell.is_sent, cell.began = True, time.time()
        changed = self._proxy.signer.changed(message, {**message.content, "code": cell.sent})
        await self._proxy.pass_on("shell", message, None if cell.sent == code else changed)
        await cell.over.wait()
        await self._finish(cell)

    async def _look_at(self, cell, check):
        cell.sent, cell.syntax, cell.warnings = await self._proxy.helper.look_at(cell.code, check)

    async def _first(self, look, wait):
        """Waits for one of two things, and forgets the second if it does not come first."""
        other = asyncio.create_task(wait)
        await asyncio.wait([look, other], return_when=asyncio.FIRST_COMPLETED)
        other.cancel()

    async def _finish(self, cell):
        proxy, reply, header = self._proxy, cell.reply.content, cell.request.header
        while (wait := cell.last_output + QUIET - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        if cell.is_refused:
            problem = self._explain(cell)
            reply = {**reply, **problem.content}
            await proxy.publish(*problem.message, header)
        elif cell.is_stopped(reply):
            reply = {**reply, **stopped_problem(cell.stopped).content}
        await self._warn(cell)
        self.running = None
        await proxy.sockets["shell"].send_multipart([*cell.request.identities, *proxy.signer.changed(cell.reply, reply)])
        await proxy.sockets["iopub"].send_multipart(cell.idle.frames)
        if cell.stopped == "loop" or cell.presses > 0:
            await self._run_own("$watchForStop()")
        if reply["status"] == "error":
            await self._abort_after(cell.request)

    def _explain(self, cell):
        if cell.presses > 0:
            return stopped_problem(cell.stopped or "wait")
        return syntax_problem(cell.code, cell.syntax) if cell.syntax else refusal(cell.code, self._proxy.inner.last_lines)

    async def _warn(self, cell):
        """Displays what is wrong with the types of a cell: now, or as soon as it is known."""

        async def publish():
            data = await cell.warnings
            if data:
                content = {"data": data, "metadata": {}, "transient": {}}
                await self._proxy.publish("display_data", content, cell.request.header)

        task = asyncio.create_task(publish())
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        await asyncio.wait([task], timeout=PATIENCE)

    async def _abort_after(self, request):
        """Refuses the cells that wait behind a failed one, as other kernels do; Deno's would run them."""
        if not request.content.get("stop_on_error", True):
            return
        for message in [self._queue.get_nowait() for _ in range(self._queue.qsize())]:
            if message.type == "execute_request":
                await self._refuse(message, ABORTED)
            else:
                self._queue.put_nowait(message)

    async def _refuse(self, message, content):
        await self._proxy.publish("status", {"execution_state": "busy"}, message.header)
        await self._proxy.answer("shell", message, "execute_reply", content)
        await self._proxy.publish("status", {"execution_state": "idle"}, message.header)

    async def fail(self, problem):
        """Ends the running cell with an error, and refuses those that wait: Deno has ended."""
        waiting = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        cells = [message for message in waiting if message.type == "execute_request"]
        cell, self.running = self.running, None
        if cell:
            await self._end_early(cell.request, problem)
        elif cells:  # Deno ended before the first cell began
            await self._end_early(cells.pop(0), problem)
        for message in cells:
            await self._refuse(message, ABORTED)

    async def _end_early(self, message, problem):
        """Ends a cell with a problem although Deno has not replied."""
        await self._proxy.publish(*problem.message, message.header)
        await self._refuse(message, {"status": "error", "execution_count": 0, **problem.content})

    async def say(self, cell, line):
        """Prints a line beneath a cell."""
        await self._proxy.publish("stream", {"name": "stdout", "text": line + "\n"}, cell.request.header)
