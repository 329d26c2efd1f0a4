"""What goes out of the ledger as files: pay sheet, csv, payslips, bank list, district register (rules 5–7).

Every writer takes a month and the street codes the caller may see, reads a fixed number of statements however many
people, checks the slips against the runs' totals, and replaces the target only when the file is whole.
"""

from payroll.files.bank_list import write_bank_list
from payroll.files.csv_file import write_csv
from payroll.files.pay_sheet import write_pay_sheet
from payroll.files.payslips import one_payslip_html, payslips_html, write_payslips
from payroll.files.summary_sheet import write_register

__all__ = [
    "one_payslip_html",
    "payslips_html",
    "write_bank_list",
    "write_csv",
    "write_pay_sheet",
    "write_payslips",
    "write_register",
]
