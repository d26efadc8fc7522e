"""Reads YAML files of the folder rules/ and checks their shape, naming file and path of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bangfu.rulebook.errors import RuleError

LARGEST = 100_000  # bytes of one file


class _Loader(yaml.SafeLoader):
    """The safe loader, which also refuses a key that stands twice: the later one would win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if not isinstance(key, str):
                raise RuleError(f"a key must be text, not {key!r}: put it in quotes")
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise RuleError(f"key written twice: {', '.join(twice)}")
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, shown: str) -> Node:
    """The mapping in a YAML file. `shown` is the name that refusals give to the file.

    RuleError for anything but one plain mapping: anchors, aliases, tags, several documents, keys that are
    not text.
    """
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise RuleError(f"larger than {LARGEST} bytes", shown)
    try:
        text = data.decode("utf-8")
        for token in yaml.scan(text):
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
                raise RuleError("anchors, aliases and tags are not allowed", shown)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except RuleError as refusal:
        raise refusal.at(shown, "") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as fault:
        raise RuleError("is not readable YAML", shown) from fault
    if not isinstance(content, dict):
        raise RuleError("must hold one mapping", shown)
    return Node(content, shown, "")


class Node:
    """A mapping of a rule file that knows its place and which of its keys have been read."""

    def __init__(self, content: Mapping[str, Any], file: str, path: str) -> None:
        self.content = content
        self.file = file
        self.path = path
        self.seen: set[str] = set()

    def wrong(self, key: str, reason: str) -> RuleError:
        """A refusal of the value at `key` ("" for the mapping itself)."""
        return RuleError(reason, self.file, ".".join(part for part in (self.path, key) if part))

    def has(self, key: str) -> bool:
        """True where the key is present and not null."""
        return self.content.get(key) is not None

    def raw(self, key: str) -> Any:
        """The value as YAML gave it; RuleError where it is missing."""
        self.seen.add(key)
        if not self.has(key):
            raise self.wrong(key, "is missing")
        return self.content[key]

    def optional(self, key: str) -> Any:
        """The value as YAML gave it, None where it is missing."""
        self.seen.add(key)
        return self.content.get(key)

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "must be text")
        return value

    def choice(self, key: str, options: tuple[str, ...]) -> str:
        """One of the options."""
        value = self.raw(key)
        if value not in options:
            raise self.wrong(key, f"must be one of {', '.join(options)}")
        return str(value)

    def day(self, key: str) -> date:
        """A date as YAML writes it, without quotes and without a time."""
        value = self.raw(key)
        if type(value) is not date:
            raise self.wrong(key, "must be a date such as 2026-06-30")
        return value

    def node(self, key: str) -> Node:
        """A mapping inside this one."""
        value = self.raw(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a mapping")
        return Node(value, self.file, ".".join(part for part in (self.path, key) if part))

    def nodes(self, key: str) -> Iterator[tuple[str, Node]]:
        """The mappings of a mapping, in the order of the file."""
        inner = self.node(key)
        for name in inner.content:
            yield name, inner.node(name)

    def listed(self, key: str) -> list[Node]:
        """The mappings of a list that is not empty."""
        value = self.raw(key)
        if not isinstance(value, list) or not value:
            raise self.wrong(key, "must be a list")
        found = []
        for number, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.wrong(f"{key}[{number}]", "must be a mapping")
            found.append(Node(item, self.file, ".".join(p for p in (self.path, f"{key}[{number}]") if p)))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; () where the key is missing."""
        value = self.optional(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.wrong(key, "must be a list of texts")
        return tuple(value)

    def finish(self) -> None:
        """RuleError where the mapping holds a key that nobody asked for: mostly a slip of the pen."""
        unknown = sorted(set(self.content) - self.seen)
        if unknown:
            raise self.wrong("", f"unknown key: {', '.join(unknown)}")


def read_source(node: Node) -> dict[str, str]:
    """Where a rule or a number is laid down: {"zh": …, "en": …}, or one text that stands for both languages."""
    if isinstance(node.optional("source"), dict):
        return read_name(node, "source")
    text = node.text("source")
    return {"zh": text, "en": text}


def read_name(node: Node, key: str) -> dict[str, str]:
    """A bilingual text: {"zh": …, "en": …}."""
    inner = node.node(key)
    name = {"zh": inner.text("zh"), "en": inner.text("en")}
    inner.finish()
    return name
