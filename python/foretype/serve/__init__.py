"""The local page: an editor with ghost text, served to this machine only."""

from foretype.serve.app import create_app
from foretype.serve.listen import DEFAULT_PORT, address, bind, new_token, serve, server

__all__ = ["DEFAULT_PORT", "address", "bind", "create_app", "new_token", "serve", "server"]
