"""The resources of courses, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from courses.api import views


def register(router: BaseRouter) -> None:
    router.register("courses", views.CourseViewSet, "course")
    router.register("course-categories", views.CourseCategoryViewSet, "course-category")
    router.register("lessons", views.LessonViewSet, "lesson")
    router.register("course-offers", views.CourseOfferViewSet, "course-offer")
    router.register("course-accesses", views.CourseAccessViewSet, "course-access")
    router.register("course-enrolments", views.CourseEnrolmentViewSet, "course-enrolment")
    router.register("lesson-progress", views.LessonProgressViewSet, "lesson-progress")
    router.register("category-progress", views.CategoryProgressViewSet, "category-progress")
    router.register("certificate-templates", views.CertificateTemplateViewSet, "certificate-template")
    router.register("certificates", views.CertificateViewSet, "certificate")
    router.register("course-members", views.CourseMemberViewSet, "course-member")
