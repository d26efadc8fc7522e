"""What tests of exports share: where files go, an asker, a second person, asking."""

import io
from uuid import uuid4

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bangfu.exports.actions import Asking, ask_export
from bangfu.exports.lists import all_lists
from bangfu.exports.masks import ENDS
from tests.factories import UserFactory

PURPOSE = "核对本乡镇名单"


@pytest.fixture(autouse=True)
def exports_folder(settings, tmp_path):
    """Sealed files of a test lie in its own folder."""
    settings.EXPORTS = tmp_path / "exports"
    return settings.EXPORTS


@pytest.fixture
def second(db):
    """Another county officer of 150522."""
    return UserFactory(name="王强")


def ask(user, code="people", columns=None, at=None, **more):
    """Ask for a list; by default the columns of its page."""
    one = all_lists()[code]
    shown = [(column.code, ENDS if column.number else "") for column in one.columns if column.shown]
    given = {
        "list": code, "parameters": {}, "columns": columns or shown, "purpose": PURPOSE, "recipient": "县就业服务中心",
        "client_key": str(uuid4()), "language": "en", **more,
    }  # fmt: skip
    return ask_export(Asking(**given), by=user, at=at or timezone.now())


def rows_of(data, sheet=1):
    """The rows of a sheet of a workbook, the names of the columns first."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def fields(one, **more):
    """What the form of a list sends."""
    columns = [column.code for column in one.columns if column.shown]
    masks = {f"mask_{column.code}": ENDS for column in one.columns if column.number}
    given = {"client_key": str(uuid4()), "recipient": "县就业服务中心", "purpose": PURPOSE, "file_format": "xlsx"}
    return {**given, "columns": columns, **masks, **more}


def body(response):
    """The bytes of a streamed answer."""
    return b"".join(response.streaming_content)
