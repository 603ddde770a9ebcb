"""Import from the library inside the executable.

The library is seen at a path that starts with the executable's own, where nothing can be on a disk:
``EXECUTABLE/lib/python3.14``.  ``path_hook(root)`` makes a hook for `sys.path_hooks` that accepts the root
and every folder below it.
"""

import _frozen_importlib as _bootstrap
import _frozen_importlib_external as _external
import _library


class EmbeddedLoader:
    """Loads one module of the embedded library (PEP 302, PEP 451)."""

    def __init__(self, fullname, root, inner, is_package):
        self.name = fullname
        self._root = root
        self._inner = inner
        self._is_package = is_package
        self.path = f'{root}/{inner}'

    def __eq__(self, other):
        return self.__class__ == other.__class__ and self.__dict__ == other.__dict__

    def __hash__(self):
        return hash(self.name) ^ hash(self.path)

    def __repr__(self):
        return f'{type(self).__name__}({self.name!r}, {self.path!r})'

    def create_module(self, spec):
        """Leave it to the import system."""

    def exec_module(self, module):
        """Run the module's code in its namespace."""
        code = self.get_code(module.__name__)
        if code is None:
            raise ImportError(f'cannot load module {module.__name__!r}', name=self.name, path=self.path)
        _bootstrap._call_with_frames_removed(exec, code, module.__dict__)

    def load_module(self, fullname):
        """Load by the old protocol."""
        return _bootstrap._load_module_shim(self, fullname)

    def is_package(self, fullname):
        return self._is_package

    def get_filename(self, fullname=None):
        return self.path

    def get_code(self, fullname):
        return _library.code(self._inner, self.path)

    def get_source(self, fullname):
        return _external.decode_source(_library.data(self._inner))

    def get_data(self, path):
        """The bytes of a file of the library, by the path that programs see."""
        prefix = self._root + '/'
        data = _library.data(path[len(prefix):]) if path.startswith(prefix) else None
        if data is None:
            raise OSError(2, 'No such file or directory', path)
        return data

    def get_resource_reader(self, fullname):
        if not self._is_package:
            return None
        from importlib.resources.abc import TraversableResources

        folder = EmbeddedPath(self._root, self._inner.rpartition('/')[0])

        class EmbeddedReader(TraversableResources):
            def files(self):
                return folder

        return EmbeddedReader()


class EmbeddedPath:
    """A file or folder of the embedded library, as `importlib.resources.abc.Traversable` wants it."""

    def __init__(self, root, inner):
        self._root = root
        self._inner = inner

    @property
    def name(self):
        return self._inner.rpartition('/')[2]

    def __str__(self):
        return f'{self._root}/{self._inner}' if self._inner else self._root

    def __repr__(self):
        return f'{type(self).__name__}({str(self)!r})'

    def _child(self, name):
        return type(self)(self._root, f'{self._inner}/{name}' if self._inner else name)

    def iterdir(self):
        names = _library.listdir(self._inner)
        if names is None:
            raise NotADirectoryError(20, 'Not a directory', str(self))
        return (self._child(name) for name in names)

    def is_dir(self):
        return _library.listdir(self._inner) is not None

    def is_file(self):
        return _library.data(self._inner) is not None

    def joinpath(self, *descendants):
        path = self
        for part in '/'.join(map(str, descendants)).split('/'):
            if part and part != '.':
                path = path._child(part)
        return path

    __truediv__ = joinpath

    def read_bytes(self):
        data = _library.data(self._inner)
        if data is None:
            raise FileNotFoundError(2, 'No such file or directory', str(self))
        return data

    def read_text(self, encoding=None, errors=None):
        return self.read_bytes().decode(encoding or 'utf-8', errors or 'strict')

    def open(self, mode='r', *args, **kwargs):
        import io
        stream = io.BytesIO(self.read_bytes())
        return stream if 'b' in mode else io.TextIOWrapper(stream, *args, **kwargs)


class EmbeddedFinder:
    """Finds modules in one folder of the embedded library."""

    def __init__(self, root, inner):
        self._root = root
        self._inner = inner
        self.path = f'{root}/{inner}' if inner else root

    def __repr__(self):
        return f'{type(self).__name__}({self.path!r})'

    def find_spec(self, fullname, target=None):
        tail = fullname.rpartition('.')[2]
        inner = f'{self._inner}/{tail}' if self._inner else tail
        for file, is_package in ((f'{inner}/__init__.py', True), (f'{inner}.py', False)):
            if _library.exists(file):
                break
        else:
            return None
        loader = EmbeddedLoader(fullname, self._root, file, is_package)
        spec = _bootstrap.ModuleSpec(fullname, loader, origin=loader.path, is_package=is_package)
        if is_package:
            spec.submodule_search_locations.append(f'{self._root}/{inner}')
        spec._set_fileattr = True
        return spec

    def invalidate_caches(self):
        """What is inside the executable does not change."""

    def iter_modules(self, prefix=''):
        """Names and kinds of the modules here, for `pkgutil`."""
        for name in _library.listdir(self._inner) or ():
            inner = f'{self._inner}/{name}' if self._inner else name
            if name.endswith('.py'):
                if name != '__init__.py':
                    yield prefix + name[:-3], False
            elif _library.exists(f'{inner}/__init__.py'):
                yield prefix + name, True


def path_hook(root):
    """Make the hook for `sys.path_hooks` that serves *root* and what is below."""

    def path_hook_for_embedded_library(path):
        if path == root:
            return EmbeddedFinder(root, '')
        if isinstance(path, str) and path.startswith(root + '/'):
            inner = path[len(root) + 1:].rstrip('/')
            if _library.listdir(inner) is not None:
                return EmbeddedFinder(root, inner)
        raise ImportError('not in the embedded library', path=path)

    return path_hook_for_embedded_library
