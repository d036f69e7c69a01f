"""The public address of calendars: `/cal/<token>.ics`, to be included at the root."""

from django.urls import path

from contacts import views

app_name = "contacts"
urlpatterns = [path("cal/<str:token>.ics", views.calendar, name="calendar")]
