"""The session cookie. It is signed and does not age: the server alone knows when a sign-in ends (accounts), so a clock that
somebody sets back or forward in the middle of an evening signs nobody out.
"""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner, URLSafeTimedSerializer


class Ageless(TimestampSigner):
    """Signs every cookie at the same moment."""

    def get_timestamp(self) -> int:
        return 0


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions with that signer, made once and not for every request."""

    def __init__(self, app: Flask):
        self._serializer = URLSafeTimedSerializer(
            app.secret_key, salt=self.salt, serializer=self.serializer, signer=Ageless,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )  # fmt: skip

    def get_signing_serializer(self, _app: Flask) -> URLSafeTimedSerializer:
        return self._serializer
