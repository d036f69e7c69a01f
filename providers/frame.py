"""What a provider declares: which secrets its connections need, how its deliveries are read, and what is done
with each thing they tell. One class in `providers/<key>/provider.py`, found by walking.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from providers.base import Delivery

if TYPE_CHECKING:  # the models know the providers, not the other way round
    from providers.models import Connection

Json = dict[str, Any]
P = TypeVar("P", bound="type[Provider]")


@dataclass(frozen=True)
class SecretField:
    """A secret of a connection. `check` raises `ValueError`, with words for a person, where it cannot be right.

    `signs`: it proves deliveries, so that while it changes the former one proves them as well. `make`: it is ours
    to think up, and what does so; it is shown once and entered at the provider's.
    """

    name: str
    label: Any
    help: Any = ""
    signs: bool = False
    required: bool = True
    check: Callable[[str], object] | None = None
    make: Callable[[], str] | None = None


@dataclass(frozen=True)
class SettingField:
    """A setting of a connection that is no secret. The value of a mapping is an object of texts."""

    name: str
    label: Any
    kind: Literal["text", "yes", "mapping"] = "text"
    help: Any = ""
    default: Any = ""


@dataclass(frozen=True)
class Item:
    """One thing that a delivery tells; a delivery may tell a thousand. `data` is what is kept and handled.

    `key` is the provider's own id of it: the same on every try, whatever else changes. `once` is a second mark
    that no other item may bear, where the key is not signed. `account` says whose it is, "" if nothing says so.
    `problem`: why it cannot be read; it is then kept for a person.
    """

    key: str
    data: Json
    kind: str = ""
    account: str = ""
    occurred_at: datetime | None = None
    once: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Reply:
    """What is answered over HTTP."""

    status: int = 200
    content: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Handled:
    """What became of an item. `ignored`: why nothing was done, if nothing was."""

    contact_id: int | None = None
    event_id: int | None = None
    problems: Sequence[str] = ()
    ignored: str = ""


class Unclear(Exception):
    """What was told cannot be understood; the message says why. It is kept for a person, not tried again."""


class Later(Exception):
    """Not now: a passing trouble outside. It is tried again; `after` says when at the earliest, if known."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class Provider:
    """Base of all providers. A subclass says what differs; `@provider` makes it known."""

    key: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    # What the connection's account is called, and how it is written; empty where deliveries do not name one.
    account_label: ClassVar[Any] = ""
    account_help: ClassVar[Any] = ""
    account_required: ClassVar[bool] = False
    secrets: ClassVar[tuple[SecretField, ...]] = ()
    settings: ClassVar[tuple[SettingField, ...]] = ()
    # What whoever is not proven is answered: some providers stop for one status only.
    refusal: ClassVar[int] = 401
    reply: ClassVar[Reply] = Reply()
    # Sentences for staff: where the address is entered at the provider's, and what is not sure about it.
    guide: ClassVar[Any] = ""
    # Whether anything here acts on its items yet.
    handles: ClassVar[bool] = False
    can_test: ClassVar[bool] = False
    # As many bytes as a delivery may have.
    max_body: ClassVar[int] = 1024 * 1024

    def register(self) -> None:
        """Offers what it can do at the ports of the apps below; called once, when all apps are loaded."""

    @staticmethod
    def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
        """Whether one of the secrets proves the delivery; never raises. Each folder has its own."""
        return False

    def open_to(self, connection: "Connection") -> bool:
        """Whether unproven deliveries of this connection are taken as well; marked so, and to be confirmed."""
        return False

    def handshake(self, connection: "Connection", delivery: Delivery, now: datetime) -> Reply | None:
        """The answer to a GET by which the provider makes sure of the address; None for any other GET."""
        return None

    def items(self, delivery: Delivery) -> list[Item]:
        """What a proven delivery tells. Raises `Unclear` or `triggers.api.parsers.Unreadable` for none of it."""
        raise NotImplementedError

    def answer(self, connection: "Connection", delivery: Delivery, now: datetime) -> Reply | None:
        """What a proven delivery is answered where its sender waits for more than `reply`: a call, what to say."""
        return None

    def fetch(self, connection: "Connection", data: Json, now: datetime) -> Json:
        """Asks outside for what the item does not tell; what `handle` gets. No transaction is open.

        May be called again for the same item. Raises `Later` and `Unclear`.
        """
        return data

    def handle(self, connection: "Connection", data: Json, now: datetime) -> Handled:
        """Does what the item asks for, in one transaction with its being marked done. Raises `Unclear`."""
        return Handled(ignored=_("Kept. Nothing acts on this yet."))

    def remains(self, data: Json) -> Json:
        """What is kept of an item once it is done; files, say, lie elsewhere by then."""
        return data

    def test(self, connection: "Connection", now: datetime) -> str:
        """Asks the provider whether the secrets are right; a sentence for staff. Raises `Later` or `Unclear`."""
        raise NotImplementedError

    @classmethod
    def signing(cls) -> list[str]:
        """The names of the secrets that prove deliveries."""
        return [each.name for each in cls.secrets if each.signs]


providers: dict[str, Provider] = {}


def provider(key: str, label: Any) -> Callable[[P], P]:
    """Makes a class the provider `key`, which must be the name of its folder."""

    def add(kind: P) -> P:
        if key in providers:
            raise ImproperlyConfigured(f"The provider {key} is declared twice: {kind.__module__}")
        if kind.__module__ != f"providers.{key}.provider":
            raise ImproperlyConfigured(f"The provider {key} is to live in providers/{key}/provider.py")
        kind.key, kind.label = key, label
        providers[key] = kind()
        return kind

    return add


_NOBODY: Final = Provider()


def find(key: str) -> Provider:
    """The provider; one that can do nothing where its code is gone."""
    return providers.get(key, _NOBODY)


def labels() -> Mapping[str, Any]:
    """All providers by key, in the order of their names."""
    return {each.key: each.label for each in sorted(providers.values(), key=lambda each: str(each.label).casefold())}
