"""What every test of the house starts from."""

import gc

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import translation


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite the test database is a file of this process: threads then lock it as processes would."""
    for connection in connections.all():
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        action="store_true",
        help="only what the database or the broker has a part in: the rest is the same on all",
    )


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end; looked through after every test it costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("store"):
        config.hook.pytest_deselected(items=[item for item in items if not _is_stored(item)])
        items[:] = [item for item in items if _is_stored(item)]


def _is_stored(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgres", "broker"))
    return marked or not {"db", "transactional_db", "fleet"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _stand_alone(settings: object, tmp_path: object) -> None:
    """No broker, no caches left from another test; whatever is due is done by `drain()`."""
    settings.CONCOURS_POKE = False  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    # A password takes half a second as it should; here it stands for one.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    # Else each test that asks for a page reads the headers of every static file first.
    settings.WHITENOISE_AUTOREFRESH = True  # type: ignore[attr-defined]
    settings.FORGOTTEN_LEDGER = tmp_path / "forgotten.jsonl"  # type: ignore[attr-defined, operator]
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    # A request in another test leaves its language behind in this thread.
    translation.deactivate()
    cache.clear()
    forget_compiled()


def forget_compiled() -> None:
    """Empties the per-process memories that a rolled-back test would leave stale."""
    from triggers.matching import compiled
    from triggers.running.acting import forget_versions

    compiled._books.clear()
    forget_versions()
