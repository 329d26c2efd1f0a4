from django.contrib import admin
from django.urls import path

urlpatterns = [path("", admin.site.urls)]
handler500 = "songshan_cw.data.outages.server_fault"
