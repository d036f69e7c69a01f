"""The frame: settings, urls, celery, and what watches over the whole house."""

from concours.celery import app as celery_app

__all__ = ["celery_app"]
