from payroll.management.receivables import SettlingCommand
from payroll.services.receivables import repay


class Command(SettlingCommand):
    help = "登记某人归还的应收款，写明原因（以 --by 用户的权限）"
    service = repay
    done = "已登记归还"
