"""Runs AWS CLI v2 in this process, once per line of standard input, against a server that gives the answers of that line.

in:  {"args": [...], "bodies": ["{...}", ...]}      ENDPOINT in args: the server's URL
out: {"code": 0, "stdout": "...", "stderr": "..."}
"""
import io
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

os.environ.update(
    AWS_ACCESS_KEY_ID='AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY='secret', AWS_REGION='us-east-1',
    AWS_DEFAULT_REGION='us-east-1', AWS_CONFIG_FILE='/dev/null', AWS_SHARED_CREDENTIALS_FILE='/dev/null',
    AWS_MAX_ATTEMPTS='1', AWS_EC2_METADATA_DISABLED='true')
time.tzset()

bodies = []


class Answers(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        body = (bodies.pop(0) if bodies else '{}').encode()
        self.send_response(200)
        self.send_header('Content-Type', 'application/x-amz-json-1.1')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


drivers = []


def driver_for(args):
    """A new one after each skeleton: asking for one leaves handlers behind."""
    from awscli.clidriver import create_clidriver
    if '--generate-cli-skeleton' in args:
        return create_clidriver()
    if not drivers:
        drivers.append(create_clidriver())
    return drivers[0]


def run(args):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding='utf-8', newline='') for _ in range(2))
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        code = driver_for(args).main(['machinelearning', *args, '--endpoint-url', url])
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout, sys.stderr = streams
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return {'code': code, 'stdout': texts[0], 'stderr': texts[1]}


server = HTTPServer(('127.0.0.1', 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f'http://127.0.0.1:{server.server_port}'
for line in sys.stdin:
    case = json.loads(line)
    bodies[:] = case.get('bodies', [])
    result = run([url if arg == 'ENDPOINT' else arg for arg in case['args']])
    print(json.dumps(result), flush=True)
