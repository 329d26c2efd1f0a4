"""The site: titles and the start page."""

from unfold.sites import UnfoldAdminSite


class SongshanAdminSite(UnfoldAdminSite):
    site_header = "松山社区工作者管理"
    site_title = "松山社区工作者管理"
    index_title = "首页"
