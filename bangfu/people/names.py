"""How a name is found by its sound."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=65536)
def sounds_of(name: str) -> tuple[str, str]:
    """(whole pinyin, initials) of a name in lower case: ("zhoujianjun", "zjj"). Surnames read as surnames."""
    syllables = lazy_pinyin(name.replace("·", ""), style=Style.NORMAL, errors="ignore")
    return "".join(syllables)[:200].lower(), "".join(part[0] for part in syllables if part)[:40].lower()
