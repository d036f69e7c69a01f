"""The public addresses of courses, to be included at the root: the member area, sign-up pages, certificates."""

from django.urls import path

from courses import lesson_views, member_views, open_views

app_name = "courses"
urlpatterns = [
    path("learn/", member_views.learn, name="learn"),
    path("learn/in/<str:token>/", member_views.sign_in, name="learn_in"),
    path("learn/out/", member_views.sign_out, name="learn_out"),
    path("learn/offer/<slug:key>/", open_views.offer_page, name="course_offer"),
    path("learn/c/<slug:key>/", lesson_views.course_page, name="course"),
    path("learn/c/<slug:key>/<int:pk>/", lesson_views.lesson_page, name="lesson"),
    path("learn/certificate/<slug:number>/", lesson_views.own_certificate, name="own_certificate"),
    path("certificate/<slug:number>/", open_views.certificate_page, name="certificate"),
]
