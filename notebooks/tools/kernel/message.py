"""Messages of the Jupyter protocol as they travel over ZeroMQ: identities, a delimiter, a signature, four JSON objects, buffers.

The kernel passes most messages on as they are. It reads only what it needs, and signs only what it changes.
"""
import hashlib
import hmac
import json
import uuid
from datetime import datetime, timezone

DELIMITER = b"<IDS|MSG>"
# Version of the protocol that the Deno kernel speaks.
VERSION = "5.3"
SESSION = uuid.uuid4().hex


class Message:
    """A message that was received. `frames` are the bytes to pass on, without the identities of the sender."""

    def __init__(self, frames):
        at = frames.index(DELIMITER)
        if len(frames) < at + 6:
            raise ValueError(f"expected a signature and four JSON objects, got {len(frames) - at - 1} frames")
        self.identities, self.frames = frames[:at], frames[at:]
        self.signature = self.frames[1]
        self.parts = self.frames[2:6]
        self.header = json.loads(self.parts[0])
        self.parent = json.loads(self.parts[1])
        self._content = None

    @property
    def type(self):
        return self.header["msg_type"]

    @property
    def id(self):
        return self.header["msg_id"]

    @property
    def parent_id(self):
        return self.parent.get("msg_id")

    @property
    def content(self):
        if self._content is None:
            self._content = json.loads(self.parts[3])
        return self._content


class Signer:
    """Signs messages with the key of the connection file, and checks signatures. An empty key turns both off."""

    def __init__(self, key):
        self._key = key.encode()

    def sign(self, parts):
        if not self._key:
            return b""
        digest = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            digest.update(part)
        return digest.hexdigest().encode()

    def is_genuine(self, message):
        return hmac.compare_digest(message.signature, self.sign(message.parts)) or not self._key

    def frames(self, kind, content, parent=None):
        """Returns the frames of a new message. `parent` is the header of the request that it answers."""
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": SESSION,
            "username": "kernel",
            "date": datetime.now(timezone.utc).isoformat(),
            "version": VERSION,
        }
        parts = [json.dumps(part).encode() for part in (header, parent or {}, {}, content)]
        return [DELIMITER, self.sign(parts), *parts]

    def changed(self, message, content):
        """Returns the frames of a message with other content, under its own header."""
        parts = [*message.parts[:3], json.dumps(content).encode()]
        return [DELIMITER, self.sign(parts), *parts, *message.frames[6:]]
