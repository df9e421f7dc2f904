"""The plain way to serve the same model: a transformers pipeline behind the standard library.

    python bench/serving/peer.py MODEL_FOLDER

Speaks the contract of training/serve.py: prints {"event": "ready", "port": …} when it serves, and
answers POST /invocations with {"inputs": "text"}.
"""

import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import torch
from transformers import pipeline

# As our own torch path: a second thread makes a model of this size slower on two cores.
torch.set_num_threads(1)
classify = pipeline("text-classification", model=sys.argv[1], truncation=True)
predicting = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with predicting:
            answers = classify([request["inputs"]])
        content = json.dumps(answers).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(json.dumps({"event": "ready", "port": server.server_address[1]}), flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
# Ends with its parent, whose end of the pipe the kernel closes.
sys.stdin.read()
