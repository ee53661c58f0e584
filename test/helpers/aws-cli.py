"""Runs the AWS CLI, version 2, for one list of arguments after the other: a line of JSON in, a line of JSON out.

Each runs in a process of its own, forked after the slow imports.
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, '/usr/lib/python3/dist-packages')
import awscli.clidriver  # noqa: E402
import awscli.handlers  # noqa: E402, F401
import distro  # noqa: E402


distro.id()
distro.major_version()
DATA_PATH = os.environ['AWS_DATA_PATH']


def run(case, out, err):
    os.environ.clear()
    os.environ.update(case['environment'])
    os.environ['AWS_DATA_PATH'] = DATA_PATH
    os.chdir(case['folder'])
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    sys.argv = ['aws'] + case['args']
    try:
        code = awscli.clidriver.main()
    except SystemExit as stop:
        code = stop.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


for line in sys.stdin:
    case = json.loads(line)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            devnull = os.open(os.devnull, os.O_RDONLY)
            os.dup2(devnull, 0)
            run(case, out, err)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        result = {'code': os.WEXITSTATUS(status), 'stdout': out.read().decode(), 'stderr': err.read().decode()}
    print(json.dumps(result), flush=True)
