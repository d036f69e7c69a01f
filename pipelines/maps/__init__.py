"""The map engine: assignments, waves, acts, and what follows from each."""


def ready() -> None:
    """Tells the rest of the house of journeys; called once, when all apps are ready."""
    from contacts.dedupe import merging
    from pipelines.maps import hearing, history, holdings
    from pipelines.maps.merging import join
    from triggers.matching.followers import followers

    hearing.connect()
    holdings.register()
    history.register()
    merging.joiners["journeys"] = join
    followers["journeys"] = hearing.follow
