"""A web server for one developer: `python -m config.devserver 8001`. Static files come from the rooms' folders."""

import os
import sys


def main() -> None:
    """Serve on 127.0.0.1 at the port given, reloading changed code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    settings.DEBUG = True
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    port = sys.argv[1] if len(sys.argv) > 1 else "8000"
    execute_from_command_line([sys.argv[0], "runserver", f"127.0.0.1:{port}"])


if __name__ == "__main__":
    main()
