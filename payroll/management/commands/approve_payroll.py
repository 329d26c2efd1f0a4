from payroll.management.transitions import TransitionCommand
from payroll.services.transitions import approve_runs


class Command(TransitionCommand):
    help = "审核通过工资批次（以 --by 用户的权限）"
    service = approve_runs
    done = "已审核通过"
