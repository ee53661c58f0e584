"""What the two programs share: a client, ids, and waiting for work."""
import secrets
import sys
import time

import boto3


def connect(endpoint_url):
    return boto3.client('machinelearning', endpoint_url=endpoint_url)


def new_id(prefix):
    return f'{prefix}-{secrets.token_hex(6)}'


def wait_for(get, timeout=120):
    """Ask for an object until its work is done; tells how far it is on standard error."""
    deadline = time.monotonic() + timeout
    told = None
    while time.monotonic() < deadline:
        found = get()
        status = found['Status']
        if (status, found.get('Message')) != told:
            told = (status, found.get('Message'))
            print(*filter(None, told), file=sys.stderr)
        if status == 'COMPLETED':
            return found
        if status in ('FAILED', 'DELETED'):
            raise RuntimeError(f'{status}: {found.get("Message")}')
        time.sleep(0.1)
    raise TimeoutError(f'still {status} after {timeout} s')
