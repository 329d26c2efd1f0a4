from payroll.management.performance import PerformanceTransition
from payroll.services.performance_batches import OPEN_STATES, submit_batch


class Command(PerformanceTransition):
    help = "提交某年的绩效批次（以 --by 用户的权限）"
    service = submit_batch
    states = OPEN_STATES
    verb, done = "提交", "已提交"
