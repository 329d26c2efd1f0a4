from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SongshanAdminConfig(AdminConfig):
    """The admin with our own site class."""

    default_site = "songshan_cw.site.admin_site.SongshanAdminSite"


class SongshanConfig(AppConfig):
    name = "songshan_cw"
    verbose_name = "松山社区工作者管理"

    def ready(self) -> None:
        from songshan_cw import checks  # noqa: F401  registers the policy check
