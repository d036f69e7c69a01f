"""Django's admin with this product's site; stands in INSTALLED_APPS in the place of `django.contrib.admin`."""

from django.contrib.admin.apps import AdminConfig


class ConcoursAdminConfig(AdminConfig):
    default = False
    default_site = "concours.site.ConcoursSite"
