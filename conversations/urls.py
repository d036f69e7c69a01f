"""Public addresses of conversations."""

from django.urls import path

from conversations.views import clicked, opened, unsubscribe

urlpatterns = [
    path("u/<str:token>/", unsubscribe, name="unsubscribe"),
    path("o/<str:token>.gif", opened, name="mail_opened"),
    path("c/<str:token>/", clicked, name="mail_clicked"),
]
