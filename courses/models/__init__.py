"""What courses keep: what is taught, who may learn it, how far they have come, and what certifies it."""

from courses.models.access import Access, LoginOutside, Member
from courses.models.certificate import Certificate, CertificateTemplate
from courses.models.content import Category, Lesson, Offer, Product
from courses.models.progress import CategoryProgress, Enrolment, LessonProgress

__all__ = [
    "Access", "Category", "CategoryProgress", "Certificate", "CertificateTemplate", "Enrolment", "Lesson",
    "LessonProgress", "LoginOutside", "Member", "Offer", "Product",
]  # fmt: skip
