"""Prints what awaits.py inserts into each text of a JSON list on stdin, as a JSON list."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../../notebooks/tools/kernel"))
from awaits import inserts_of, stoppable  # noqa: E402

print(json.dumps([{"inserts": inserts_of(text), "text": stoppable(text)} for text in json.load(sys.stdin)]))
