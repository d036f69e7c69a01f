"""The public addresses of appointments, to be included at the root: booking pages, an appointment's own page, feeds."""

from django.urls import path

from appointments import appointment_views, booking_views, feed_views

app_name = "appointments"
urlpatterns = [
    path("book/group/<slug:key>/", booking_views.group_page, name="calendar_group"),
    path("book/feed/<str:token>.ics", feed_views.feed, name="appointment_feed"),
    path("book/a/<str:token>/", appointment_views.appointment_page, name="appointment"),
    path("book/a/<str:token>/move/", appointment_views.move_page, name="appointment_move"),
    path("book/a/<str:token>/appointment.ics", appointment_views.calendar_file, name="appointment_file"),
    path("book/<slug:key>/", booking_views.booking_page, name="book"),
    # mail programs cut slashes off
    path("book/<slug:key>", booking_views.booking_page),
]
