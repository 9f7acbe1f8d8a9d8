"""Runs a notebook on its kernel, started in FOLDER, until its end or its first error, and writes it with its outputs.

    python execute.py NOTEBOOK OUTPUT FOLDER

Prints one JSON object a line: {"cell": N, "id": ID, "seconds": S} after each code cell, and {"seconds": S} at the end. If a cell
fails, the last line also has {"error": TEXT, "cell": N, "id": ID}, and the exit status is 1.
"""
import json
import queue
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

# The Deno kernel sometimes reports the end of a cell milliseconds before it sends the cell's last outputs. nbclient would drop
# these outputs, so they are collected here.
LATE = 0.1  # seconds to wait for further messages


def report(**message):
    print(json.dumps(message), flush=True)


def main(path, output, folder):
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
        report(cell=cell_index, id=cell.id, seconds=time.monotonic() - started[cell_index])

    client = NotebookClient(
        notebook,
        timeout=None,
        record_timing=False,
        resources={"metadata": {"path": folder}},
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
    report(seconds=time.monotonic() - start, **failed)
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
