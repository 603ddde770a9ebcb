"""The deterministic profiler that is written in native code: the front of `_lsprof`.

`profile` offers the same calls with a profiler written in Python.
"""

import _lsprof
import importlib.machinery
import io
import marshal
import profile as _pyprofile
import runpy
import sys

__all__ = ["run", "runctx", "Profile"]


def run(statement, filename=None, sort=-1):
    return _pyprofile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    return _pyprofile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


run.__doc__ = _pyprofile.run.__doc__
runctx.__doc__ = _pyprofile.runctx.__doc__


class Profile(_lsprof.Profiler):
    """Profile(timer=None, timeunit=None, subcalls=True, builtins=True)

    Records calls from enable() to disable(), or within a with statement. timer is a callable that
    gives the time (the default is precise and fast), timeunit its unit in seconds where it gives
    integers. subcalls adds the share of each caller, builtins records native functions too.
    """

    def print_stats(self, sort=-1):
        """Print a report, sorted by the key or keys that pstats takes."""
        import pstats

        keys = sort if isinstance(sort, tuple) else (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*keys).print_stats()

    def dump_stats(self, file):
        """Write the statistics to the file with this name, for pstats."""
        self.create_stats()
        with open(file, "wb") as out:
            marshal.dump(self.stats, out)

    def create_stats(self):
        """Stop profiling and set self.stats."""
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        """Set self.stats from what has been recorded: for each function its (primitive calls,
        calls, own time, time with callees, {caller: the same, but calls first})."""
        entries = self.getstats()
        callers = {}
        for entry in entries:
            source = label(entry.code)
            for call in entry.calls or ():
                counts = (
                    call.callcount,
                    call.callcount - call.reccallcount,
                    call.inlinetime,
                    call.totaltime,
                )
                seen = callers.setdefault(label(call.code), {})
                if source in seen:
                    counts = tuple(a + b for a, b in zip(counts, seen[source]))
                seen[source] = counts
        self.stats = {}
        for entry in entries:
            key = label(entry.code)
            counts = (
                entry.callcount - entry.reccallcount,
                entry.callcount,
                entry.inlinetime,
                entry.totaltime,
            )
            if key in self.stats:
                counts = tuple(a + b for a, b in zip(counts, self.stats[key]))
            self.stats[key] = (*counts, callers.get(key, {}))

    def run(self, cmd):
        """Profile the execution of a statement in the namespace of __main__."""
        import __main__

        return self.runctx(cmd, __main__.__dict__, __main__.__dict__)

    def runctx(self, cmd, globals, locals):
        """Profile the execution of a statement in the given namespaces."""
        with self:
            exec(cmd, globals, locals)
        return self

    def runcall(self, func, /, *args, **kw):
        """Profile one call and return its result."""
        with self:
            return func(*args, **kw)

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *exc_info):
        self.disable()


def label(code):
    """The key of a function in the statistics: file name, line number and name."""
    if isinstance(code, str):
        return ("~", 0, code)
    return (code.co_filename, code.co_firstlineno, code.co_name)


def main():
    import os
    import pstats
    from optparse import OptionParser

    parser = OptionParser(
        usage="cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ..."
    )
    parser.allow_interspersed_args = False
    parser.add_option(
        "-o", "--outfile", dest="outfile", default=None, help="Save stats to <outfile>"
    )
    parser.add_option(
        "-s",
        "--sort",
        dest="sort",
        default=2,
        choices=sorted(pstats.Stats.sort_arg_dict_default),
        help="Sort order when printing to stdout, based on pstats.Stats class",
    )
    parser.add_option(
        "-m", dest="module", action="store_true", default=False, help="Profile a library module"
    )
    if not sys.argv[1:]:
        parser.print_usage()
        sys.exit(2)
    options, sys.argv[:] = parser.parse_args()

    if options.outfile is not None:
        # The program can change the working directory.
        options.outfile = os.path.abspath(options.outfile)
    if not sys.argv:
        parser.print_usage()
        return parser
    name = sys.argv[0]
    if options.module:
        code = "run_module(modname, run_name='__main__')"
        namespace = {"run_module": runpy.run_module, "modname": name}
        sys.path.insert(0, os.getcwd())
    else:
        sys.path.insert(0, os.path.dirname(name))
        with io.open_code(name) as file:
            code = compile(file.read(), name, "exec")
        namespace = {
            "__spec__": importlib.machinery.ModuleSpec(name="__main__", loader=None, origin=name),
            "__file__": name,
            "__name__": "__main__",
            "__package__": None,
            "__cached__": None,
        }
    try:
        runctx(code, namespace, None, options.outfile, options.sort)
    except BrokenPipeError as exc:
        # The reader of the output is gone; say nothing more to it.
        sys.stdout = None
        sys.exit(exc.errno)
    return parser


if __name__ == "__main__":
    main()
