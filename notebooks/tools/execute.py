"""Runs a notebook on its kernel, from the first cell to the last or to the first error, and writes it with its outputs.

    python execute.py NOTEBOOK OUTPUT

On stdout one JSON object a line: {"cell": N, "id": ID, "seconds": S} when a cell is done, and at the end {"seconds": S} with
{"error": TEXT, "cell": N, "id": ID} where one failed; then the exit status is 1.
"""
import json
import os
import queue
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

# The Deno kernel sometimes says that a cell is done before it sends the last of what the cell showed. What comes so late
# (milliseconds) is taken here; nbclient would drop it.
LATE = 0.1  # seconds without news after which nothing more is expected


def tell(**message):
    print(json.dumps(message), flush=True)


def main(path, output):
    notebook = nbformat.read(path, as_version=4)
    started = {}
    current = {"cell": 0, "id": ""}

    def begin(cell, cell_index):
        started[cell_index] = time.monotonic()
        current.update(cell=cell_index, id=cell.id)

    async def finish(cell, cell_index, execute_reply):
        while True:
            try:
                message = await client.kc.iopub_channel.get_msg(timeout=LATE)
            except queue.Empty:
                break
            client.process_message(message, cell, cell_index)
        tell(cell=cell_index, id=cell.id, seconds=time.monotonic() - started[cell_index])

    client = NotebookClient(
        notebook,
        timeout=None,
        record_timing=False,
        resources={"metadata": {"path": os.path.dirname(os.path.abspath(path))}},
        on_cell_execute=begin,
        on_cell_executed=finish,
    )
    start = time.monotonic()
    failed = {}
    try:
        client.execute()
    except CellExecutionError as error:
        failed = {"error": f"{error.ename}: {error.evalue}" if error.ename else error.evalue, **current}
    nbformat.write(notebook, output)
    tell(seconds=time.monotonic() - start, **failed)
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
