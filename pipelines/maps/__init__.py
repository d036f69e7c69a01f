"""The map engine: assignments, waves, acts, and what follows from each."""


def ready() -> None:
    """Tells the rest of the house of journeys; called once, when all apps are ready."""
    from contacts.dedupe import merging
    from contacts.models.checks import checks
    from pipelines.maps import defining, hearing, history, holdings
    from pipelines.maps.merging import join
    from triggers.matching.followers import followers
    from triggers.running import departures

    checks["pipelines.Step"] = defining.check_step
    hearing.connect()
    holdings.register()
    history.register()
    merging.joiners["journeys"] = join
    followers["journeys"] = hearing.follow
    departures.hearers["journeys"] = hearing.sent
