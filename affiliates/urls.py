"""The public addresses of affiliates, to be included at the root."""

from django.urls import path

from affiliates.views import ask_page, follow, portal_page, sign_up_page

app_name = "affiliates"
urlpatterns = [
    path("r/<str:code>/", follow, name="referral"),
    path("r/<str:code>/<str:campaign>/", follow, name="referral_of_campaign"),
    path("affiliates/<slug:key>/", sign_up_page, name="affiliate_sign_up"),
    path("affiliate/", ask_page, name="affiliate_ask"),
    path("affiliate/<str:token>/", portal_page, name="affiliate_portal"),
]
