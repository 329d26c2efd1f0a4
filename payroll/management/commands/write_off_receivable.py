from payroll.management.receivables import SettlingCommand
from payroll.services.receivables import write_off


class Command(SettlingCommand):
    help = "核销某人的应收款，写明原因（以 --by 用户的权限）"
    service = write_off
    done = "已核销"
