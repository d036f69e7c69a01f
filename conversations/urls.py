"""Public addresses of conversations."""

from django.urls import path

from conversations.views import unsubscribe

urlpatterns = [
    path("u/<str:token>/", unsubscribe, name="unsubscribe"),
]
