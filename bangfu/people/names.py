"""How a name is found by its sound."""

from functools import lru_cache


@lru_cache(maxsize=65536)
def sounds_of(name: str) -> tuple[str, str]:
    """(whole pinyin, initials) of a name in lower case: ("zhoujianjun", "zjj").

    Character by character: names are no phrases, and a hundred thousand of them share few characters.
    """
    syllables = [syllable for character in name if character != "·" for syllable in _sounds(character)]
    return "".join(syllables)[:200].lower(), "".join(part[0] for part in syllables if part)[:40].lower()


@lru_cache(maxsize=65536)
def _sounds(character: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes half a second, and few commands write a name

    return tuple(lazy_pinyin(character, style=Style.NORMAL, errors="ignore"))
