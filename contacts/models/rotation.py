"""Whose turn it is, where work is given out in turn."""

from django.db import models


class Rotation(models.Model):
    """Whose turn it is: how many turns one rotation has given out. Locked while a turn is taken."""

    name = models.CharField(max_length=120, unique=True)
    taken = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.taken}"
