"""Where somebody worked on which days: versions of an employee's file cut to a period (R86). Pure Python."""
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Version:
    """A version of an employee's file, in force from ``start`` until the next one."""

    employee_id: int
    start: date
    department_id: int | None
    job_id: int | None
    contract_start: date | None = None
    contract_end: date | None = None
    departure: date | None = None


@dataclass(frozen=True)
class Tenure:
    """Days, both inclusive, on which an employee held one job in one department."""

    employee_id: int
    start: date
    end: date
    department_id: int | None
    job_id: int | None


def tenures(versions, start, end):
    """Return the tenures of employees within a period, in order.

    As in Odoo, the first version also holds for the days before it. Who was not yet hired or had left is not there.

    :param versions: Versions of any employees, :param date start: first day, :param date end: last day
    :return: list of Tenure; days next to each other with the same job and department are one
    """
    found = []
    ordered = sorted(versions, key=lambda version: (version.employee_id, version.start))
    for index, version in enumerate(ordered):
        is_first = index == 0 or ordered[index - 1].employee_id != version.employee_id
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        last = following.start - timedelta(days=1) if following and following.employee_id == version.employee_id else end
        ends = [day for day in (last, version.contract_end, version.departure, end) if day]
        begins = [day for day in (None if is_first else version.start, version.contract_start, start) if day]
        low, high = max(begins), min(ends)
        if low > high:
            continue
        previous = found[-1] if found else None
        if previous and previous.employee_id == version.employee_id and previous.department_id == version.department_id \
                and previous.job_id == version.job_id and previous.end + timedelta(days=1) == low:
            found[-1] = Tenure(version.employee_id, previous.start, high, version.department_id, version.job_id)
        else:
            found.append(Tenure(version.employee_id, low, high, version.department_id, version.job_id))
    return found
