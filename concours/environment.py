"""Where settings come from: the environment, a `.env` file, and the folder that holds what an installation keeps."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()  # type: ignore[no-untyped-call]
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("CONCOURS_VAR", default=str(BASE_DIR / "var")))


def secret_key() -> str:
    """SECRET_KEY, or one made once and kept under var/ so that a first start needs no setup."""
    given = env.str("SECRET_KEY", default="")
    if given:
        return given
    from django.core.management.utils import get_random_secret_key

    kept = VAR_DIR / "secret_key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        # Written in full before it gets its name: of two first starts at once, both read the same key.
        with NamedTemporaryFile("w", dir=VAR_DIR) as file:
            file.write(get_random_secret_key())
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, kept)
    return kept.read_text().strip()


def database() -> dict[str, Any]:
    """The default database: SQLite under var/, or whatever DATABASE_URL names."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'concours.sqlite3'}")
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        # One writer at a time, and it queues for its turn at BEGIN: read-then-write transactions
        # otherwise fail with "database is locked" (reliability, M19).
        options.update(
            transaction_mode="IMMEDIATE",
            timeout=20,
            init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        )
    else:
        config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
        config["CONN_HEALTH_CHECKS"] = True
        options.setdefault("options", "-c idle_in_transaction_session_timeout=60000 -c lock_timeout=20000")
    return config
