"""The Celery application, used where CELERY_BROKER_URL names a broker: ``celery -A songshan_cw worker``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songshan_cw.settings")
app = Celery("songshan_cw")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
