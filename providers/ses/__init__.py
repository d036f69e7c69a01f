"""Amazon SES: what became of mails sent through it, told by Amazon SNS."""

from providers.ses.signature import verify

__all__ = ["verify"]
