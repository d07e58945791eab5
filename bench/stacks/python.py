import functools
import sys
import traceback
# PAD

class OrderFailed(Exception):
    pass


STOCK = {}


def reserve(key):
    return STOCK.get(key).quantity


def release(key):
    return STOCK.get(key).quantity


def connect(key):
    raise ConnectionRefusedError(111, "Connection refused")


def wrapped(inner, key):
    try:
        inner(key)
    except Exception as cause:
        raise OrderFailed(f"could not reserve {key}") from cause


def handled(inner, key):
    try:
        inner(key)
    except Exception:
        raise OrderFailed(f"could not reserve {key}")


def rows(rows):
    raise ValueError("Rows failed: " + ", ".join(map(str, rows)))


def coupon(code):
    raise RuntimeError(f'duplicate key value violates unique constraint "coupon_code_key"\nDETAIL:  Key (code)=({code}) already exists.\n')


def booking(code):
    check = lambda: (_ for _ in ()).throw(LookupError(f"Booking {code} not found"))
    check()


FAILURES = {
    "reserve": lambda key, *_: functools.reduce(lambda _, k: reserve(k), [key], 0),
    "release": lambda key, *_: functools.reduce(lambda _, k: release(k), [key], 0),
    "wrapped connect": lambda key, *_: wrapped(connect, key),
    "wrapped reserve": lambda key, *_: wrapped(reserve, key),
    "handled connect": lambda key, *_: handled(connect, key),
    "rows": lambda key, r, *_: rows(r),
    "coupon": lambda key, r, code, *_: coupon(code),
    "booking": lambda key, r, code, b: booking(b),
}
INPUTS = [("ORD-1", [12, 15, 19], "SPRING", "X7K2PQ"), ("ORD-77", [12], "early (bird)", "QF9ZL1")]
for label, fail in FAILURES.items():
    for each in INPUTS:
        try:
            fail(*each)
        except Exception as error:
            sys.stdout.write("\x1f".join([label, type(error).__name__, str(error), traceback.format_exc()]) + "\x1e")
