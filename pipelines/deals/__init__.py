"""What is done with opportunities, and what is told of them: moving, standing still, sums, the board, the forecast."""


def ready() -> None:
    """Tells the rest of the house of opportunities; called once, when all apps are ready."""
    from contacts.custom.carriers import carriers
    from pipelines.deals import activity, holdings, releasing
    from pipelines.models.opportunity import ON_DEALS
    from triggers import sweeping
    from triggers.matching.followers import followers

    carriers[ON_DEALS] = "opportunity"
    followers["opportunity activity"] = activity.note
    sweeping.chores["opportunity activity"] = sweeping.Chore(activity.due_lanes, activity.work)
    holdings.register()
    releasing.connect()
