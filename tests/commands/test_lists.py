"""`bangfu feed` tells how the lines of a list found their people."""

from tests.commands.conftest import ON
from tests.intake.ledger_files import text


def test_the_ways_by_which_lines_were_found_are_told(home, tmp_path):
    lines = [["乌云", "1986-02-14", "2026-06-09"], ["", "1986-02-14", "2026-06-09"]]
    file = tmp_path / "deaths.csv"
    file.write_bytes(text(["姓名", "出生日期", "死亡日期"], *lines))
    words = ("feed", "death", str(file), "--month", "2026-06", "--on", ON)
    said = home.run(*words).stderr.splitlines()
    assert said[-2:] == ["0 by ID number, 0 by name and birth", "0 to be reviewed, 1 of nobody known"]
    told = home.json(*words)
    assert (told["lines"], told["matched"], told["linked"], told["to_review"]) == (2, 0, 0, 0)
    assert told["left_out"] == {"name_missing": 1, "not_on_register": 1}
