"""Cal.com: bookings."""

from providers.cal_com.signature import verify

__all__ = ["verify"]
