import io, logging, logging.handlers, sys

out = io.StringIO()
handler = logging.StreamHandler(out)
handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(funcName)s:%(lineno)d:%(message)s"))
log = logging.getLogger("app")
log.addHandler(handler)
log.setLevel(logging.INFO)
log.propagate = False


def work():
    log.debug("hidden")
    log.info("plain %d %s", 1, "two")
    log.warning("map %(a)s", {"a": 5})
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("failed")
    log.getChild("sub").error("child %r", [1])
    log.log(35, "between")
    log.critical("no args %s")


work()
print(out.getvalue().replace(__file__, "FILE"))
print(logging.getLevelName(20), logging.getLevelName("ERROR"), logging.getLevelName(35), log.isEnabledFor(10), log.getEffectiveLevel(), logging.getLogger("app") is log, logging.getLogger("app.sub").parent is log, log.hasHandlers(), repr(log))


class Only(logging.Filter):
    def filter(self, record):
        record.extra = record.msg.upper()
        return "keep" in record.msg


out.truncate(0), out.seek(0)
handler.addFilter(Only())
handler.setFormatter(logging.Formatter("{levelname[0]} {extra} {who}", style="{", defaults={"who": "nobody"}))
log.info("keep this")
log.info("drop this")
log.info("keep me", extra={"who": "me"})
print(out.getvalue())
memory = logging.handlers.MemoryHandler(10, logging.ERROR, target=logging.StreamHandler(sys.stdout))
log.handlers[:] = [memory]
log.info("buffered")
print("not yet")
log.error("flushes")
logging.disable(logging.CRITICAL)
log.critical("disabled")
logging.disable(logging.NOTSET)
adapter = logging.LoggerAdapter(log, {"k": 1})
adapter.process = lambda m, k: (f"<{m}>", k)
adapter.error("adapted")
log.handlers[:] = []
import logging.config
logging.config.dictConfig({"version": 1, "formatters": {"f": {"format": "%(name)s|%(message)s"}}, "handlers": {"h": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "f"}}, "loggers": {"conf": {"handlers": ["h"], "level": "DEBUG"}}})
logging.getLogger("conf").debug("configured")
for call in (lambda: log.setLevel("NOPE"), lambda: log.addFilter, lambda: logging.Formatter("%(x", style="%"), lambda: logging.Formatter("{", style="{"), lambda: logging.getLogger(5)):
    try:
        call()
        print("ok")
    except Exception as e:
        print(type(e).__name__, e)
