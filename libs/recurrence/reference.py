"""When cron expressions are due, by another way than libs/recurrence: for zoneinfo's own zones, and from the definition.

Prints the corpus and, for each zone, what instants ten years have:

  E <number> <dialect> <gap> <repeat> <expression>     an expression; policies are "-" where they are the default
  Z <zone>                                             the lines that follow are of this zone
  W <from> <to>                                        a stretch around a change of its clock, in Unix seconds
  A <number> <count> <sha256>                          all instants of the ten years, as little-endian int64
  C <number> <count> <sha256>                          those in the stretches only, for expressions with many
"""

import array
import bisect
import calendar
import datetime
import hashlib
import random
import re
import sys
import zoneinfo

UTC = datetime.timezone.utc
FIRST = int(datetime.datetime(2011, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime.datetime(2021, 1, 1, tzinfo=UTC).timestamp())
DAY = 86400
MANY_A_DAY = 6
SHARE = 4  # of the zones each generated expression is tried in

NAMES = {n: i for i, n in enumerate(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])}
MONTHS = {n: i + 1 for i, n in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split())}

BY_HAND = [
    ("vixie", "-", "-", "30 2 * * *"),
    ("vixie", "-", "-", "0 0 * * *"),
    ("vixie", "skip", "both", "15 0,1,2,3 * * *"),
    ("vixie", "after", "last", "45 23,0,1,2,3 * * sun,sat"),
    ("vixie", "-", "-", "*/20 * * * *"),
    ("vixie", "after", "first", "*/30 0-4 * * *"),
    ("quartz", "-", "-", "30 10 2 L * ?"),
    ("spring", "-", "last", "0 59 23 LW * *"),
    ("aws", "-", "-", "0 3 ? * 1#2 *"),
    ("temporal", "-", "-", "0 1-3 13 * 5"),
]


def parts(text, low, high, names, wrap, base=0):
    """The values of a field, and whether it is one that goes round and round."""
    values, round_and_round = set(), False
    value = lambda t: names[t.upper()] + base if t.upper() in names else int(t)
    for part in text.split(","):
        body, _, step = part.partition("/")
        step = int(step or 1)
        if body in "*?":
            first, last = low, high
            round_and_round = True
        elif "-" in body:
            first, last = map(value, body.split("-"))
            round_and_round |= (first, last) == (low, high)
            if last < first:
                last += high - low + 1
        else:
            first = last = value(body)
            if "/" in part:
                last = high
                round_and_round |= first - low < step
        values |= {(v - low) % (high - low + 1) + low if wrap else v for v in range(first, last + 1, step)}
    return values, round_and_round


