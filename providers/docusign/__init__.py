"""DocuSign Connect: documents sent for signature."""

from providers.docusign.signature import verify

__all__ = ["verify"]
