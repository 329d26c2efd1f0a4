from payroll.services.transitions import approve_runs
from payroll.transition_command import TransitionCommand


class Command(TransitionCommand):
    help = "审核通过工资批次（以 --by 用户的权限）"
    service = approve_runs
    done = "已审核通过"
