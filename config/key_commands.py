"""Console: the keys of the installation."""

import argparse

from django.conf import settings
from django.utils import timezone

from bangfu.ui.console import ConsoleError, add_command, add_json, print_json, say
from config.keys import CIPHERS, KeysRefused, new_cipher, read_keys
from config.rotation import check_keys, retire_keys, rotate_index, rotate_sealing, sealed_under


def add_commands(commands: object) -> None:
    """keys new|status|rotate|retire."""
    command = add_command(commands, "keys", _keys, "the keys of sealed values: make, look, rotate, retire")
    command.add_argument("verb", choices=["new", "status", "rotate", "retire"])
    command.add_argument("--index", action="store_true", help="rotate: the key of the blind indexes")
    command.add_argument("--cipher", choices=CIPHERS, help="rotate: of the new key (default: BANGFU_CIPHER or aes)")
    add_json(command)


def _keys(options: argparse.Namespace) -> None:
    path, at = settings.KEY_FILE, timezone.now()
    try:
        if options.verb == "rotate":
            rotate = rotate_index if options.index else rotate_sealing
            changed = rotate(path, options.cipher or new_cipher(), at=at, told=say)
            say(f"{changed} values stand under the new key")
        elif options.verb == "retire":
            check_keys(read_keys(path))
            say(f"keys taken out: {', '.join(map(str, retire_keys(path, at=at))) or 'none'}")
        else:
            _status(options)
    except KeysRefused as error:
        raise ConsoleError(str(error)) from error


def _status(options: argparse.Namespace) -> None:
    keys = read_keys(settings.KEY_FILE)
    check_keys(keys)
    counted = sealed_under()
    if options.json:
        values = {column: {str(number): n for number, n in sorted(found.items())} for column, found in counted.items()}
        print_json({"current": keys.current, "rotating": keys.rotating, "index": keys.current_index, "values": values})
        return
    for number, key in sorted(keys.sealing.items()):
        mark = " (seals)" if number == keys.current else ""
        say(f"key {number}: {key.cipher}, {sum(found[number] for found in counted.values())} values{mark}")
    say(f"index key {keys.current_index}: {keys.index[keys.current_index].cipher}")
    if keys.rotating:
        say("a rotation is not finished: run `bangfu keys rotate` again")
