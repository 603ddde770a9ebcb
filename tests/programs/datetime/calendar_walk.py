"""Days across many years, zones, durations and formats, checked against each other."""
import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone
import time as clock

d, n = date(1899, 12, 28), 0
while d < date(1900, 3, 3):
    if d.day in (28, 29, 1):
        print(d, d.strftime("%a %j"), d.isocalendar()[:], end=" | ")
    d += timedelta(days=1)
print()
for year in (1, 4, 100, 400, 1582, 1900, 1970, 2000, 2024, 2100, 9999):
    first = date(year, 1, 1)
    days = date(year, 12, 31).toordinal() - first.toordinal() + 1
    assert days == 365 + calendar.isleap(year)
    assert first.weekday() == calendar.weekday(year, 1, 1)
    y, w, k = date(year, 6, 15).isocalendar()
    assert date.fromisocalendar(y, w, k) == date(year, 6, 15)
    n += first.toordinal()
print(n)
epoch = datetime(1970, 1, 1, tzinfo=UTC)
for seconds in (-1, 0, 1, 951782400, 2**31, 253402300799, -62135596800, 1700000000.123456):
    t = datetime.fromtimestamp(seconds, UTC)
    assert t == epoch + timedelta(seconds=seconds)
    assert abs(t.timestamp() - seconds) < 1e-5
    assert calendar.timegm(t.utctimetuple()) == int(seconds // 1)
    print(t.isoformat(), clock.strftime("%Y-%m-%dT%H:%M:%S", clock.gmtime(seconds)) if seconds >= 0 else "")
zones = [timezone(timedelta(hours=h, minutes=m)) for h, m in ((0, 0), (5, 45), (-9, -30), (14, 0), (-12, 0))]
moment = datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)
for z in zones:
    there = moment.astimezone(z)
    assert there == moment and hash(there) == hash(moment) and there - moment == timedelta(0)
    assert datetime.fromisoformat(there.isoformat()) == moment
    print(there, there.tzname(), there.strftime("%z"), there.date(), there.timetz())
total = timedelta()
for k in range(1, 200):
    step = timedelta(days=k, seconds=-k * 7919, microseconds=k * k)
    assert step / timedelta(seconds=1) == step.total_seconds()
    assert step == timedelta(days=step.days, seconds=step.seconds, microseconds=step.microseconds)
    total += step
print(total, total / 7, total // timedelta(hours=5), total % timedelta(hours=5), -total, abs(-total) == total)
for fmt, text in (("%Y-%m-%d", "2024-02-29"), ("%d %B %Y", "1 March 2023"), ("%a, %d %b %Y %H:%M:%S %z", "Thu, 29 Feb 2024 01:02:03 -0330"), ("%I:%M %p", "12:30 AM"), ("%j %Y", "366 2024"), ("%G-W%V-%u", "2020-W53-7"), ("%y%m%d", "690101"), ("%H:%M:%S.%f", "01:02:03.5"), ("%Y %U %w", "2024 09 3")):
    t = datetime.strptime(text, fmt)
    print(t, t.strftime(fmt) == text)
print(time(23, 59) < time(23, 59, 1), time.min, time.max, time(12, tzinfo=UTC).utcoffset(), datetime.combine(date.max, time.max), datetime.min.isoformat())
print(calendar.TextCalendar(6).formatmonth(2024, 2))
print(calendar.month_name[2], calendar.day_abbr[0], list(calendar.Calendar().itermonthdays(2024, 2))[:5], calendar.monthcalendar(2023, 10)[0], calendar.leapdays(1900, 2001))
