"""E-mail addresses as contacts keep them: one spelling for each, so that who is known is found."""


def tidied(address: str) -> str:
    """The part behind the @ in small letters and in its own script; before it the person's own spelling.

    Domains have no case. Browsers and mail programs write them as ASCII (xn--…), people and files as they are read.
    """
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{_readable(domain.lower())}"


def _readable(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        return domain
