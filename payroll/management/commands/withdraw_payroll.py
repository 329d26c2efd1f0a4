from payroll.management.transitions import TransitionCommand
from payroll.services.transitions import withdraw_runs


class Command(TransitionCommand):
    help = "撤回已提交、民政局还没有决定的工资批次（以 --by 用户的权限）"
    service = withdraw_runs
    done = "已撤回"
