"""
Looks at the screen, clicks and presses keys for the bench. Answers each line of JSON on standard input with one on standard output.

    {"do": "click", "x": …, "y": …, "region": [left, top, width, height]}
        clicks, and answers with the milliseconds until the region changed first (`there`) and last (`painted`)
    {"do": "keys", "keys": ["Control_L", "1"]}
        presses the keys together, and answers with the milliseconds until something was copied (`copied`)
    {"do": "point", "x": …, "y": …}
"""
import json, sys, time
import zlib
from Xlib import X, XK, display
from Xlib.ext import xfixes, xtest

QUIET_S, LIMIT_S = 0.6, 10
screen = display.Display()
root = screen.screen().root
screen.xfixes_query_version()
clipboard = screen.intern_atom('CLIPBOARD')
screen.xfixes_select_selection_input(root, clipboard, xfixes.XFixesSetSelectionOwnerNotifyMask)


def point(x, y):
    xtest.fake_input(screen, X.MotionNotify, x=x, y=y)
    screen.sync()


def click(x, y, region):
    look = lambda: zlib.crc32(root.get_image(*region, X.ZPixmap, 0xFFFFFFFF).data)
    point(x, y)
    time.sleep(0.05)
    last = look()
    xtest.fake_input(screen, X.ButtonPress, 1)
    xtest.fake_input(screen, X.ButtonRelease, 1)
    screen.sync()
    clicked = changed = time.monotonic()
    first = None
    while time.monotonic() - clicked < LIMIT_S and not (first and time.monotonic() - changed > QUIET_S):
        now = look()
        if now != last:
            last, changed = now, time.monotonic()
            first = first or changed
        time.sleep(0.001)
    if first is None:
        return {'error': 'Nothing changed after the click.'}
    return {'there': (first - clicked) * 1000, 'painted': (changed - clicked) * 1000}


def keys(names):
    while screen.pending_events():
        screen.next_event()
    codes = [screen.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
    started = time.monotonic()
    for code in codes:
        xtest.fake_input(screen, X.KeyPress, code)
    for code in reversed(codes):
        xtest.fake_input(screen, X.KeyRelease, code)
    screen.sync()
    while time.monotonic() - started < LIMIT_S:
        if screen.pending_events():
            screen.next_event()
            return {'copied': (time.monotonic() - started) * 1000}
        time.sleep(0.0005)
    return {'error': 'Nothing was copied.'}


for line in sys.stdin:
    command = json.loads(line)
    match command.pop('do'):
        case 'click':
            answer = click(**command)
        case 'keys':
            answer = keys(command['keys'])
        case 'point':
            answer = point(**command) or {}
    print(json.dumps(answer), flush=True)
