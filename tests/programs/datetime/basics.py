from datetime import *
d, t = date(2024, 2, 29), time(13, 5, 7, 123456)
dt = datetime(2024, 2, 29, 13, 5, 7, 123456)
print(d, t, dt, repr(d), repr(t), repr(dt), d.weekday(), d.isoweekday(), d.isocalendar(), d.toordinal(), date.fromordinal(738945), d.replace(year=2020), d.ctime(), d.timetuple()[:8], date.min, date.max, dt.date(), dt.time(), dt.isoformat(" ", "minutes"), t.isoformat("milliseconds"))
td = timedelta(days=1, hours=25, seconds=-5, microseconds=10)
print(td, repr(td), td.days, td.seconds, td.microseconds, td.total_seconds(), -td, abs(-td), td * 2, td / 2, td // timedelta(hours=1), td % timedelta(hours=1), divmod(td, timedelta(hours=5)), td / timedelta(days=1), timedelta(0.5), timedelta(weeks=1), str(timedelta(days=-1, seconds=1)), timedelta.max, timedelta.resolution, td * 1.5, bool(timedelta()), hash(timedelta(1)) == hash(timedelta(hours=24)))
print(d + timedelta(days=366), dt - timedelta(microseconds=1), date(2024, 3, 1) - d, dt - datetime(2023, 1, 1), d < date(2025, 1, 1), dt == datetime(2024, 2, 29, 13, 5, 7, 123456), datetime.combine(d, t) == dt, max(d, date.min))
utc, est = timezone.utc, timezone(timedelta(hours=-5), "EST"); a = dt.replace(tzinfo=utc)
print(a, a.astimezone(est), a == a.astimezone(est), a.utcoffset(), est, repr(est), a.astimezone(est).tzname(), a.timestamp(), datetime.fromtimestamp(0, utc), datetime.fromtimestamp(1e9, est), a.isoformat(), timezone(timedelta(hours=5, minutes=30)), a.utctimetuple()[:6], hash(a) == hash(a.astimezone(est)), datetime(2024, 1, 1, fold=1).fold)
print(dt.strftime("%Y-%m-%d %H:%M:%S.%f %j %a %A %b %B %p %I %y %U %w %% %G-%V %Z|%z"), a.strftime("%z %Z %:z"), f"{d:%d/%m/%y}", f"{t:%H.%M}", d.strftime("%e"), datetime.strptime("2024-02-29 01:02:03 PM +0130", "%Y-%m-%d %I:%M:%S %p %z"), datetime.strptime("5 Jan 99", "%d %b %y"), date.strptime("1/2/2003", "%d/%m/%Y"))
for s in ("2024-02-29", "20240229", "2024-W09-4", "2024-02-29T13:05", "2024-02-29 13:05:07.1234567Z", "2024-02-29T13:05:07+05:30", "20240229T130507", "2024-02-29T24:00", "2023-02-29", "x", "2024-13-01", "2024-02-29T25:00", ""):
    try: print(s, datetime.fromisoformat(s))
    except ValueError as e: print(s, e)
for call in (lambda: date(2023, 2, 29), lambda: date(0, 1, 1), lambda: time(24), lambda: datetime(2024, 1, 1, 0, 60), lambda: date.max + timedelta(1), lambda: d - dt, lambda: d < dt, lambda: dt < a, lambda: dt == a, lambda: timedelta(days=10**10), lambda: d + 5, lambda: timezone(timedelta(hours=25)), lambda: datetime.strptime("x", "%Y"), lambda: datetime.strptime("2024 extra", "%Y"), lambda: timedelta(1) / 0, lambda: timedelta(1) * "a", lambda: dt - a, lambda: date("x"), lambda: datetime.strptime("1", "%Q"), lambda: date.fromisocalendar(2024, 54, 1), lambda: time.fromisoformat("25:00")):
    try: print(call())
    except Exception as e: print(type(e).__name__, e)
class TZ(tzinfo):
    def utcoffset(self, dt): return timedelta(hours=2)
    def dst(self, dt): return timedelta(hours=1)
    def tzname(self, dt): return "MY"
m = datetime(2024, 1, 1, tzinfo=TZ()); print(m, m.dst(), m.timetuple().tm_isdst, m.astimezone(utc), pickle_ok := __import__("pickle").loads(__import__("pickle").dumps(a)) == a, __import__("copy").deepcopy(td) == td)
from zoneinfo import ZoneInfo
import calendar, time as tm; print(calendar.monthrange(2024, 2), calendar.isleap(1900), calendar.month(2024, 2), calendar.timegm((1970, 1, 2, 0, 0, 0)), tm.strftime("%Y", tm.gmtime(0)), tm.gmtime(86400)[:3], tm.mktime(tm.gmtime(0)), tm.asctime(tm.gmtime(0)), sep="\n")
