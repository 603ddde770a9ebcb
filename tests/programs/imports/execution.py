"""Ways to start code: -c, -m, packages with __main__, namespace packages, zip, runpy, cached files."""
import os
import subprocess
import sys
import tempfile

root = tempfile.mkdtemp()


def put(path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as f:
        f.write(text)
    return full


def run(*args, stdin=None, env=None):
    p = subprocess.run([sys.executable, *args], cwd=root, input=stdin, capture_output=True, text=True, env={**os.environ, **(env or {})})
    error = p.stderr.replace(root, "ROOT").replace(os.path.realpath(sys.executable), "EXE").replace(sys.executable, "EXE")
    return p.returncode, p.stdout.replace(root, "ROOT").strip(), (error.strip().splitlines() or [""])[-1]


put("pkg/__init__.py", "print('init', __name__)\n")
put("pkg/__main__.py", "import sys\nfrom . import helper\nprint('main', __name__, __package__, helper.x, sys.argv[1:], __spec__.name)\n")
put("pkg/helper.py", "x = 1\n")
put("mod.py", "import sys\nprint(__name__, sys.argv[1:], __file__.rsplit('/')[-1], sys.path[0] != '')\nif __name__ == '__main__': sys.exit(4)\n")
put("ns1/space/one.py", "v = 'one'\n")
put("ns2/space/two.py", "v = 'two'\n")
put("bad.py", "x = = 1\n")
put("folder/__main__.py", "print('folder main', __name__)\n")
print(run("-c", "import sys; print(sys.argv, __name__, repr(sys.path[0]))", "a", "-b"))
print(run("-m", "pkg", "arg"))
print(run("-m", "mod", "1", "2"))
print(run("mod.py", "-x"))
print(run("folder"))
print(run("-", "arg", stdin="import sys; print('stdin', sys.argv)"))
print(run(stdin="print('piped')\nprint(1/0)"))
print(run("-m", "pkg.helper"))
print(run("-m", "nope"))
print(run("-m", "pkg.nope"))
print(run("nope.py")[0::2])
print(run("bad.py"))
print(run("-c", "import bad"))
print(run("-c", "import space.one, space.two; print(space.one.v, space.two.v, len(space.__path__), space.__file__, space.__spec__.origin)", env={"PYTHONPATH": f"{root}/ns1:{root}/ns2"}))
print(run("-c", "import runpy; print(runpy.run_path('pkg/helper.py')['x'], sorted(k for k in runpy.run_module('pkg.helper') if k[0] != '_'))"))
print(run("-O", "-c", "assert 0; print(__debug__)"), run("-OO", "-c", "def f(): 'doc'\nprint(f.__doc__)"))
print(run("-W", "error", "-c", "import warnings; warnings.warn('w')"))
print(run("-I", "-c", "import sys; print(sys.flags.isolated, '' in sys.path)"), run("-S", "-c", "import sys; print('site' in sys.modules)"))
print(run("-B", "-c", "import sys; print(sys.dont_write_bytecode)"), run("-q", "-u", "-c", "print('unbuffered')"), run("-X", "dev", "-c", "import sys; print(sys.flags.dev_mode)"))
print(run("-c", "import mod; print(mod.__cached__.rsplit('/')[-1])", env={"PYTHONDONTWRITEBYTECODE": ""}))
print(sorted(os.listdir(os.path.join(root, "__pycache__"))))
os.remove(os.path.join(root, "mod.py"))
print(run("-c", "import mod")[0::2])
print(run("__pycache__/mod.cpython-314.pyc"))
print(run("-z")[0], run("--nope")[0], run("-c")[0])
import shutil

shutil.rmtree(root)
