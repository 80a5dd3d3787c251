"""Letters to a mail server, or none. Off unless the settings name one."""

from sillage.adapters.mail.port import Envelope, MailSender, MaybeSent
from sillage.adapters.mail.smtp import SmtpSender

__all__ = ["Envelope", "MailSender", "MaybeSent", "SmtpSender"]
