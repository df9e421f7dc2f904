"""SageMaker's container contract over the standard library's HTTP server.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from serving.served_model import ServedModel
from serving.toolkit_entry import CONTENT_TYPE, RequestError

# The limit of a serverless endpoint; larger requests would work here and fail there.
MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_DISCARDED_BYTES = 64 * 1024 * 1024
# A client that stalls during a request keeps a thread no longer than this.
SOCKET_TIMEOUT_SECONDS = 60
DRAIN_SECONDS = 10


class ModelServer(ThreadingHTTPServer):
    """Serves one model; connections run in threads, predictions one at a time."""

    daemon_threads = True
    # Connections made while the model loads wait here instead of being refused.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, ModelRequestHandler)
        self._model: ServedModel | None = None
        self._predicting = threading.Lock()
        self._open_requests = 0
        self._idle = threading.Condition()

    def serve(self, model: ServedModel) -> None:
        """Answer requests until `drain`."""
        self._model = model
        self.serve_forever(poll_interval=0.1)

    def drain(self) -> None:
        """Accept nothing new and wait until the open requests are answered, 10 seconds at most."""
        self.shutdown()
        with self._idle:
            self._idle.wait_for(lambda: self._open_requests == 0, timeout=DRAIN_SECONDS)

    def predict(self, body: bytes, content_type: str) -> str:
        """Return the response body; raises what `ServedModel.invoke` raises."""
        if self._model is None:
            raise RuntimeError("the model is not loaded")
        with self._predicting:
            response = self._model.invoke(body, content_type)
            if self._model.counter is not None:
                self._model.counter.count(body, response)
            return response

    def take_counts(self) -> dict[str, object] | None:
        """Return what was asked since the last time, None if nothing was or nothing counts."""
        if self._model is None or self._model.counter is None:
            return None
        with self._predicting:
            return self._model.counter.take()

    def handle_error(self, request: object, client_address: object) -> None:
        """Print the stack of an error, unless it only says that the client went away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def request_started(self) -> None:
        """Count a request that `drain` has to wait for."""
        with self._idle:
            self._open_requests += 1

    def request_finished(self) -> None:
        """Notify `drain` that a request is answered."""
        with self._idle:
            self._open_requests -= 1
            self._idle.notify_all()


class ModelRequestHandler(BaseHTTPRequestHandler):
    """GET /ping and POST /invocations; every error is {"error": "..."}."""

    protocol_version = "HTTP/1.1"
    timeout = SOCKET_TIMEOUT_SECONDS
    # Headers and body leave in one packet.
    wbufsize = -1

    @property
    def model_server(self) -> ModelServer:
        """Return the server, which the base class knows only as a BaseServer."""
        return cast("ModelServer", self.server)

    def setup(self) -> None:
        """Turn Nagle's algorithm off: it holds small responses back for 40 ms."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        """Answer the health check."""
        if self.path == "/ping":
            self._send(HTTPStatus.OK, "{}")
        else:
            self._send_error(HTTPStatus.NOT_FOUND, f"There is no {self.path[:100]}.")

    def do_POST(self) -> None:
        """Answer an invocation."""
        self.model_server.request_started()
        try:
            if self.path == "/invocations":
                self._invoke()
            else:
                self.close_connection = True
                self._send_error(HTTPStatus.NOT_FOUND, f"There is no {self.path[:100]}.")
        finally:
            self.model_server.request_finished()

    def _invoke(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True
            return self._send_error(HTTPStatus.LENGTH_REQUIRED, "Send a Content-Length.")
        if int(length) > MAX_BODY_BYTES:
            self._discard_body(int(length))
            return self._send_error(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body has {int(length):,} bytes; at most {MAX_BODY_BYTES:,} are accepted.",
            )
        body = self.rfile.read(int(length))
        content_type = self.headers.get("Content-Type") or CONTENT_TYPE
        if content_type.split(";")[0].strip().lower() != CONTENT_TYPE:
            return self._send_error(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {CONTENT_TYPE}, not {content_type[:100]}."
            )
        try:
            response = self.model_server.predict(body, content_type)
        except RequestError as error:
            return self._send_error(HTTPStatus.BAD_REQUEST, str(error))
        except Exception:
            traceback.print_exc()
            return self._send_error(HTTPStatus.INTERNAL_SERVER_ERROR, "The model failed.")
        return self._send(HTTPStatus.OK, response)

    def _discard_body(self, length: int) -> None:
        """Drop a refused body, so that the client reads our answer and not a reset, then close."""
        self.close_connection = True
        remaining = min(length, MAX_DISCARDED_BYTES)
        while remaining > 0:
            chunk = self.rfile.read(min(remaining, 65536))
            if not chunk:
                return
            remaining -= len(chunk)

    def _send_error(self, status: HTTPStatus, message: str) -> None:
        self._send(status, json.dumps({"error": message}))

    def _send(self, status: HTTPStatus, body: str) -> None:
        content = body.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Print nothing: a line for every request would hide the failures."""
