from payroll.management.transitions import TransitionCommand
from payroll.services.transitions import submit_runs


class Command(TransitionCommand):
    help = "提交工资批次（以 --by 用户的权限）"
    service = submit_runs
    done = "已提交"
