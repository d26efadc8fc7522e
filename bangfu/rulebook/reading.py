"""Reads YAML files of the folder rules/ and checks their shape, naming file and path of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bangfu.rulebook.errors import RuleError, _

LARGEST = 100_000  # bytes of one file
DEEPEST = 30  # mappings and lists inside one another; the fast reader has no limit of its own
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


class Lines(dict[str, Any]):
    """A mapping of a file that knows the line on which it and each of its keys begin."""

    def __init__(self, line: int, lines: Mapping[str, int]) -> None:
        super().__init__()
        self.line = line
        self.lines = lines


class _Loader(yaml.CSafeLoader):
    """The safe loader, which also keeps lines and refuses a key that stands twice: the later one would win in
    silence."""

    def mapping(self, node: yaml.MappingNode) -> Iterator[Lines]:
        lines: dict[str, int] = {}
        for key_node, _value in node.value:
            key, line = self.construct_object(key_node, deep=True), key_node.start_mark.line + 1
            if not isinstance(key, str):
                raise RuleError(_("a key must be text, not %(key)s: put it in quotes"), line=line, key=repr(key))
            if key in lines:
                raise RuleError(_("key written twice: %(names)s"), line=line, names=key)
            lines[key] = line
        made = Lines(node.start_mark.line + 1, lines)
        yield made
        made.update({str(key): value for key, value in self.construct_mapping(node).items()})


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.mapping)


def read_yaml(path: Path, shown: str) -> Node:
    """The mapping in a YAML file. `shown` is the name that refusals give to the file.

    RuleError for anything but one plain mapping: anchors, aliases, tags, several documents, keys that are
    not text.
    """
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise RuleError(_("larger than %(most)s bytes"), shown, most=LARGEST)
    try:
        text = data.decode("utf-8")
        _look_through(text)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except RuleError as refusal:
        raise refusal.at(shown, "", refusal.line) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as fault:
        mark = getattr(fault, "problem_mark", None)
        raise RuleError(_("is not readable YAML"), shown, line=mark.line + 1 if mark else 0) from fault
    if not isinstance(content, Lines):
        raise RuleError(_("must hold one mapping"), shown, line=1)
    return Node(content, shown, "")


def _look_through(text: str) -> None:
    depth = 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        line = token.start_mark.line + 1
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
            raise RuleError(_("anchors, aliases and tags are not allowed"), line=line)
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > DEEPEST:
            raise RuleError(_("more than %(most)s mappings and lists inside one another"), line=line, most=DEEPEST)


class Node:
    """A mapping of a rule file that knows its place and which of its keys have been read."""

    def __init__(self, content: Lines, file: str, path: str) -> None:
        self.content = content
        self.file = file
        self.path = path
        self.seen: set[str] = set()

    def wrong(self, key: str, template: str, **facts: object) -> RuleError:
        """A refusal of the value at `key` ("" for the mapping itself)."""
        path = ".".join(part for part in (self.path, key) if part)
        return RuleError(template, self.file, path, self.line(key), **facts)

    def line(self, key: str) -> int:
        """The line on which the key stands, that of the mapping where it is missing; also for "key.inner", "key[2]"."""
        return self.content.lines.get(re.split(r"[.\[]", key)[0], self.content.line)

    def has(self, key: str) -> bool:
        """True where the key is present and not null."""
        return self.content.get(key) is not None

    def raw(self, key: str) -> Any:
        """The value as YAML gave it; RuleError where it is missing."""
        self.seen.add(key)
        if not self.has(key):
            raise self.wrong(key, _("is missing"))
        return self.content[key]

    def optional(self, key: str) -> Any:
        """The value as YAML gave it, None where it is missing."""
        self.seen.add(key)
        return self.content.get(key)

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, _("must be text"))
        return value

    def any_of(self, key: str, *types: type) -> Any:
        """A value of one of the types; a truth is no number. RuleError where the key is missing."""
        self.seen.add(key)
        if key not in self.content:
            raise self.wrong(key, _("is missing"))
        if type(self.content[key]) not in types:
            raise self.wrong(key, _("is of another kind"))
        return self.content[key]

    def choice(self, key: str, options: tuple[str, ...]) -> str:
        """One of the options."""
        value = self.raw(key)
        if value not in options:
            raise self.wrong(key, _("must be one of %(options)s"), options=", ".join(options))
        return str(value)

    def day(self, key: str) -> date:
        """A date as YAML writes it, without quotes and without a time."""
        value = self.raw(key)
        if type(value) is not date:
            raise self.wrong(key, _("must be a date such as 2026-06-30"))
        return value

    def node(self, key: str) -> Node:
        """A mapping inside this one."""
        value = self.raw(key)
        if not isinstance(value, Lines):
            raise self.wrong(key, _("must be a mapping"))
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
            raise self.wrong(key, _("must be a list"))
        found = []
        for number, item in enumerate(value):
            if not isinstance(item, Lines):
                raise self.wrong(f"{key}[{number}]", _("must be a mapping"))
            found.append(Node(item, self.file, ".".join(p for p in (self.path, f"{key}[{number}]") if p)))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; () where the key is missing."""
        value = self.optional(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.wrong(key, _("must be a list of texts"))
        return tuple(value)

    def finish(self) -> None:
        """RuleError where the mapping holds a key that nobody asked for: mostly a slip of the pen."""
        unknown = sorted(set(self.content) - self.seen)
        if unknown:
            fault = self.wrong("", _("unknown key: %(names)s"), names=", ".join(unknown))
            raise fault.at(fault.file, fault.path, self.line(unknown[0]))


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
