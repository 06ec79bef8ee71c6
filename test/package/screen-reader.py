#!/usr/bin/python3
"""Uses a program as a screen reader does, by what it tells the desktop's accessibility bus.

screen-reader.py APP list               prints the role and the name of everything that it shows
screen-reader.py APP press ROLE NAME    does what a click on it does
screen-reader.py APP focus ROLE NAME    puts the keyboard's focus on it
Exit status 1: it shows no such thing.
"""
import sys

import pyatspi


def shown(node):
    """Yields everything below a node that can be seen."""
    for child in node:
        if child is not None and child.getState().contains(pyatspi.STATE_SHOWING):
            yield child
            yield from shown(child)


app_name, action, *wanted = sys.argv[1:]
everything = [
    node
    for app in pyatspi.Registry.getDesktop(0)
    if app is not None and app.name.lower() == app_name
    for node in shown(app)
]
if action == "list":
    for node in everything:
        print(node.getRoleName(), node.name, sep="\t")
    sys.exit()

found = [node for node in everything if [node.getRoleName(), node.name] == wanted]
if not found:
    sys.exit(1)
if action == "press":
    found[0].queryAction().doAction(0)
else:
    found[0].queryComponent().grabFocus()
