"""Run a program on a terminal of its own and type: python3 terminal.py '["keys", ...]' PROGRAM ARGUMENT...

Keys are typed one after the other, each when the program has been silent for a while. Prints all that it wrote.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios

SILENCE_S = 0.7
START_S = 15

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))


def echo_until_silent(first):
    patience = first
    while select.select([terminal], [], [], patience)[0]:
        patience = SILENCE_S
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return False
        sys.stdout.buffer.write(piece)
    return True


alive = echo_until_silent(START_S)
for keys in json.loads(sys.argv[1]):
    if not alive:
        break
    os.write(terminal, keys.encode())
    alive = echo_until_silent(START_S)
if alive:
    echo_until_silent(START_S)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
