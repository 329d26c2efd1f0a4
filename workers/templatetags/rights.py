"""Who has a right, as pages say it."""

from django import template

from workers.rules.rights import roles_with

register = template.Library()
register.filter(roles_with)
