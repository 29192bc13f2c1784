"""The admin of the officers. Importing it registers the models with Django's admin site."""

from bureaus.admin.pages import model_admins
from bureaus.admin.people import accounts

__all__ = ["accounts", "model_admins"]
