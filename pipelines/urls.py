"""The public address of leads' own pages."""

from django.urls import path

from pipelines.views import lead_page

urlpatterns = [path("j/<str:token>/", lead_page, name="lead_page")]
