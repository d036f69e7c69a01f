"""Calendars with members and opening hours, bookings by visitors and staff, and what becomes of them."""
