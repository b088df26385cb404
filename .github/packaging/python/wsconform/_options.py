"""Options of the module as arguments of the tool."""

import os
from typing import Any, List, Mapping, Sequence

# Objects that `wsconform.json` has, too: the option that each of their members stands for, and what is in its middle.
OBJECTS = {"headers": ("--header", ": "), "cookies": ("--cookie", "=")}


def arguments_of(options: Mapping[str, Any]) -> List[str]:
    """The arguments that say the same as `options`; whether they exist is for the tool to say.

    None and False say nothing, True is a flag, a list repeats an option. Raises TypeError for what is none of these.
    """
    arguments: List[str] = []
    for name, value in options.items():
        if name in OBJECTS:
            if not isinstance(value, Mapping):
                raise TypeError("%s is a mapping of names and values, not %r" % (name, value))
            option, between = OBJECTS[name]
            arguments += ["%s=%s%s%s" % (option, key, between, text) for key, text in value.items()]
            continue
        option = "--" + name.replace("_", "-")
        for each in value if isinstance(value, (list, tuple, set, frozenset)) else [value]:
            if each is None or each is False:
                continue
            if each is True:
                arguments.append(option)
            elif isinstance(each, (str, int, float, os.PathLike)):
                arguments.append("%s=%s" % (option, os.fspath(each) if isinstance(each, os.PathLike) else each))
            else:
                raise TypeError("%s is a string, a number, a flag or a list of these, not %r" % (name, each))
    return arguments


def words_of(command: Sequence[str]) -> List[str]:
    """A command as a list of words; raises TypeError for one string, which no shell would take apart."""
    if isinstance(command, (str, bytes)) or not command:
        raise TypeError("a command is a list of words, such as ['node', 'server.js'], and not %r" % (command,))
    return [os.fspath(word) for word in command]
