from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")

    def ready(self) -> None:
        from contacts.dedupe.merging import joiners
        from courses import choices, granting, holdings, joining, keys, reporting
        from triggers import sweeping
        from triggers.workflows import uses

        choices.register()
        keys.register()
        holdings.register()
        granting.connect()
        joiners["courses"] = joining.join
        sweeping.chores["course access"] = sweeping.Chore(granting.due_lanes, granting.expire)
        sweeping.purgers["sign-ins outside"] = reporting.purge
        uses.register(uses.Thing(_("Courses"), "courses.Product", ("courses", "not_courses")))
        uses.register(uses.Thing(_("Course categories"), "courses.Category", ("course_categories",)))
        uses.register(uses.Thing(_("Lessons"), "courses.Lesson", ("lessons",)))
        uses.register(uses.Thing(_("Course offers"), "courses.Offer", ("course_offers", "course_offer")))
        templates = ("certificate_templates", "certificate_template")
        uses.register(uses.Thing(_("Certificate templates"), "courses.CertificateTemplate", templates))
