"""Acts as a screen reader. As Orca does, turns accessibility on, listens to AT-SPI, and reads and presses what is on screen.

Prints one line of JSON for each live region that changes, and for the answer to each command of the standard input. Ends when
the standard input ends.
"""
import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib


def say(line):
    print(json.dumps(line), flush=True)


def enable(enabled):
    """Sets the two properties that Orca sets. Programs offer their content only while these are set."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for name in ["IsEnabled", "ScreenReaderEnabled"]:
        value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", enabled)))
        call = ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set")
        bus.call_sync(*call, value, None, Gio.DBusCallFlags.NONE, -1)


def children(node):
    nodes = [node.get_child_at_index(index) for index in range(node.get_child_count())]
    return [child for child in nodes if child]


def live(node):
    """Returns how a screen reader announces changes of this node: "polite", "assertive" (at once), or "off"."""
    return (Atspi.Accessible.get_attributes(node) or {}).get("container-live", "off")


def tree(node):
    return {
        "role": node.get_role_name(),
        "name": node.get_name() or "",
        "description": node.get_description() or "",
        "live": live(node),
        "children": [tree(child) for child in children(node)],
    }


def windows():
    return [window for program in children(Atspi.get_desktop(0)) for window in children(program)]


def find(nodes, name):
    for node in nodes:
        found = node if node.get_name() == name else find(children(node), name)
        if found:
            return found


def press(item, button):
    row = find(windows(), item)
    return Atspi.Action.do_action(find(children(row), button), 0)


def on_text(event):
    try:
        if live(event.source) != "off":
            say({"announced": event.any_data, "live": live(event.source)})
    except GLib.Error:
        pass  # The text has already disappeared.


def on_command(stream, _condition):
    line = stream.readline()
    if not line:
        Atspi.event_quit()
        return False
    command, *words = json.loads(line)
    try:
        say({"answer": press(*words) if command == "press" else [tree(window) for window in windows()]})
    except GLib.Error:
        say({"answer": None})  # A node has already disappeared.
    return True


enable(True)
listener = Atspi.EventListener.new(on_text)
listener.register("object:text-changed:insert")
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_command)
say({"answer": None})
Atspi.event_main()
enable(False)