def due_days(dialect, day, month, weekday, year):
    """All due dates of the years in question, from the definition of each letter."""
    one_based = dialect in ("quartz", "aws")
    base = 1 if one_based else 0
    months, _ = parts(month, 1, 12, MONTHS, True)
    years = None if year == "*" else parts(year, 1970, 2199, {}, False)[0]

    def month_day(date):
        last = calendar.monthrange(date.year, date.month)[1]
        workday = lambda d: datetime.date(date.year, date.month, d).weekday() < 5
        for item in day.split(","):
            item = item.upper()
            if item == "L" and date.day == last:
                return True
            if item.startswith("L-") and date.day == last - int(item[2:]):
                return True
            if item == "LW" and date.day == max(d for d in range(1, last + 1) if workday(d)):
                return True
            if item != "LW" and item.endswith("W"):
                wanted = int(item[:-1])
                near = [d for d in range(1, last + 1) if workday(d)]
                if wanted <= last and date.day == min(near, key=lambda d: (abs(d - wanted), d > wanted)):
                    return True
            if item[0] not in "L" and not item.endswith("W") and date.day in parts(item, 1, 31, {}, False)[0]:
                return True
        return False

    def week_day(date):
        number = date.isoweekday() % 7  # Sunday is 0
        last = calendar.monthrange(date.year, date.month)[1]
        named = lambda t: NAMES[t.upper()] if t.upper() in NAMES else (int(t) - base) % 7
        for item in weekday.split(","):
            if "#" in item:
                which, nth = item.split("#")
                if number == named(which) and (date.day - 1) // 7 + 1 == int(nth):
                    return True
            elif item.upper() == "L":
                if number == 6:
                    return True
            elif item.upper().endswith("L"):
                if number == named(item[:-1]) and date.day + 7 > last:
                    return True
            else:
                values, _ = parts(item, base, 7, NAMES, False, base)
                if (number + base in values) or (not one_based and number == 0 and 7 in values):
                    return True
        return False

    any_day, any_weekday = day[0] in "*?", weekday[0] in "*?"
    for offset in range(-3, (LAST - FIRST) // DAY + 4):
        date = datetime.date(2011, 1, 1) + datetime.timedelta(days=offset)
        if date.month not in months or (years is not None and date.year not in years):
            continue
        if dialect == "vixie" and not any_day and not any_weekday:
            fits = month_day(date) or week_day(date)
        else:
            fits = month_day(date) and week_day(date)
        if fits:
            yield date.toordinal() - datetime.date(1970, 1, 1).toordinal()


class Expression:
    def __init__(self, dialect, gap, repeat, text):
        self.line = f"{dialect} {gap} {repeat} {text}"
        words, second, year = text.split(), "0", "*"
        if dialect in ("quartz", "spring"):
            second, words = words[0], words[1:]
        if len(words) == 6:
            year = words.pop()
        minute, hour, day, month, weekday = words
        seconds, _ = parts(second, 0, 59, {}, True)
        minutes, minutes_round = parts(minute, 0, 59, {}, True)
        hours, hours_round = parts(hour, 0, 23, {}, True)
        times = sorted(h * 3600 + m * 60 + s for h in hours for m in minutes for s in seconds)
        # As Debian's cron(8) does where nothing else is asked for.
        periodic = minutes_round or hours_round
        self.gap = gap if gap != "-" else ("skip" if periodic else "after")
        self.repeat = repeat if repeat != "-" else ("both" if periodic else "first")
        self.many = len(times) > MANY_A_DAY
        self.local = [d * DAY + t for d in due_days(dialect, day, month, weekday, year) for t in times]


def offset_at(zone, instant):
    return int(datetime.datetime.fromtimestamp(instant, zone).utcoffset().total_seconds())


def changes(zone):
    """[(instant, offset before, offset after)] in and around the ten years."""
    found = []
    step = DAY // 2
    before = FIRST - 4 * DAY
    offset = offset_at(zone, before)
    while before < LAST + 4 * DAY:
        after = before + step
        changed = offset_at(zone, after)
        if changed != offset:
            low, high = before, after
            while high - low > 1:
                middle = (low + high) // 2
                if offset_at(zone, middle) == offset:
                    low = middle
                else:
                    high = middle
            found.append((high, offset, changed))
        before, offset = after, changed
    return offset_at(zone, FIRST - 4 * DAY), tuple(found)


def instants(expression, first_offset, history):
    """From the definition: the instants at which the clock of the zone shows a due local time."""

    moments = [at for at, _, _ in history]
    offsets = [first_offset] + [after for _, _, after in history]
    different = set(offsets)

    def shows(instant):
        return instant + offsets[bisect.bisect_right(moments, instant)]

    result = set()
    edges = [FIRST - 4 * DAY] + [at for at, _, _ in history] + [LAST + 4 * DAY]
    local = expression.local
    for i, offset in enumerate(offsets):
        if expression.many:
            break  # only the stretches around changes are looked at
        # Far from changes there is one offset.
        low = bisect.bisect_left(local, edges[i] + offset + 2 * DAY)
        high = bisect.bisect_left(local, edges[i + 1] + offset - 2 * DAY)
        result.update(l - offset for l in local[low:high])
    for at, before, after in history:
        low = bisect.bisect_left(local, at + min(before, after) - 3 * DAY)
        high = bisect.bisect_left(local, at + max(before, after) + 3 * DAY)
        for wanted in local[low:high]:
            shown = sorted({wanted - o for o in different if shows(wanted - o) == wanted})
            if not shown:
                # The clock jumps over it at the change whose gap it lies in.
                gaps = [t for t, b, a in history if t + b <= wanted < t + a]
                if expression.gap == "after":
                    result.update(gaps)
            elif expression.repeat == "both" or len(shown) == 1:
                result.update(shown)
            else:
                result.add(shown[0] if expression.repeat == "first" else shown[-1])
    return sorted(i for i in result if FIRST < i <= LAST)


def generated(count):
    random.seed(20260301)
    pick, number = random.choice, random.randint

    def field(low, high, periodic):
        kind = number(0, 5 if periodic else 3)
        if kind == 0:
            return ",".join(str(v) for v in sorted(random.sample(range(low, high + 1), number(1, 4))))
        if kind == 1:
            first = number(low, high - 1)
            return f"{first}-{number(first, high)}"
        if kind == 4:
            return "*"
        if kind == 5:
            return f"*/{number(2, max(2, (high - low) // 2))}"
        return str(number(low, min(high, 4 if high == 23 else high)))

    for index in range(count):
        dialect = ("vixie", "quartz", "spring", "aws", "temporal")[index % 5]
        periodic = index % 3 == 0
        minute, hour = field(0, 59, periodic), field(0, 23, periodic)
        base = 1 if dialect in ("quartz", "aws") else 0
        day = pick(["*", "*", "*/3", "1", "13", "28-31", "2,16"])
        month = pick(["*", "*", "*", "1-6", "3,4,10,11", "feb"])
        weekday = pick(["*", "*", "mon-fri", "sun", "1,3", "5"])
        if dialect in ("quartz", "spring", "aws"):
            day = pick([day, "L", "L-2", "LW", "15W", "1W", "30W"])
            weekday = pick([weekday, "5L", "2#1", "1#5", "FRIL", "sat#3"])
        if base:
            day, weekday = (day, "?") if index % 2 else ("?", weekday)
        text = f"{minute} {hour} {day} {month} {weekday}"
        if dialect in ("quartz", "spring"):
            text = f"{number(0, 59)} {text}"
        if dialect == "aws":
            text += pick([" *", " 2012-2016", " 2011,2018/2"])
        yield dialect, pick(["-", "skip", "after"]), pick(["-", "first", "last", "both"]), text


def answer(kind, number, found):
    packed = array.array("q", found)
    if sys.byteorder == "big":
        packed.byteswap()
    return f"{kind} {number} {len(found)} {hashlib.sha256(packed.tobytes()).hexdigest()}"


def main():
    # What never comes is refused, not compared.
    corpus = [e for e in (Expression(*e) for e in BY_HAND + list(generated(48))) if e.local]
    out = [f"E {n} {e.line}" for n, e in enumerate(corpus)]
    known = {}
    for index, name in enumerate(sorted(zoneinfo.available_timezones() - {"localtime"})):
        history = changes(zoneinfo.ZoneInfo(name))
        around = [(at - 2 * DAY, at + 2 * DAY) for at, _, _ in history[1] if FIRST < at - 2 * DAY and at + 2 * DAY < LAST]
        out.append(f"Z {name}")
        out += [f"W {a} {b}" for a, b in around]
        for number, expression in enumerate(corpus):
            if number >= len(BY_HAND) and (number + index) % SHARE:
                continue
            line = known.get((number, history))
            if line is None:
                found = instants(expression, *history)
                if expression.many:
                    line = answer("C", number, [i for a, b in around for i in found[bisect.bisect_right(found, a):bisect.bisect_right(found, b)]])
                else:
                    line = answer("A", number, found)
                known[(number, history)] = line
            out.append(line)
    print("\n".join(out))


main()
