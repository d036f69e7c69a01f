"""`.env.example` and the settings module speak of the same variables."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LINES = (ROOT / ".env.example").read_text().splitlines()
DOCUMENTED = {line[1:].partition("=")[0]: number for number, line in enumerate(LINES) if re.match(r"#[A-Z_]+=", line)}
SETTINGS = "".join(
    (ROOT / "concours" / f"{name}.py").read_text() for name in ("environment", "settings", "settings_celery")
)
READ = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
COMPOSED = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))


def test_every_variable_is_documented_and_none_besides() -> None:
    assert set(DOCUMENTED) == READ | COMPOSED


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_a_comment_says_what_the_variable_is_for(name: str) -> None:
    above = LINES[DOCUMENTED[name] - 1]

    assert above.startswith("# ")


def test_compose_names_no_password() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    secrets = {
        value
        for service in services.values()
        for name, value in service["environment"].items()
        if name.endswith(("PASSWORD", "PASS", "SECRET_KEY"))
    }
    assert len(secrets) == 3
    assert all(re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value) for value in secrets)


def test_a_copied_example_changes_nothing() -> None:
    assert [line for line in LINES if line and not line.startswith("#")] == []
