"""网站进程的设置：gunicorn -c deploy/gunicorn.conf.py。测试和压力测试用的也是这一份。"""

import os

wsgi_app = "songshan_cw.wsgi"
bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", 2 * (os.cpu_count() or 1)))

# 每个进程几个线程：算工资、做PDF这样的长请求只占一个线程，别人的页面照样打开。
# 线程工作方式下 timeout 只看进程是否还活着，不会打断正在办理的长请求；数据库连接数最多为 进程数×线程数。
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", 4))
timeout = 120

# 换新进程和重启时，等手上的请求办完再退出。
graceful_timeout = 300
max_requests = int(os.environ.get("WEB_MAX_REQUESTS", 2000))
max_requests_jitter = max_requests // 10
control_socket_disable = True  # 用信号重启和停止；不在运行用户的目录里另开控制端口
