"""The build variables that sysconfig reports.

CPython writes this module when it is built; the values that matter are those from which packaging
tools choose wheels and build extension modules. Paths follow the running interpreter, which can
be moved.
"""

import sys as _sys

_prefix = _sys.base_prefix
_exec_prefix = _sys.base_exec_prefix
_multiarch = "x86_64-linux-gnu"
_version = "3.14"
_soabi = "cpython-314-" + _multiarch
_stdlib = f"{_prefix}/lib/python{_version}"
_include = f"{_prefix}/include/python{_version}"

build_time_vars = {
    "ABIFLAGS": "",
    "AR": "ar",
    "ARFLAGS": "rcs",
    "BINDIR": f"{_exec_prefix}/bin",
    "BINLIBDEST": f"{_exec_prefix}/lib/python{_version}",
    "BLDSHARED": "cc -shared",
    "CC": "cc",
    "CCSHARED": "-fPIC",
    "CFLAGS": "-fno-strict-overflow -Wsign-compare -DNDEBUG -O2 -Wall",
    "CONFIG_ARGS": "",
    "CONFINCLUDEDIR": f"{_exec_prefix}/include",
    "CONFINCLUDEPY": f"{_exec_prefix}/include/python{_version}",
    "CXX": "c++",
    "DESTSHARED": f"{_exec_prefix}/lib/python{_version}/lib-dynload",
    "EXE": "",
    "EXENAME": f"{_exec_prefix}/bin/python{_version}",
    "EXT_SUFFIX": f".{_soabi}.so",
    "HAVE_FORK": 1,
    "HAVE_GETHOSTBYNAME_R": 1,
    "HAVE_SOCKETPAIR": 1,
    "INCLDIRSTOMAKE": f"{_prefix}/include {_include}",
    "INCLUDEDIR": f"{_prefix}/include",
    "INCLUDEPY": _include,
    "INSTSONAME": "",
    "LDCXXSHARED": "c++ -shared",
    "LDFLAGS": "",
    "LDLIBRARY": "",
    "LDSHARED": "cc -shared",
    "LDVERSION": _version,
    "LIBDEST": _stdlib,
    "LIBDIR": f"{_exec_prefix}/lib",
    "LIBPL": f"{_stdlib}/config-{_version}-{_multiarch}",
    "LIBPYTHON": "",
    "LIBS": "-ldl -lm",
    "LIBM": "-lm",
    "LINKFORSHARED": "-Xlinker -export-dynamic",
    "MACHDEP": "linux",
    "MULTIARCH": _multiarch,
    "OPT": "-DNDEBUG -O2 -Wall",
    "PLATLIBDIR": "lib",
    "PYTHON": "python",
    "PYTHONFRAMEWORK": "",
    "PYTHONFRAMEWORKPREFIX": "",
    "PY_CFLAGS": "-fno-strict-overflow -Wsign-compare -DNDEBUG -O2 -Wall",
    "PY_LDFLAGS": "",
    "Py_DEBUG": 0,
    "Py_ENABLE_SHARED": 0,
    "Py_GIL_DISABLED": 0,
    "SCRIPTDIR": f"{_prefix}/lib",
    "SHELL": "/bin/sh",
    "SHLIB_SUFFIX": ".so",
    "SIZEOF_DOUBLE": 8,
    "SIZEOF_FLOAT": 4,
    "SIZEOF_INT": 4,
    "SIZEOF_LONG": 8,
    "SIZEOF_LONG_LONG": 8,
    "SIZEOF_OFF_T": 8,
    "SIZEOF_SHORT": 2,
    "SIZEOF_SIZE_T": 8,
    "SIZEOF_TIME_T": 8,
    "SIZEOF_UINTPTR_T": 8,
    "SIZEOF_VOID_P": 8,
    "SIZEOF_WCHAR_T": 4,
    "SO": f".{_soabi}.so",
    "SOABI": _soabi,
    "TZPATH": "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo",
    "VERSION": _version,
    "WITH_DOC_STRINGS": 1,
    "WITH_PYMALLOC": 1,
    "datarootdir": f"{_prefix}/share",
    "exec_prefix": _exec_prefix,
    "prefix": _prefix,
    "srcdir": _stdlib,
}
