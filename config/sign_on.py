"""The provincial sign-on, an OpenID Connect provider named by the environment.

BANGFU_SIGN_ON is the address of the provider, BANGFU_SIGN_ON_ID the name under which it knows this installation,
BANGFU_SIGN_ON_SECRET the file with the secret that it gave.
"""

import os
from pathlib import Path
from typing import Any


def sign_on() -> str:
    """The address of the provider, "" where none is used."""
    return os.environ.get("BANGFU_SIGN_ON", "").rstrip("/")


def sign_on_apps() -> list[dict[str, Any]]:
    """The provider as django-allauth reads it; the user is known by the claim `sub`."""
    server = sign_on()
    if not server:
        return []
    file = os.environ.get("BANGFU_SIGN_ON_SECRET", "")
    secret = Path(file).read_text(encoding="utf-8").strip() if file else ""
    return [app_of(server, os.environ.get("BANGFU_SIGN_ON_ID", "bangfu"), secret)]


def app_of(server: str, client: str, secret: str) -> dict[str, Any]:
    """One provider: only the subject is asked for, no profile, no e-mail; the code is bound to this browser (PKCE)."""
    return {
        "provider_id": "province", "name": "province", "client_id": client, "secret": secret,
        "settings": {"server_url": server, "scope": ["openid"], "oauth_pkce_enabled": True},
    }  # fmt: skip
